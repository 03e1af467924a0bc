import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { languages } from '../../web/language/language.ts'
import { launchBrowser } from '../support/browser.ts'
import { type PageServer, servePages } from '../support/page-server.ts'
import {
  look,
  phoneAgent,
  type Visit,
  type VisitOptions,
  visit,
  weChatAgent,
} from '../support/portal-visit.ts'
import { problem, type Script } from '../support/scripted-api.ts'
import {
  cny,
  endingLine,
  guest,
  mother,
  offers,
  order,
  orderId,
  own,
  ownLine,
  signedIn,
  stranger,
  strangerLine,
} from '../support/scripted-views.ts'

let browser: Browser
let pages: PageServer

beforeAll(async () => {
  ;[browser, pages] = await Promise.all([launchBrowser(), servePages('laika')])
})
afterAll(async () => {
  await browser?.close()
  await pages?.close()
})

const begin = (options: VisitOptions) => visit(browser, pages.origin, options)

/** Somebody with two numbers of their own. */
const holder: Script = {
  'GET /v1/session': signedIn,
  'GET /v1/me/lines': { lines: [ownLine, endingLine] },
  'GET /v1/lines/:number': ({ path }) => (path.endsWith(mother) ? endingLine : ownLine),
  'GET /v1/lines/:number/offers': offers(true),
}

/** Somebody who tops up another's number without an account. */
const passerBy: Script = {
  'GET /v1/lines/:number': strangerLine,
  'GET /v1/lines/:number/offers': offers(false),
}

const recent = [{ msisdn: mother, offer: 'denomination/5000' }]

const submit = ({ page, say }: Visit) => page.getByRole('button', { name: say('purchase.bar.submit') })
const tab = ({ page, say }: Visit, name: string) => page.getByRole('radio', { name: say(name), exact: true })
const offer = ({ page }: Visit, name: RegExp) => page.getByRole('radio', { name })
const quarterly = /保号季包|Keep-number quarterly/

/** Types a stranger's number twice, and chooses the quarterly package. */
async function chooseForStranger(seen: Visit): Promise<void> {
  const { page, say } = seen
  await page.getByLabel(say('portal.topUp.number'), { exact: true }).fill(stranger)
  await page.getByLabel(say('portal.topUp.numberAgain')).fill(stranger)
  await offer(seen, quarterly).check()
}

async function chooseForOwn(seen: Visit): Promise<void> {
  await offer(seen, quarterly).check()
}

describe.each(languages)('what it shows in %s', (language) => {
  it('what is owed for a number of one’s own, before it is paid by the credit bought', async () => {
    const owed = { amount: cny('1992'), since: '2026-11-03T06:10:00.000Z' }
    const script = { ...holder, 'GET /v1/lines/:number/offers': { ...offers(true), owed } }
    const seen = await begin({ language, script })
    await tab(seen, 'purchase.offers.amount').check()
    await offer(seen, /推荐|Recommended/).check()
    await seen.page.getByText(seen.say('purchase.offers.owedSince')).waitFor()
    await look(seen, 'top-up-owed')
    await seen.end()
  })

  it('a number of one’s own: stage, money and dates, and what each package does to them', async () => {
    const seen = await begin({ language, script: holder })
    await seen.page.getByText('2027-06-01').first().waitFor()
    await chooseForOwn(seen)
    await tab(seen, 'state.term.month').check()
    await offer(seen, /境外漫游|roaming/).check()
    await look(seen, 'top-up-own-month')
    await seen.end()
  })

  it('a number in its last days, with amounts, the last of them one’s own', async () => {
    const seen = await begin({ language, script: holder, path: `/?number=${mother}` })
    await tab(seen, 'purchase.offers.amount').check()
    await offer(seen, /推荐|Recommended/).check()
    await look(seen, 'top-up-amount')
    await offer(seen, /自定义金额|Your own amount/).check()
    const field = seen.page.getByRole('textbox', { name: seen.say('purchase.offers.customLabel') })
    await expect.poll(() => field.evaluate((input) => input === document.activeElement)).toBe(true)
    await field.fill('9.5')
    await seen.page.getByText(/可充 10|Possible: CNY\s10/).waitFor()
    await look(seen, 'top-up-custom-bad')
    await field.fill('66')
    await seen.page
      .getByText(/¥66\.00|CNY\s66\.00/)
      .first()
      .waitFor()
    await look(seen, 'top-up-custom')
    await seen.end()
  })

  it('a stranger’s number: typed twice, warned of when it is nearly a known one', async () => {
    const seen = await begin({ language, script: passerBy, stored: { 'recent-numbers': recent } })
    const { page, say } = seen
    await page.getByLabel(say('portal.topUp.number'), { exact: true }).fill('15400008001')
    await page.getByText(/只差 1 位|One digit away/).waitFor()
    await page.getByText(say('portal.topUp.possible')).waitFor()
    await offer(seen, quarterly).check()
    await submit(seen).click()
    await page.getByText(say('portal.topUp.numberAgainMissing')).waitFor()
    await look(seen, 'top-up-stranger')
    await page.getByLabel(say('portal.topUp.numberAgain')).fill('15400008002')
    await page.getByText(say('portal.topUp.numberMismatch')).waitFor()
    await page.getByRole('button', { name: '154****8000' }).click()
    await page.getByText(say('portal.topUp.numberAgain'), { exact: true }).waitFor({ state: 'hidden' })
    await seen.end()
  })

  it.each([
    ['refused', { ...strangerLine, topUp: 'refused' as const }],
    ['not-found', problem(404, 'line-not-found')],
    ['rate-limited', problem(429, 'rate-limited')],
  ])('a number that is %s', async (name, answer) => {
    const script = { ...passerBy, 'GET /v1/lines/:number': answer }
    const seen = await begin({ language, script, path: `/?number=${stranger}` })
    await seen.page
      .getByText(/不可充值|没有查到|过于频繁|cannot be topped up|no such|[Tt]oo many/)
      .first()
      .waitFor()
    await look(seen, `top-up-${name}`)
    expect(await submit(seen).count()).toBe(0)
    await seen.end()
  })

  it('no offers at all, and offers on their way', async () => {
    const empty = { ...offers(true), packages: [], denominations: [], freeAmount: null }
    const seen = await begin({ language, script: { ...holder, 'GET /v1/lines/:number/offers': empty } })
    await seen.page.getByText(seen.say('purchase.offers.none')).waitFor()
    await look(seen, 'top-up-no-offers')
    await seen.end()
    const waiting = await begin({ language, script: { ...holder, 'GET /v1/lines/:number/offers': 'never' } })
    await waiting.page
      .getByText(/2027-06-01/)
      .first()
      .waitFor()
    await look(waiting, 'top-up-loading')
    await waiting.end()
  })

  it('what is missing, and refusals, in place', async () => {
    const script = {
      ...holder,
      'POST /v1/top-ups': problem(422, 'limit-reached', { per: 'day', limit: cny('50000') }),
    }
    const seen = await begin({ language, script })
    await submit(seen).click()
    await seen.page.getByText(seen.say('purchase.offers.choose')).waitFor()
    await look(seen, 'top-up-nothing-chosen')
    await chooseForOwn(seen)
    await submit(seen).click()
    await seen.page.getByText(/500/).first().waitFor()
    await look(seen, 'top-up-limit')
    await seen.end()
  })

  it('a price that changed: the new table, and the question again', async () => {
    const table = offers(true)
    const dearer = table.packages.map((one) => ({
      ...one,
      id: `${one.id.slice(0, -1)}Z`,
      price: one.listPrice,
    }))
    const script: Script = {
      ...holder,
      'GET /v1/lines/:number/offers': (_, before) => (before === 0 ? table : { ...table, packages: dearer }),
      'POST /v1/top-ups': (_, before) =>
        before === 0 ? problem(422, 'price-changed', { price: cny('2400') }) : order('awaiting-payment'),
    }
    const seen = await begin({ language, script })
    await chooseForOwn(seen)
    await submit(seen).click()
    await seen.page
      .getByText(/¥24\.00|CNY\s24\.00/)
      .nth(1)
      .waitFor()
    await look(seen, 'top-up-price-changed')
    await submit(seen).click()
    await seen.page.getByRole('dialog').waitFor()
    const [first, second] = seen.sent.filter(({ endpoint }) => endpoint === 'POST /v1/top-ups')
    expect(first?.body).toMatchObject({ expected: cny('2300') })
    expect(second?.body).toMatchObject({ expected: cny('2400'), items: [{ offerId: dearer[2]?.id }] })
    expect(second?.key).not.toBe(first?.key)
    await seen.end()
  })

  it('the proof of the payer’s phone', async () => {
    const script: Script = {
      ...passerBy,
      'POST /v1/top-ups': (_, before) =>
        before === 0 ? problem(403, 'verification-needed') : order('awaiting-payment'),
      'POST /v1/codes': { validSeconds: 600, resendAfterSeconds: 60, to: '138****8000' },
      'POST /v1/codes/payer': (_, before) =>
        before === 0 ? problem(422, 'code-wrong', { triesLeft: 4 }) : guest,
    }
    const seen = await begin({ language, script, userAgent: phoneAgent })
    const { page, say } = seen
    await chooseForStranger(seen)
    await submit(seen).click()
    await page.getByLabel(say('purchase.proof.phone')).waitFor()
    await page.getByLabel(say('purchase.proof.phone')).fill('13800138000')
    await page.getByRole('button', { name: say('portal.code.send') }).click()
    await page.getByText(/138\*{4}8000/).waitFor()
    await page.getByLabel(say('portal.code.label'), { exact: true }).fill('111111')
    await page
      .getByText(/4 次|4 more tries|4/)
      .first()
      .waitFor()
    await page.getByRole('alert').waitFor()
    await look(seen, 'proof-code-wrong')
    await page.getByLabel(say('portal.code.label'), { exact: true }).fill('123456')
    await page.getByRole('heading', { name: say('purchase.cashier.title'), exact: true }).waitFor()
    const [first, second] = seen.sent.filter(({ endpoint }) => endpoint === 'POST /v1/top-ups')
    expect(second).toEqual(first)
    await seen.end()
  })

  it('a second one like it within two minutes', async () => {
    const script: Script = {
      ...holder,
      'POST /v1/top-ups': (_, before) =>
        before === 0 ? problem(409, 'duplicate-recent') : order('awaiting-payment'),
    }
    const seen = await begin({ language, script })
    const { page, say } = seen
    await chooseForOwn(seen)
    await submit(seen).click()
    await page.getByRole('heading', { name: say('purchase.duplicate.title') }).waitFor()
    await page.getByRole('button', { name: say('purchase.duplicate.yes') }).waitFor()
    await page.getByRole('button', { name: say('purchase.duplicate.yes') }).click()
    await page.getByRole('heading', { name: say('purchase.cashier.title'), exact: true }).waitFor()
    const [first, second] = seen.sent.filter(({ endpoint }) => endpoint === 'POST /v1/top-ups')
    expect(second?.body).toEqual({ ...(first?.body as object), confirmDuplicate: true })
    expect(second?.key).not.toBe(first?.key)
    await seen.end()
  })

  it('the cashier: at a desk, as a code to scan, and when time is over', async () => {
    const started = { attemptId: orderId, expiresAt: '2099-01-01T00:00:00.000Z' }
    const script: Script = {
      ...holder,
      'POST /v1/top-ups': order('awaiting-payment'),
      'POST /v1/top-ups/:id/payments': { ...started, qr: 'https://qr.alipay.example/bax01234' },
      'GET /v1/top-ups/:id': order('awaiting-payment', { paymentState: 'pending' }),
    }
    const desk = await begin({ language, script })
    await chooseForOwn(desk)
    await submit(desk).click()
    await desk.page.getByText(desk.say('purchase.cashier.ways.alipay-qr.hint')).waitFor()
    await look(desk, 'cashier-desk')
    await desk.page.getByRole('button', { name: /确认支付|^Pay / }).click()
    await desk.page.getByRole('img', { name: /扫一扫|^Scan with/ }).waitFor()
    await look(desk, 'cashier-qr')
    await desk.end()

    const late = { ...script, 'POST /v1/top-ups': order('awaiting-payment', {}, 1500) }
    const slow = await begin({ language, script: late, userAgent: phoneAgent })
    await chooseForOwn(slow)
    await submit(slow).click()
    await slow.page.getByText(slow.say('purchase.cashier.over')).waitFor()
    await look(slow, 'cashier-over')
    await slow.end()
  })

  it('the cashier with all ways: the last one first, one that is off, and a form to post', async () => {
    const notice = {
      'zh-CN': '微信支付系统升级，预计 12:00 恢复。',
      en: 'WeChat Pay is being upgraded until 12:00.',
    }
    const ways = [
      { provider: 'alipay', currency: 'CNY', off: null },
      { provider: 'wechat', currency: 'CNY', off: { why: 'switched-off', notice } },
      { provider: 'unionpay', currency: 'CNY', off: null },
      { provider: 'card', currency: 'CNY', off: null },
    ] as const
    const script: Script = {
      ...holder,
      'GET /v1/payment-ways': { ways: [...ways], maintenance: null },
      'POST /v1/top-ups': order('awaiting-payment'),
      'POST /v1/top-ups/:id/payments': problem(503, 'payment-way-down'),
      'GET /v1/top-ups/:id': order('awaiting-payment', { paymentState: 'pending' }),
    }
    const seen = await begin({ language, script, userAgent: phoneAgent })
    await seen.page.evaluate(() => localStorage.setItem('last-provider', 'unionpay'))
    await chooseForOwn(seen)
    await submit(seen).click()
    const rows = seen.page.getByRole('dialog').getByRole('radio')
    await rows.first().waitFor()
    expect(await rows.evaluateAll((all) => all.map((row) => (row as HTMLInputElement).value))).toEqual([
      ...['unionpay-wap', 'alipay-wap', 'wechat-wap', 'card-page'],
    ])
    expect(await rows.nth(0).isChecked()).toBe(true)
    expect(await rows.nth(2).isDisabled()).toBe(true)
    await seen.page.getByText(notice[language]).waitFor()
    await look(seen, 'cashier-ways')
    await rows.nth(3).check()
    await seen.page.getByRole('button', { name: /确认支付|^Pay / }).click()
    await seen.page.getByRole('alert').waitFor()
    await look(seen, 'cashier-way-down')
    const started = seen.sent.find(({ endpoint }) => endpoint === 'POST /v1/top-ups/:id/payments')
    expect(started?.body).toMatchObject({ provider: 'card', scene: 'page' })
    await seen.end()
  })

  it('the cashier while nothing can be paid, and under maintenance', async () => {
    const off = { why: 'not-answering', notice: null } as const
    const base: Script = { ...holder, 'POST /v1/top-ups': order('awaiting-payment') }
    const shut: Script = {
      ...base,
      'GET /v1/payment-ways': { ways: [{ provider: 'alipay', currency: 'CNY', off }], maintenance: null },
    }
    const none = await begin({ language, script: shut, userAgent: phoneAgent })
    await chooseForOwn(none)
    await submit(none).click()
    await none.page.getByText(none.say('purchase.cashier.noWay')).waitFor()
    await look(none, 'cashier-no-way')
    await none.end()

    const maintenance = { 'zh-CN': '系统维护中，预计 6 点恢复。', en: 'Under maintenance until six.' }
    const mended: Script = {
      ...base,
      'GET /v1/payment-ways': { ways: [{ provider: 'alipay', currency: 'CNY', off: null }], maintenance },
    }
    const later = await begin({ language, script: mended, userAgent: phoneAgent })
    await chooseForOwn(later)
    await submit(later).click()
    await later.page.getByText(maintenance[language]).waitFor()
    await look(later, 'cashier-maintenance')
    await later.end()
  })

  it('a wallet that refuses, and WeChat, where it does not open', async () => {
    const script: Script = {
      ...holder,
      'POST /v1/top-ups': order('awaiting-payment'),
      'POST /v1/top-ups/:id/payments': problem(422, 'payment-declined'),
    }
    const seen = await begin({ language, script, userAgent: phoneAgent })
    await chooseForOwn(seen)
    await submit(seen).click()
    await seen.page.getByRole('button', { name: /确认支付|^Pay / }).click()
    await seen.page.getByRole('alert').waitFor()
    await look(seen, 'cashier-declined')
    await seen.end()

    const inside = await begin({ language, script, userAgent: weChatAgent })
    await chooseForOwn(inside)
    await submit(inside).click()
    await inside.page.getByText(inside.say('purchase.browser.first')).waitFor()
    expect(inside.sent.some(({ endpoint }) => endpoint === 'POST /v1/top-ups')).toBe(false)
    expect(inside.page.url()).toContain(`number=${own}`)
    await inside.end()
  })
})
