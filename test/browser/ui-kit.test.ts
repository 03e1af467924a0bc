import type { Browser, BrowserContextOptions } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { firstLoad, firstLoadLimit } from '../../tools/first-load.ts'
import { type Language, languages } from '../../web/language/language.ts'
import { launchBrowser } from '../support/browser.ts'
import { type PageServer, servePages } from '../support/page-server.ts'

let browser: Browser
let pages: PageServer

beforeAll(async () => {
  ;[browser, pages] = await Promise.all([launchBrowser(), servePages('laika')])
})
afterAll(async () => {
  await browser?.close()
  await pages?.close()
})

/** Opens a page as a visitor who chose that language before; any error on its console fails the test that opened it. */
async function open(path: string, language: Language, options: BrowserContextOptions = {}) {
  const context = await browser.newContext({
    locale: language,
    timezoneId: 'Asia/Shanghai',
    serviceWorkers: 'block',
    ...options,
  })
  await context.addInitScript((choice) => localStorage.setItem('language', choice), language)
  const page = await context.newPage()
  const errors: string[] = []
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()))
  page.on('pageerror', (error) => errors.push(String(error)))
  await page.goto(pages.origin + path)
  await page.getByRole('heading', { level: 1 }).waitFor()
  return { page, errors, close: () => context.close() }
}

const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }
const desk = { viewport: { width: 1280, height: 800 } }

interface FirstLoadWindow {
  firstLoad: string[]
}

/** Runs in the page before its scripts: notes the scripts and styles fetched by the moment the number field appears. */
function keepFirstLoad(language: Language): void {
  localStorage.setItem('language', language)
  const watch = new MutationObserver(() => {
    if (!document.querySelector('input[type=tel]')) return
    watch.disconnect()
    const names = performance.getEntriesByType('resource').map(({ name }) => new URL(name).pathname.slice(1))
    ;(globalThis as unknown as FirstLoadWindow).firstLoad = names.filter((name) => /\.(js|css)$/.test(name))
  })
  watch.observe(document, { childList: true, subtree: true })
}

describe.each(languages)('in %s', (language) => {
  it('the sheet is a modal dialog, and focus comes back from it', async () => {
    const { page, errors, close } = await open('/ui-kit', language, phone)
    const opener = page.locator('section', { hasText: language === 'en' ? 'Open the sheet' : '打开弹层' })
    await opener.getByRole('button').first().click()
    const dialog = page.getByRole('dialog')
    await dialog.waitFor()
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'hidden' })
    expect(
      await opener
        .getByRole('button')
        .first()
        .evaluate((button) => button === document.activeElement),
    ).toBe(true)
    expect(errors).toEqual([])
    await close()
  })

  it.each([
    ['dark', 1, 2],
    ['elder', 0, 1],
  ] as const)('%s is chosen in the kit as anywhere, and kept', async (name, group, choice) => {
    const { page, close } = await open('/ui-kit', language, phone)
    await page.locator('fieldset').nth(group).getByRole('radio').nth(choice).check()
    await page.reload()
    await page.getByRole('heading', { level: 1 }).waitFor()
    const worn = await page.evaluate(() => ({ ...document.documentElement.dataset }))
    expect(worn).toEqual({ theme: 'light', reading: 'normal', [group === 1 ? 'theme' : 'reading']: name })
    await close()
  })

  it('loads what the manifest says before the number field takes input, and no more than the limit', async () => {
    const context = await browser.newContext({ ...phone, serviceWorkers: 'block' })
    await context.addInitScript(keepFirstLoad, language)
    const page = await context.newPage()
    await page.goto(pages.origin)
    await page.locator('input[type=tel]').fill('15400001234')
    const fetched = await page.evaluate(() => (globalThis as unknown as FirstLoadWindow).firstLoad)
    const expected = firstLoad(pages.dist, language)
    expect([...new Set(fetched)].sort()).toEqual(expected.files.map(({ file }) => file))
    expect(expected.gzipBytes).toBeLessThanOrEqual(firstLoadLimit)
    await context.close()
  })
})

describe('the number field', () => {
  it('groups while typing, takes any pasted form, and clears', async () => {
    const { page, close } = await open('/', 'zh-CN', desk)
    const field = page.locator('input[type=tel]')
    await field.pressSequentially('15400001234')
    expect(await field.inputValue()).toBe('154 0000 1234')
    for (let i = 0; i < 5; i++) await page.keyboard.press('ArrowLeft')
    await page.keyboard.press('Backspace')
    expect(await field.inputValue()).toBe('154 0001 234')
    await page.keyboard.type('0')
    expect(await field.inputValue()).toBe('154 0000 1234')
    await field.fill('+86 154-0000-5678')
    expect(await field.inputValue()).toBe('154 0000 5678')
    await page.getByRole('button', { name: '清空' }).click()
    expect(await field.inputValue()).toBe('')
    expect(await field.evaluate((element) => element === document.activeElement)).toBe(true)
    await close()
  })
})

describe('the language', () => {
  it('follows the brand first, then the person, and the other one is fetched only then', async () => {
    const context = await browser.newContext({ ...desk, locale: 'en-GB', serviceWorkers: 'block' })
    const page = await context.newPage()
    await page.goto(pages.origin)
    await page.getByRole('heading', { level: 1, name: '话费充值' }).waitFor()
    await page.getByRole('button', { name: 'English' }).click()
    await page.getByRole('heading', { level: 1, name: 'Top up' }).waitFor()
    expect(await page.getAttribute('html', 'lang')).toBe('en')
    await page.reload()
    await page.getByRole('heading', { level: 1, name: 'Top up' }).waitFor()
    await context.close()
  })
})
