import type { Browser, BrowserContextOptions } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { listen } from '../../server/platform/http.ts'
import { apiHouse } from '../support/api-house.ts'
import { launchBrowser, screenshot } from '../support/browser.ts'
import { pageFaults, shapeOf } from '../support/page-faults.ts'

const { house, portBrands } = await apiHouse()
const { addresses, close } = await listen(await house.http(), '127.0.0.1', [0])
const origin = addresses[0] as string
portBrands.set(Number.parseInt(new URL(origin).port, 10), 'laika')

let browser: Browser
beforeAll(async () => {
  browser = await launchBrowser()
})
afterAll(async () => {
  await browser?.close()
  await close()
})

/** Any error on its console, a refused script or style too, fails the test that opened it. */
async function open(path: string, options: BrowserContextOptions = {}) {
  const context = await browser.newContext({ locale: 'zh-CN', serviceWorkers: 'block', ...options })
  const page = await context.newPage()
  const errors: string[] = []
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()))
  page.on('pageerror', (error) => errors.push(String(error)))
  await page.goto(origin + path)
  await page.getByRole('heading', { level: 1 }).waitFor()
  return { page, errors, context }
}

const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }
const desk = { viewport: { width: 1280, height: 800 } }

describe.each([
  ['the API', '/docs/api', 'reference-api'],
  ['an operation', '/docs/api/sellTopUp', 'reference-operation'],
  ['an answer with lists', '/docs/api/listOffers', 'reference-answer'],
  ['the problems', '/problems', 'reference-problems'],
  ['a problem', '/problems/float-low', 'reference-problem'],
  ['a search without a find', '/problems?q=zzz', 'reference-none'],
])('%s', (_, path, name) => {
  it.each(['zh-CN', 'en'] as const)(
    'is without faults in %s, on phone and desk, and in the dark',
    async (locale) => {
      const { page, errors, context } = await open(path, { locale, ...phone })
      const views = [
        ['phone', 390, 'light'],
        ['desk', 1280, 'light'],
        ['dark', 1280, 'dark'],
      ] as const
      let lookedAt: string | undefined
      for (const [view, width, colorScheme] of views) {
        await page.emulateMedia({ colorScheme })
        await page.setViewportSize({ width, height: 844 })
        expect(await pageFaults(page, 44, lookedAt), view).toEqual([])
        lookedAt = await shapeOf(page)
        await screenshot(page, `${name}-${locale}-${view}`)
      }
      expect(errors).toEqual([])
      await context.close()
    },
  )
})

describe('the list beside a page', () => {
  it('narrows while one types and says when nothing is left', async () => {
    const { page, context } = await open('/docs/api', desk)
    const list = page.getByRole('complementary').getByRole('link')
    const whole = await list.count()
    await page.getByRole('searchbox').fill('float-low')
    await expect.poll(() => list.count()).toBe(1)
    await page.getByRole('searchbox').fill('zzz')
    await expect.poll(() => page.getByRole('status').textContent()).toMatch(/没有找到/)
    await page.getByRole('searchbox').fill('')
    await expect.poll(() => list.count()).toBe(whole)
    await context.close()
  })

  it('is folded away on a phone until it is asked for', async () => {
    const { page, context } = await open('/docs/api', phone)
    const first = page.getByRole('complementary').getByRole('link').first()
    expect(await first.isVisible()).toBe(false)
    await page.locator('.contents > summary').click()
    await expect.poll(() => first.isVisible()).toBe(true)
    await context.close()
  })

  it('is searched by the server where scripts are off', async () => {
    const { page, context } = await open('/docs/api', { ...desk, javaScriptEnabled: false, locale: 'en' })
    await page.getByRole('searchbox').fill('receipt')
    await page.getByRole('button', { name: 'Search' }).click()
    await expect.poll(() => page.getByRole('complementary').getByRole('link').count()).toBeGreaterThan(0)
    expect(new URL(page.url()).searchParams.get('q')).toBe('receipt')
    expect(await page.getByRole('complementary').getByRole('link').allTextContents()).toContain(
      'Read the receipt of a credited order',
    )
    await context.close()
  })
})

it('by keyboard: to the content, past the bar', async () => {
  const { page, context } = await open('/docs/api/sellTopUp', desk)
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  expect(await page.evaluate(() => document.activeElement?.id)).toBe('content')
  await context.close()
})

it('an example is copied whole', async () => {
  const { page, context } = await open('/docs/api/sellTopUp', {
    ...desk,
    permissions: ['clipboard-read', 'clipboard-write'],
  })
  await page.getByRole('button', { name: '复制' }).click()
  await page.getByRole('button', { name: '已复制' }).waitFor()
  const copied = await page.evaluate(() => navigator.clipboard.readText())
  expect(copied).toContain(`curl -sS -X POST '${origin}/v1/agent/top-ups'`)
  await context.close()
})

it('the other language is one press away, and stays', async () => {
  const { page, context } = await open('/problems/float-low', desk)
  await page.getByRole('link', { name: 'English' }).click()
  await page.getByText('What to do').waitFor()
  await page.getByRole('link', { name: 'Problems', exact: true }).first().click()
  await expect.poll(() => page.getByRole('heading', { level: 1 }).textContent()).toBe('Problems')
  await context.close()
})
