import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { LineView } from '../../contract/line.ts'
import { buildWeb } from '../../tools/build-web.ts'
import { type Language, languages } from '../../web/language/language.ts'
import { axeCheck, launchBrowser, screenshot } from '../support/browser.ts'
import { type BrandKey, type WholeHouse, wholeHouse } from '../support/house.ts'
import { phoneAgent, textAt } from '../support/portal-visit.ts'

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

let nextLine = 12
/** A number in service of the demo, as people dial it; each test takes its own. */
function freshNumber(brand: BrandKey): string {
  // Those well in service: a barred one would be restored too, sooner or later.
  while (![0, 1, 2, 10, 11].includes(nextLine % 12) || nextLine % 40 === 0 || nextLine % 23 === 0) nextLine++
  const line = nextLine++
  return brand === 'laika' ? `1540000${1000 + line}` : `077009000${line}`
}

/** Somebody with a phone 390 px wide, at the pages of a brand. */
interface Visitor {
  readonly context: BrowserContext
  readonly page: Page
  readonly language: Language
  say(path: string): string
}

const phone = { userAgent: phoneAgent, viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }
const desk = { viewport: { width: 1280, height: 800 } }

async function visitor(
  language: Language,
  { brand = 'laika', device = phone }: { brand?: BrandKey; device?: BrowserContextOptions } = {},
): Promise<Visitor> {
  const context = await browser.newContext({
    ...device,
    baseURL: world.origins[brand],
    locale: language,
    timezoneId: 'Asia/Shanghai',
  })
  await context.addInitScript((choice) => localStorage.setItem('language', choice), language)
  return { context, page: await context.newPage(), language, say: (path) => textAt(language, path) }
}

/** What is on a handset, newest first. */
async function smsTexts(number: string): Promise<readonly string[]> {
  const msisdn = number.startsWith('0') ? `44${number.slice(1)}` : `86${number}`
  return (await world.sms(msisdn)).map(({ text }) => text)
}

/** Asks for a code on the page and reads it off the handset. */
async function codeFor({ page, say }: Visitor, number: string): Promise<string> {
  const before = (await smsTexts(number)).length
  await page.getByRole('button', { name: say('portal.code.send') }).click()
  await expect.poll(async () => (await smsTexts(number)).length, { timeout: 20_000 }).toBe(before + 1)
  const [newest = ''] = await smsTexts(number)
  return /\d{6}/.exec(newest)?.[0] ?? ''
}

async function register(who: Visitor, number: string): Promise<void> {
  const { page, say } = who
  await page.goto('/register')
  await page.getByLabel(say('portal.topUp.number')).fill(number)
  const code = await codeFor(who, number)
  await page.getByLabel(say('portal.code.label'), { exact: true }).fill(code)
  await page.getByRole('checkbox').check()
  await page.getByRole('button', { name: say('account.register.submit'), exact: true }).click()
  await page.getByRole('heading', { level: 1, name: say('account.numbers.title') }).waitFor()
}

const quarterly = /保号季包|Keep-number quarterly/

async function chooseQuarterly({ page, say }: Visitor): Promise<void> {
  await page.getByRole('radio', { name: say('state.term.quarter'), exact: true }).check()
  await page.getByRole('radio', { name: quarterly }).check()
}

async function chooseAmount({ page, say }: Visitor, amount: string): Promise<void> {
  await page.getByRole('radio', { name: say('purchase.offers.amount'), exact: true }).check()
  await page.getByRole('radio', { name: say('purchase.offers.custom') }).check()
  await page.getByRole('textbox', { name: say('purchase.offers.customLabel') }).fill(amount)
}

const topUpNow = ({ page, say }: Visitor) =>
  page.getByRole('button', { name: say('purchase.bar.submit') }).click()

const pay = /确认支付|^Pay /

/** From the cashier through the wallet, back to the order. */
async function payInWallet({ page, say }: Visitor, act: 'confirm' | 'refuse' = 'confirm'): Promise<void> {
  await page.getByRole('button', { name: pay }).click()
  await page.getByTestId(`wallet-${act}`).click()
  await page.waitForURL(/\/orders\/[0-9A-Z]{26}\?returned=1/)
  await page.getByRole('heading', { level: 1, name: say('order.order.title') }).waitFor()
}

/** The result: credited, each step with its time, the confirmation text out. */
async function seeResult({ page, say, language }: Visitor, name: string): Promise<void> {
  await page.getByRole('heading', { name: say('order.story.credited.title'), exact: true }).waitFor()
  const steps = page.getByRole('list', { name: say('order.order.progress') }).getByRole('listitem')
  await expect.poll(() => steps.getByRole('time').count(), { timeout: 30_000 }).toBe(3)
  for (const [at, step] of ['paid', 'credited', 'notified'].entries()) {
    expect(await steps.nth(at).textContent()).toContain(say(`state.step.${step}`))
    expect(await steps.nth(at).textContent()).toMatch(/\d\d:\d\d:\d\d/)
  }
  await screenshot(page, `way-${name}-${language}-390`)
  expect(await axeCheck(page)).toEqual([])
}

/** What the house says of the line, asked with the page's own session. */
async function lineOf({ page }: Visitor, number: string): Promise<LineView> {
  return (await page.request.get(`/v1/lines/${number}`)).json()
}

const minor = ({ balance }: LineView) => BigInt(balance.amountMinor)

describe.each(languages)('the way of one top-up in %s', (language) => {
  it('as a new account holder: registers, buys a quarter, then tops up an amount', async () => {
    const number = freshNumber('laika')
    const who = await visitor(language)
    const { page, say } = who
    await register(who, number)
    const before = await lineOf(who, number)
    await page
      .getByRole('main')
      .getByRole('link', { name: say('account.numbers.topUp') })
      .click()

    await chooseQuarterly(who)
    const promised = (await page.locator('.sticky time').last().textContent()) ?? ''
    expect(promised > (before.keptUntil?.lastSafeDay ?? '')).toBe(true)
    await topUpNow(who)
    await payInWallet(who)
    await seeResult(who, 'holder-quarter')
    await page.getByText(say('order.story.credited.kept').replace('{{date}}', promised)).first().waitFor()
    const kept = await lineOf(who, number)
    expect(kept.keptUntil?.lastSafeDay).toBe(promised)
    expect(minor(kept)).toBe(minor(before))

    await page.getByRole('link', { name: say('order.order.receipt') }).click()
    await page.getByText(/^LK-/).first().waitFor()
    await page.getByRole('link', { name: say('order.receipt.back') }).click()
    await page.getByRole('link', { name: say('order.order.again') }).click()
    await chooseAmount(who, '66')
    await topUpNow(who)
    await payInWallet(who)
    await seeResult(who, 'holder-amount')
    const after = await lineOf(who, number)
    expect(minor(after) - minor(before)).toBe(6600n)
    expect((after.keptUntil?.lastSafeDay ?? '') >= promised).toBe(true)

    await page.goto(`${world.sandbox.addresses.home}/handset/86${number}`)
    const [newest = ''] = await page.getByTestId('message-text').allInnerTexts()
    expect(newest).toContain('66.00')
    expect(newest).toContain(after.keptUntil?.lastSafeDay)
    await who.context.close()
  })

  it('as a guest, for another’s number: proves a phone once, buys a quarter and an amount', async () => {
    const brand = language === 'en' ? 'harbour' : 'laika'
    const [number, payer] = [freshNumber(brand), brand === 'laika' ? '13800138000' : '07700900999']
    const who = await visitor(language, { brand })
    const { page, say } = who
    await page.goto('/')
    await page.getByLabel(say('portal.topUp.number'), { exact: true }).fill(number)
    await page.getByText(say('portal.topUp.possible')).waitFor()
    await page.getByLabel(say('portal.topUp.numberAgain')).fill(number)
    await chooseQuarterly(who)
    await topUpNow(who)
    await page.getByLabel(say('purchase.proof.phone')).fill(payer)
    const code = await codeFor(who, payer)
    await page.getByLabel(say('portal.code.label'), { exact: true }).fill(code)
    await payInWallet(who)
    await seeResult(who, 'guest-quarter')
    await page.getByText(say('order.join.title')).waitFor()
    await page
      .getByText(`****${number.slice(-4)}`)
      .first()
      .waitFor()

    // The number is known here now: neither typed twice nor proved again.
    await page.getByRole('link', { name: say('order.order.again') }).click()
    await chooseAmount(who, '30')
    expect(await page.getByLabel(say('portal.topUp.numberAgain')).count()).toBe(0)
    await topUpNow(who)
    await payInWallet(who)
    await seeResult(who, 'guest-amount')
    expect((await smsTexts(payer)).length).toBe(3)
    await who.context.close()
  })
})

it('a wallet that was left without paying: nobody says failed, and the same order is paid after all', async () => {
  const number = freshNumber('laika')
  const who = await visitor('zh-CN')
  const { page, say } = who
  await register(who, number)
  await page.goto('/')
  await chooseQuarterly(who)
  await topUpNow(who)
  await payInWallet(who, 'refuse')
  await page.getByRole('heading', { name: say('order.story.checking.title') }).waitFor()
  const address = new URL(page.url()).pathname
  await page.getByRole('button', { name: say('order.back.trouble') }).click()
  await page.getByRole('button', { name: say('order.back.resume') }).click()
  await payInWallet(who)
  expect(new URL(page.url()).pathname).toBe(address)
  await seeResult(who, 'paid-after-all')
  await who.context.close()
})

it('an order left at the wallet is cancelled, and the wallet takes nothing for it any more', async () => {
  const number = freshNumber('laika')
  const who = await visitor('zh-CN')
  const { page, say } = who
  await register(who, number)
  await page.goto('/')
  await chooseQuarterly(who)
  await topUpNow(who)
  await page.getByRole('button', { name: pay }).click()
  await page.getByTestId('wallet-confirm').waitFor()
  const wallet = page.url()
  await page.goBack()
  await page.getByRole('button', { name: say('order.cancel.open'), exact: true }).click()
  await page.getByRole('button', { name: say('order.cancel.confirm') }).click()
  await page.getByRole('heading', { name: say('order.story.cancelled.title'), exact: true }).waitFor()
  await screenshot(page, 'way-cancelled-zh-CN-390')
  await page.goto(wallet)
  expect(await page.getByTestId('wallet-confirm').count()).toBe(0)
  await who.context.close()
})

it('at a desk: the code is scanned by a phone, and the page moves on by itself', async () => {
  const number = freshNumber('laika')
  const who = await visitor('zh-CN', { device: desk })
  const { context, page } = who
  await register(who, number)
  await page.goto('/')
  await chooseQuarterly(who)
  await topUpNow(who)
  const starting = page.waitForResponse(/\/payments$/)
  await page.getByRole('button', { name: pay }).click()
  const { qr } = await (await starting).json()
  await page.getByRole('img', { name: /扫一扫|^Scan with/ }).waitFor()
  const scanner = await context.newPage()
  await scanner.goto(qr)
  await scanner.getByTestId('wallet-confirm').click()
  await page.waitForURL(/\/orders\//)
  await seeResult(who, 'scanned')
  await context.close()
})

it('the result is told by the house: asked for once, then followed to its text message', async () => {
  // Barred since ten days: the page follows until the number serves again, however quickly it is credited.
  const number = '15400001031'
  const who = await visitor('zh-CN')
  const { page } = who
  await register(who, number)
  await page.goto('/')
  await chooseQuarterly(who)
  await topUpNow(who)
  await page.getByRole('button', { name: pay }).click()
  await page.getByTestId('wallet-confirm').waitFor()
  const asked: string[] = []
  page.on('request', (request) => {
    if (/\/v1\/top-ups\/[0-9A-Z]{26}(\/events)?$/.test(request.url())) asked.push(request.url())
  })
  await page.getByTestId('wallet-confirm').click()
  await page.getByRole('heading', { name: who.say('order.story.credited.title'), exact: true }).waitFor()
  const steps = page.getByRole('list', { name: who.say('order.order.progress') }).getByRole('listitem')
  await expect.poll(() => steps.getByRole('time').count(), { timeout: 30_000 }).toBe(4)
  const follows = asked.filter((url) => url.endsWith('/events'))
  expect(follows).toHaveLength(1)
  // Once on arrival, and once more because the page said that the payer is back.
  expect(asked.length - follows.length).toBeLessThanOrEqual(2)
  await who.context.close()
})

it('two tabs: the second order like the first is asked about, and one tab asked twice makes one order', async () => {
  const number = freshNumber('laika')
  const who = await visitor('zh-CN')
  const { context, page, say } = who
  await register(who, number)
  const other = { ...who, page: await context.newPage() }
  const orders = async (): Promise<number> =>
    (await (await page.request.get('/v1/top-ups')).json()).orders.length
  for (const tab of [who, other]) {
    await tab.page.goto('/')
    await chooseQuarterly(tab)
  }
  await topUpNow(who)
  await page.getByRole('button', { name: pay }).waitFor()
  await page.reload()
  await chooseQuarterly(who)
  await topUpNow(who)
  await page.getByRole('button', { name: pay }).waitFor()
  expect(await orders()).toBe(1)
  await topUpNow(other)
  await other.page.getByRole('button', { name: say('purchase.duplicate.yes') }).waitFor()
  expect(await orders()).toBe(1)
  await other.page.getByRole('button', { name: say('purchase.duplicate.yes') }).click()
  await other.page.getByRole('button', { name: pay }).waitFor()
  expect(await orders()).toBe(2)
  await context.close()
})
