import type { Browser, BrowserContextOptions, Page, Response } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { bankAccountOf } from '../../server/demo/bank-account.ts'
import { buildWeb } from '../../tools/build-web.ts'
import type { Language } from '../../web/language/language.ts'
import { axeCheck, launchBrowser, screenshot } from '../support/browser.ts'
import { type BrandKey, type WholeHouse, wholeHouse } from '../support/house.ts'
import { phoneAgent, textAt } from '../support/portal-visit.ts'

// One top-up by each rail, through its sandbox's own pages, until the line has it and the text message is out.

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

const phone = { userAgent: phoneAgent, viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }
const desk = { viewport: { width: 1280, height: 800 } }
const pay = /确认支付|^Pay /

/** One after the other, of the lines in service with weeks before anything of them ends. */
async function nextNumber(brand: BrandKey): Promise<string> {
  numbers[brand] ??= world.house.db
    .of(brand)
    .query<{ msisdn: string }>(
      `select msisdn from {{brand}}.line_clock where standing = 'in-service' and stage_told = 'active' order by next_due_on desc, msisdn`,
    )
    .then((rows) => rows.map(({ msisdn }) => msisdn).values())
  const { value } = (await numbers[brand]).next()
  if (value === undefined) throw new Error(`no more numbers of ${brand}`)
  return value
}
const numbers: Partial<Record<BrandKey, Promise<Iterator<string, undefined>>>> = {}

interface Buyer {
  readonly page: Page
  say(path: string): string
  /** Chooses a row of the cashier and goes on with it; resolves once the house answered, whose words are gone where the page leaves. */
  payBy(way: string): Promise<Response>
  /** The order's page, credited and told of. */
  seeCredited(name: string): Promise<void>
}

/** A new account holder before the cashier, with fifty yuan or ten pounds chosen for the own number. */
async function atCashier(
  language: Language,
  brand: BrandKey,
  device: BrowserContextOptions = phone,
): Promise<Buyer> {
  const msisdn = await nextNumber(brand)
  const number = brand === 'laika' ? msisdn.slice(2) : `0${msisdn.slice(2)}`
  const say = (path: string) => textAt(language, path)
  const context = await browser.newContext({
    ...{ baseURL: world.origins[brand] },
    ...device,
    ...{ locale: language, timezoneId: 'Asia/Shanghai' },
  })
  await context.addInitScript((choice) => localStorage.setItem('language', choice), language)
  const page = await context.newPage()
  await page.goto(
    device.baseURL === undefined ? '/register' : `/sandbox/open?url=${world.origins[brand]}/register`,
  )
  await page.getByLabel(say('portal.topUp.number')).fill(number)
  await page.getByRole('button', { name: say('portal.code.send') }).click()
  await expect.poll(async () => (await world.sms(msisdn)).length, { timeout: 20_000 }).toBe(1)
  const [sent] = await world.sms(msisdn)
  await page
    .getByLabel(say('portal.code.label'), { exact: true })
    .fill(/\d{6}/.exec(sent?.text ?? '')?.[0] ?? '')
  await page.getByRole('checkbox').check()
  await page.getByRole('button', { name: say('account.register.submit'), exact: true }).click()
  await page.getByRole('heading', { level: 1, name: say('account.numbers.title') }).waitFor()
  await page
    .getByRole('main')
    .getByRole('link', { name: say('account.numbers.topUp') })
    .click()
  await page.getByRole('radio', { name: say('purchase.offers.amount'), exact: true }).check()
  await page.getByRole('radio', { name: /50|10/ }).first().check()
  await page.getByRole('button', { name: say('purchase.bar.submit') }).click()
  await page.getByRole('button', { name: pay }).waitFor()
  return {
    ...{ page, say },
    async payBy(way) {
      await page.locator(`input[type=radio][value=${way}]`).check()
      const starting = page.waitForResponse(/\/payments$/)
      await page.getByRole('button', { name: pay }).click()
      return await starting
    },
    async seeCredited(name) {
      await page.waitForURL(/\/orders\/[0-9A-Z]{26}/)
      await page.getByRole('heading', { name: say('order.story.credited.title'), exact: true }).waitFor()
      const steps = page.getByRole('list', { name: say('order.order.progress') }).getByRole('listitem')
      await expect.poll(() => steps.getByRole('time').count(), { timeout: 30_000 }).toBe(3)
      await screenshot(page, `rail-${name}-${language}`)
      expect(await axeCheck(page)).toEqual([])
      await context.close()
    },
  }
}

const waysOf = (page: Page) =>
  page
    .getByRole('dialog')
    .getByRole('radio')
    .evaluateAll((all) => all.map((row) => (row as HTMLInputElement).value))

it('the cashier shows what a brand takes', async () => {
  const { page } = await atCashier('zh-CN', 'laika')
  expect(await waysOf(page)).toEqual(['alipay-wap', 'wechat-wap', 'unionpay-wap', 'card-page', 'bank-page'])
  await screenshot(page, 'rail-cashier-390')
  await page.context().close()
  const abroad = await atCashier('en', 'harbour', desk)
  expect(await waysOf(abroad.page)).toEqual([
    ...['alipay-qr', 'alipay-page', 'card-page', 'bank-page', 'alipay-qr/CNY', 'alipay-page/CNY'],
  ])
  await screenshot(abroad.page, 'rail-cashier-1280')
  await abroad.page.context().close()
})

it('WeChat Pay at a desk: its code is scanned', async () => {
  const buyer = await atCashier('zh-CN', 'laika', desk)
  const { qr } = (await (await buyer.payBy('wechat-qr')).json()) as { qr: string }
  const scanner = await buyer.page.context().newPage()
  await scanner.goto(qr)
  await screenshot(scanner, 'rail-wechat-wallet')
  await scanner.getByTestId('wallet-confirm').click()
  await buyer.seeCredited('wechat-qr')
})

it('WeChat Pay on a phone: its wallet opens', async () => {
  const buyer = await atCashier('zh-CN', 'laika')
  await buyer.payBy('wechat-wap')
  await buyer.page.getByTestId('wallet-confirm').click()
  await buyer.seeCredited('wechat-wap')
})

it('WeChat Pay inside WeChat: the page knows who pays, and WeChat asks over it', async () => {
  const buyer = await atCashier('zh-CN', 'laika', { ...phone, baseURL: world.sandbox.addresses.wechat })
  const { page } = buyer
  expect(await waysOf(page)).toEqual(['wechat-jsapi', 'unionpay-wap', 'card-page', 'bank-page'])
  await buyer.payBy('wechat-jsapi')
  await page.frameLocator('[data-testid="wechat-wallet"]').getByTestId('wallet-confirm').click()
  await buyer.seeCredited('wechat-jsapi')
  expect(new URL(page.url()).searchParams.has('code')).toBe(false)
})

it('UnionPay: its cashier, and back by its form', async () => {
  const buyer = await atCashier('zh-CN', 'laika')
  await buyer.payBy('unionpay-wap')
  await buyer.page.getByTestId('unionpay-confirm').waitFor()
  await screenshot(buyer.page, 'rail-unionpay-cashier')
  await buyer.page.getByTestId('unionpay-confirm').click()
  await buyer.seeCredited('unionpay')
})

it('a card: the gateway’s page by full redirect', async () => {
  const buyer = await atCashier('en', 'harbour')
  await buyer.payBy('card-page')
  const { page } = buyer
  await page.locator('#number').fill('4242424242424242')
  await page.locator('#expiry').fill('12/34')
  await page.locator('#cvc').fill('123')
  await screenshot(page, 'rail-card-page')
  await page.getByTestId('card-pay').click()
  await buyer.seeCredited('card')
})

it('a transfer: told where to send it, sent at the payer’s bank, and credited when it has arrived', async () => {
  const bank = { ...bankAccountOf('harbour', 'GBP'), brand: 'harbour', currency: 'GBP' }
  const notifyUrl = `${world.origins.harbour}/v1/notifications/bank/harbour/${bank.id}`
  await world.control('POST', '/control/bank/accounts', { ...bank, notifyUrl })
  const { page, say, seeCredited } = await atCashier('en', 'harbour')
  await page.locator('input[type=radio][value=bank-page]').check()
  await page.getByRole('button', { name: say('purchase.cashier.toTransfer') }).click()
  await page.getByRole('heading', { name: say('order.story.transfer.title'), exact: true }).waitFor()
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  const copied = async (what: string) => {
    await page.getByRole('button', { name: `Copy ${say(`transfer.${what}`)}` }).click()
    return await page.evaluate(() => navigator.clipboard.readText())
  }
  const written = { text: await copied('reference'), amount: await copied('amount') }
  expect(written).toEqual({ text: expect.stringMatching(/^[2-9A-Y]{9}$/), amount: '10.00' })
  expect(await copied('sortCode')).toBe('20-00-00')
  const desk = await page.context().newPage()
  await desk.goto(`${world.sandbox.addresses.home}/bank?lang=en`)
  await desk.getByTestId('bank-pay-to').selectOption(bank.id)
  for (const [name, value] of Object.entries(written)) await desk.getByTestId(`bank-pay-${name}`).fill(value)
  await desk.getByTestId('bank-pay-now').click()
  await desk.getByTestId('bank-done').waitFor()
  await screenshot(desk, 'rail-bank-desk')
  expect(await axeCheck(desk)).toEqual([])
  await seeCredited('bank')
})
