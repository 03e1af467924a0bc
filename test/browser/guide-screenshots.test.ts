import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { buildWeb } from '../../tools/build-web.ts'
import type { Language } from '../../web/language/language.ts'
import { launchBrowser } from '../support/browser.ts'
import { type WholeHouse, wholeHouse } from '../support/house.ts'
import { phoneAgent } from '../support/portal-visit.ts'

/**
 * Walks what the documents tell a stranger to do, by the very words that they quote: what is **bold** in a step is found on
 * the page and used, what is `code` is opened or typed. With UPDATE_GUIDE=1 the guide's pictures are taken anew.
 */
const root = join(import.meta.dirname, '../..')
const update = process.env.UPDATE_GUIDE === '1'
const phone = { userAgent: phoneAgent, viewport: { width: 390, height: 780 }, hasTouch: true, isMobile: true }
const desk = { viewport: { width: 1280, height: 800 } }

let browser: Browser
let world: WholeHouse
beforeAll(async () => {
  await buildWeb()
  ;[browser, world] = await Promise.all([launchBrowser(), wholeHouse()])
})
afterAll(async () => {
  await browser?.close()
  await world?.proved()
  await world?.stop()
})

interface Step {
  readonly quotes: readonly string[]
  readonly codes: readonly string[]
}

/** A document's steps: its numbered headings, or the items of its numbered list with their indented lines. */
function stepsOf(text: string): readonly Step[] {
  const headed = text.split(/^(?=## )/m).filter((section) => /^## \d+\. /.test(section))
  const listed = [...text.matchAll(/^\d+\. .*(?:\n+ {3}.*)*/gm)].map(([item]) => item)
  const all = (step: string, mark: RegExp) => [...step.matchAll(mark)].map(([, words = '']) => words)
  return (headed.length > 0 ? headed : listed)
    .map((step) => step.replace(/\s+/g, ' '))
    .map((step) => ({ quotes: all(step, /\*\*([^*]+)\*\*/g), codes: all(step, /`([^`]+)`/g) }))
}

/** The demo's addresses are those of a machine where nothing else runs; here the same places have other ports. */
function here(address: string): string {
  const { laika, harbour } = world.origins
  const places: Record<string, string> = {
    'http://127.0.0.1:3000': laika,
    'http://127.0.0.1:3001': harbour,
    'http://127.0.0.1:4000': world.sandbox.addresses.home,
  }
  const { origin } = new URL(address)
  const place = places[origin]
  if (place === undefined) throw new Error(`${origin} is no address of the demo`)
  return address.replace(origin, place)
}

interface Walk {
  readonly page: Page
  /** Another tab, where the handset is looked at. */
  readonly handset: Page
  /** The next word that the step quotes, and the next that it writes as code. */
  quote(): string
  code(): string
  next(): void
  picture(name: string, page?: Page): Promise<void>
  done(): void
}

async function begin(
  language: Language,
  text: string,
  options: BrowserContextOptions,
  pictures: string | null,
): Promise<Walk> {
  // Where the brand of that language is: its pages then need not say whose time they tell.
  const timezoneId = language === 'en' ? 'Europe/London' : 'Asia/Shanghai'
  const context = await browser.newContext({ ...options, locale: language, timezoneId })
  await context.addInitScript((choice) => localStorage.setItem('language', choice), language)
  const steps = stepsOf(text)
  let [at, quoted, coded] = [0, 0, 0]
  const finished = () => {
    const { quotes = [], codes = [] } = steps[at] ?? {}
    expect({ step: at + 1, quotes: quotes.slice(quoted), codes: codes.slice(coded) }).toEqual({
      ...{ step: at + 1, quotes: [], codes: [] },
    })
  }
  const [page, handset] = [await context.newPage(), await context.newPage()]
  const taken = (words: string | undefined) => {
    if (words === undefined) throw new Error(`step ${at + 1} quotes less than it takes`)
    return words
  }
  return {
    ...{ page, handset },
    quote: () => taken(steps[at]?.quotes[quoted++]),
    code: () => taken(steps[at]?.codes[coded++]),
    next() {
      finished()
      ;[at, quoted, coded] = [at + 1, 0, 0]
    },
    async picture(name, of = page) {
      if (!update || pictures === null) return
      mkdirSync(pictures, { recursive: true })
      await of.bringToFront()
      await of.screenshot({ path: join(pictures, `${name}.png`), animations: 'disabled' })
    },
    done() {
      finished()
      expect(at + 1).toBe(steps.length)
    },
  }
}

/** Opens another page of the sandbox and reads the newest code there. */
async function codeOn({ handset }: Walk, address: string): Promise<string> {
  await handset.goto(here(address))
  const newest = handset.getByTestId('message-text').first()
  const arrived = async () => {
    await handset.reload()
    return await newest.count()
  }
  await expect.poll(arrived, { timeout: 20_000 }).toBe(1)
  return /\d{6}/.exec(await newest.innerText())?.[0] ?? ''
}

const button = ({ page, quote }: Walk) => page.getByRole('button', { name: quote() }).last().click()

/** The order's page: told, and every step of the progress that the document names. */
async function told({ page, quote }: Walk, steps: number): Promise<void> {
  await page.getByRole('heading', { name: quote() }).waitFor()
  for (let i = 0; i < steps; i++) {
    const step = page.getByRole('listitem').filter({ hasText: quote() })
    await step.getByRole('time').waitFor({ timeout: 30_000 })
  }
}

const guides = {
  'zh-CN': 'docs/zh-CN/guides/first-top-up.md',
  en: 'docs/guides/first-top-up.md',
} as const satisfies Record<Language, string>

it.each(['zh-CN', 'en'] as const)('the guide to a first top-up in %s leads to one', async (language) => {
  const pictures = join(root, 'docs/guides/pictures', language)
  const walk = await begin(language, readFileSync(join(root, guides[language]), 'utf8'), phone, pictures)
  const { page, handset, quote, code, next, picture } = walk
  await page.goto(here(code()))
  await page.getByLabel(quote()).fill(code())
  await button(walk)
  next()
  const digits = await codeOn(walk, code())
  await picture('2-handset', handset)
  await page.getByLabel(quote(), { exact: true }).fill(digits)
  await picture('1-register')
  await page.getByRole('checkbox', { name: quote() }).check()
  await button(walk)
  next()
  await page.getByRole('heading', { level: 1, name: quote() }).waitFor()
  for (let i = 0; i < 2; i++) await page.getByText(quote()).first().waitFor()
  await picture('3-numbers')
  await page.getByRole('main').getByRole('link', { name: quote() }).first().click()
  next()
  await page.getByRole('radio', { name: quote(), exact: true }).check()
  await page.getByRole('radio', { name: quote() }).check()
  await page.getByText(quote()).last().waitFor()
  await picture('4-choose')
  await button(walk)
  next()
  const pay = page.getByRole('button', { name: quote() })
  await pay.waitFor()
  await picture('5-cashier')
  await pay.click()
  const confirm = page.getByTestId('wallet-confirm')
  await confirm.getByText(quote()).waitFor()
  await picture('6-wallet')
  await confirm.click()
  next()
  await told(walk, 3)
  await picture('7-result')
  await page.getByRole('link', { name: quote() }).click()
  await page
    .getByText(new RegExp(`^${code()}`))
    .first()
    .waitFor()
  await picture('8-receipt')
  walk.done()
  await page.context().close()
})

it('the README leads a stranger to a completed top-up', async () => {
  const walk = await begin('en', readFileSync(join(root, 'README.md'), 'utf8'), desk, null)
  const { page, quote, code, next } = walk
  await page.goto(here(code()))
  const number = code()
  await page.getByLabel(quote(), { exact: true }).fill(number)
  await page.getByLabel(quote()).fill(number)
  next()
  await page.getByRole('radio', { name: quote(), exact: true }).check()
  await page.getByRole('radio', { name: quote() }).check()
  await button(walk)
  next()
  await page.getByLabel(quote()).fill(code())
  await button(walk)
  const digits = await codeOn(walk, code())
  await page.getByLabel(quote(), { exact: true }).fill(digits)
  next()
  // The same way in another currency comes after it.
  await page.getByRole('radio', { name: quote() }).first().check()
  await button(walk)
  await page.getByTestId('wallet-confirm').getByText(quote()).click()
  next()
  await told(walk, 0)
  walk.done()
  await page.context().close()
})
