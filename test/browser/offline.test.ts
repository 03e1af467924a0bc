import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Language, languages } from '../../web/language/language.ts'
import { launchBrowser } from '../support/browser.ts'
import { type PageServer, servePages } from '../support/page-server.ts'
import { look, textAt } from '../support/portal-visit.ts'
import { priceTable } from '../support/scripted-views.ts'

let browser: Browser
let pages: PageServer
/** A brand that has no price table yet. */
let unpriced: PageServer

beforeAll(async () => {
  ;[browser, pages] = await Promise.all([
    launchBrowser(),
    servePages('laika', { '/v1/price-table': priceTable() }),
  ])
  unpriced = await servePages('laika')
})
afterAll(async () => {
  await browser?.close()
  await Promise.all([pages?.close(), unpriced?.close()])
})

/** A visit whose pages are kept by the worker, as after the first one. */
async function keptVisit(
  language: Language,
  origin = pages.origin,
): Promise<{ context: BrowserContext; page: Page }> {
  const context = await browser.newContext({ locale: language, viewport: { width: 390, height: 844 } })
  await context.addInitScript((choice) => localStorage.setItem('language', choice), language)
  const page = await context.newPage()
  await page.goto(origin)
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined))
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null)
  return { context, page }
}

describe.each(languages)('without a network, in %s', (language) => {
  const say = (path: string) => textAt(language, path)

  it('home shows the prices of the last visit, says what must wait, and goes on once there is one', async () => {
    const { context, page } = await keptVisit(language)
    await context.setOffline(true)
    await page.reload()
    await page.getByText(say('portal.offline.banner')).waitFor()
    await page.getByRole('heading', { name: say('purchase.kept.title') }).waitFor()
    const list = page.locator('section', {
      has: page.getByRole('heading', { name: say('purchase.kept.table') }),
    })
    await expect.poll(() => list.getByRole('listitem').count()).toBe(11)
    expect(await list.innerText()).toContain('2026-11-22')
    expect(await list.innerText()).toContain(language === 'zh-CN' ? '¥49.80' : 'CNY\u00a049.80')
    expect(await list.getByRole('radio').count()).toBe(0)
    await look({ page, errors: [] }, 'offline-home')
    await page.getByLabel(say('portal.topUp.number'), { exact: true }).fill('15400001234')
    await page.getByText(say('portal.topUp.notRead')).waitFor()
    await look({ page, errors: [] }, 'offline-number')
    await context.setOffline(false)
    await page.getByText(say('portal.offline.banner')).waitFor({ state: 'hidden' })
    await list.waitFor({ state: 'detached' })
    await context.close()
  })

  it('home without prices kept says so', async () => {
    const { context, page } = await keptVisit(language, unpriced.origin)
    await context.setOffline(true)
    await page.reload()
    await page.getByText(say('purchase.kept.none')).waitFor()
    await look({ page, errors: [] }, 'offline-no-prices')
    await context.close()
  })

  it('any other page says so, with a way to try again', async () => {
    const { context, page } = await keptVisit(language)
    await context.setOffline(true)
    await page.goto(`${pages.origin}/orders`)
    await page.getByText(say('portal.offline.title'), { exact: true }).waitFor()
    await look({ page, errors: [] }, 'offline-orders')
    await context.close()
  })
})

describe('the app on a device', () => {
  it('has a manifest that a phone accepts, and keeps nothing of a session', async () => {
    const { context, page } = await keptVisit('zh-CN')
    const session = await context.newCDPSession(page)
    const { errors, manifest } = await session.send('Page.getAppManifest')
    expect(errors).toEqual([])
    expect(manifest).toMatchObject({
      name: '莱卡保号卡（演示）',
      display: expect.stringMatching(/standalone/i),
    })
    const kept = await page.evaluate(async () => {
      const names = await caches.keys()
      const found = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()))
      return found.flat().map(({ url }) => new URL(url).pathname)
    })
    expect(kept.filter((path) => !path.startsWith('/assets/')).toSorted()).toEqual([
      '/',
      '/v1/brand',
      '/v1/price-table',
    ])
    expect(kept.length).toBeGreaterThan(20)
    await context.close()
  })

  it('offers a newer release, and takes it when the person likes', async () => {
    const { context, page } = await keptVisit('zh-CN')
    pages.releaseAgain()
    await page.reload()
    const take = page.getByRole('button', { name: textAt('zh-CN', 'portal.update.now') })
    await take.waitFor()
    await look({ page, errors: [] }, 'update-ready')
    await page.getByLabel(textAt('zh-CN', 'portal.topUp.number')).fill('154')
    await take.click()
    await page.waitForFunction(
      () => document.querySelector<HTMLInputElement>('input[type=tel]')?.value === '',
    )
    await page.getByText(textAt('zh-CN', 'portal.update.ready')).waitFor({ state: 'hidden' })
    await context.close()
  })
})
