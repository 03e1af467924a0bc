import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { languages } from '../../web/language/language.ts'
import { launchBrowser } from '../support/browser.ts'
import { type PageServer, servePages } from '../support/page-server.ts'
import { phoneAgent, type Visit, visit } from '../support/portal-visit.ts'
import { holder, sceneTime } from '../support/scenes.ts'
import { order, orderId } from '../support/scripted-views.ts'

let browser: Browser
let pages: PageServer

beforeAll(async () => {
  ;[browser, pages] = await Promise.all([launchBrowser(), servePages('laika')])
})
afterAll(async () => {
  await browser?.close()
  await pages?.close()
})

const atHome = { script: holder, userAgent: phoneAgent, at: sceneTime }
const quarterly = /保号季包|Keep-number quarterly/

/** Counts what a finger does; the page tells of every press it gets. */
async function countPresses(page: Page): Promise<() => Promise<number>> {
  await page.evaluate(() => {
    const counting = globalThis as unknown as { presses: number }
    counting.presses = 0
    addEventListener('pointerdown', () => counting.presses++, true)
  })
  return () => page.evaluate(() => (globalThis as unknown as { presses: number }).presses)
}

/** Tab by tab to what has that name, as somebody without a mouse does. */
async function tabTo(page: Page, name: string | RegExp): Promise<void> {
  const names: string[] = []
  for (let step = 0; step < 60; step++) {
    await page.keyboard.press('Tab')
    const now = await page.evaluate(() => {
      const element = document.activeElement as HTMLInputElement | null
      if (element === document.body) return 'body'
      const label = element?.labels?.[0]?.textContent ?? ''
      return `${element?.getAttribute('aria-label') ?? ''} ${label} ${element?.textContent ?? ''}`.trim()
    })
    if (typeof name === 'string' ? now.includes(name) : name.test(now)) return
    names.push(now)
  }
  throw new Error(`the keyboard does not reach ${name}: ${names.join(' | ')}`)
}

const cashierOf = ({ page, say }: Visit) => page.getByRole('dialog', { name: say('purchase.cashier.title') })

describe.each(languages)('from home to the cashier in %s', (language) => {
  it('takes two presses for one’s first number and three for another, once the offers are there', async () => {
    for (const [number, most] of [
      [null, 2],
      ['154 0000 8000', 3],
    ] as const) {
      const seen = await visit(browser, pages.origin, { language, ...atHome })
      const { page, say } = seen
      await page.getByRole('radio', { name: quarterly }).waitFor()
      const presses = await countPresses(page)
      if (number !== null) await page.getByRole('button', { name: new RegExp(number) }).click()
      await page.getByRole('radio', { name: quarterly }).click()
      await page.getByRole('button', { name: say('purchase.bar.submit') }).click()
      await cashierOf(seen).waitFor()
      expect(await presses()).toBe(most)
      await seen.end()
    }
  })

  it('needs no mouse, and what is in focus is never hidden', async () => {
    const seen = await visit(browser, pages.origin, { language, ...atHome })
    const { page, say } = seen
    await page.getByRole('radio', { name: quarterly }).waitFor()
    await page.keyboard.press('Tab')
    await expect
      .poll(() => page.evaluate(() => document.activeElement?.getAttribute('href')))
      .toBe('#content')
    await page.keyboard.press('Enter')
    await tabTo(page, say('portal.topUp.number'))
    await tabTo(page, quarterly)
    await page.keyboard.press('Space')
    await expect.poll(() => page.getByRole('radio', { name: quarterly }).isChecked()).toBe(true)
    await tabTo(page, say('purchase.bar.submit'))
    const hidden = await page.evaluate(() => {
      const box = document.activeElement?.getBoundingClientRect()
      const over = box && document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2)
      return !(over && document.activeElement?.contains(over))
    })
    expect(hidden).toBe(false)
    await page.keyboard.press('Enter')
    await cashierOf(seen).waitFor()
    await tabTo(page, /确认支付|^Pay /)
    await page.keyboard.press('Escape')
    await cashierOf(seen).waitFor({ state: 'hidden' })
    await expect
      .poll(() => page.evaluate(() => document.activeElement?.textContent))
      .toContain(say('purchase.bar.submit'))
    await seen.end()
  })

  it('for easy reading nothing is recommended, and the result is read aloud', async () => {
    const credited = order('credited')
    const script = { ...holder, 'GET /v1/top-ups/:id': credited, 'POST /v1/top-ups/:id/returned': null }
    const stored = { reading: 'elder' }
    const seen = await visit(browser, pages.origin, { language, script, stored })
    const { page, say } = seen
    await page.getByRole('radio', { name: quarterly }).waitFor()
    expect(await page.getByText(say('purchase.offers.recommended')).count()).toBe(0)
    await page.addInitScript(() => {
      const heard: string[] = []
      Object.assign(globalThis, { heard })
      speechSynthesis.speak = (words) => void heard.push(`${words.lang}: ${words.text}`)
    })
    await page.goto(`${pages.origin}/orders/${orderId}`)
    await page.getByRole('heading', { name: say('order.story.credited.title') }).waitFor()
    const heard = await page.evaluate(() => (globalThis as unknown as { heard: string[] }).heard)
    expect(heard).toHaveLength(1)
    expect(heard[0]).toContain(`${language}: ${say('order.story.credited.title')}`)
    expect(heard[0]).toContain('2027-08-30')
    // What was made deaf stays so: nobody else gets this page.
    await seen.context.close()
  })
})
