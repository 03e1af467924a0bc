import type { ChannelsView } from '../../contract/brand.ts'
import type { LineView } from '../../contract/line.ts'
import type { MoneyWire } from '../../contract/money.ts'
import type { OffersView, PackageOffer } from '../../contract/offer.ts'
import type { QuoteView } from '../../contract/quote.ts'
import type { OrderView, ReceiptView } from '../../contract/top-up.ts'
import type { Language } from '../../web/language/language.ts'
import { brandView } from './page-server.ts'
import { phoneAgent } from './portal-visit.ts'
import type { Scene } from './scenes.ts'
import { channelsView, mine } from './scripted-account.ts'
import type { Script } from './scripted-api.ts'
import { order, orderId, ownLine, signedIn } from './scripted-views.ts'

// The second brand on the pages that differ by it: another colour, pounds, numbers of another plan, and the rules of a brand that
// keeps a number for six months after each use.

const gbp = (amountMinor: string): MoneyWire => ({ amountMinor, currency: 'GBP' })
const names = (zh: string, en: string) => ({ 'zh-CN': zh, en })

const own = '447700900123'
const mother = '447700900188'
const quarterly = names('保号季包', 'Keep-number quarterly')
const brandName = brandView('harbour').name

/** Until when a number is kept here: one clock that every use begins anew. */
function keptLine(msisdn: string, until: string, lastSafeDay: string, daysLeft: number): LineView {
  const clock = { until, lastSafeDay, daysLeft }
  return {
    ...ownLine,
    msisdn,
    balance: gbp('740'),
    clocks: [
      { clock: 'service', ...clock },
      { clock: 'number', ...clock },
    ],
    keptUntil: { clock: 'number', ...clock },
    allowances: [
      { unit: 'voice-seconds', remaining: '14400', until: '2027-02-22', roaming: false },
      { unit: 'data-bytes', remaining: '2147483648', until: '2027-02-22', roaming: false },
    ],
  }
}
const ownKept = keptLine(own, '2027-03-31', '2027-03-30', 128)
const mothersKept: LineView = {
  ...keptLine(mother, '2026-12-05', '2026-12-04', 12),
  ...{ balance: gbp('0'), allowances: [] },
}

const effect: PackageOffer['effect'] = {
  lastSafeDay: '2027-05-22',
  addedDays: 53,
  validityText: names(
    '到账后号码保留至 2027-05-22，比现在多 53 天。到期前不再使用或充值的话：2027-05-23 起销号。销号后余额清零。',
    'Once credited, the number is kept until 2027-05-22, 53 days longer than now. Unless used or topped up before then: given up from 2027-05-23. The balance is lost when the number is given up.',
  ),
}

const month: PackageOffer = {
  ...{ kind: 'package', id: '01JD9Z3K6N8Q4W2V7X5Y0ABCH1', term: 'month', effect },
  name: names('保号月包', 'Keep-number monthly'),
  ...{ price: gbp('600'), listPrice: gbp('600') },
  allowances: { voiceSeconds: 6000, sms: 100, dataBytes: '1073741824' },
  ...{ roaming: false, validityMonths: 1, validityDays: 0, recommended: false },
}
const offers: OffersView = {
  packages: [
    month,
    {
      ...month,
      ...{ id: '01JD9Z3K6N8Q4W2V7X5Y0ABCH2', name: quarterly, term: 'quarter', validityMonths: 3 },
      ...{ price: gbp('1700'), listPrice: gbp('1800'), recommended: true },
      allowances: { voiceSeconds: 18000, sms: 300, dataBytes: '3221225472' },
    },
    {
      ...month,
      ...{ id: '01JD9Z3K6N8Q4W2V7X5Y0ABCH3', term: 'year', validityMonths: 12 },
      ...{ name: names('保号年包', 'Keep-number yearly'), price: gbp('6000'), listPrice: gbp('7200') },
      allowances: { voiceSeconds: 72000, sms: 1200, dataBytes: '12884901888' },
    },
  ],
  denominations: ['500', '1000', '1500', '2000', '3000'].map((face, at) => ({
    ...{ kind: 'denomination' as const, id: `01JD9Z3K6N8Q4W2V7X5Y0ABCJ${at}`, effect },
    ...{ face: gbp(face), price: gbp(face), bonus: gbp('0'), recommended: face === '1000' },
  })),
  freeAmount: null,
  priceTable: { version: '1', validFrom: '2025-01-01' },
}

/** The quarterly package, in the words of whoever bought it. */
function bought(state: 'awaiting-payment' | 'credited', language: Language): OrderView {
  const isCredited = state === 'credited'
  const placed = order(state, { payBy: isCredited ? null : '2026-11-22T06:34:05.000Z' })
  return {
    ...placed,
    ...{ price: gbp('1700'), captured: gbp(isCredited ? '1700' : '0'), refunded: gbp('0') },
    receiptNumber: isCredited ? 'HB-W-00000017' : null,
    items: placed.items.map((item) => ({
      ...item,
      ...{ msisdn: own, offer: { kind: 'package' as const, name: quarterly }, price: gbp('1700') },
      ...{ face: gbp('0'), bonus: gbp('0'), balanceAfter: isCredited ? gbp('740') : null },
      ...{ lastSafeDayBefore: '2027-03-30', lastSafeDay: isCredited ? '2027-05-22' : null, addedDays: 53 },
      validityText: effect.validityText[language],
    })),
  }
}

/** Seventeen pounds in yuan, as they were quoted on a Sunday: at Friday's rate. */
const quote: QuoteView = {
  ...{
    id: '01JD9Z3K6N8Q4W2V7X5Y0ABCQ1',
    price: gbp('1700'),
    amount: { amountMinor: '16173', currency: 'CNY' },
  },
  ...{ rate: '9.3726', rateSource: 'European Central Bank', rateDate: '2026-11-20', marginBp: 150 },
  expiresAt: '2026-11-22T06:20:00.000Z',
}
const paidIn = { captured: quote.amount, refunded: { amountMinor: '0', currency: 'CNY' }, quote }

/** A quarter of it is back. */
const partlyBack = (language: Language): OrderView => ({
  ...bought('credited', language),
  refunded: gbp('425'),
  paidIn: { ...paidIn, refunded: { amountMinor: '4044', currency: 'CNY' } },
})

const receipt = (language: Language): ReceiptView => ({
  ...{ number: 'HB-W-00000017', orderId, issuedAt: '2026-11-22T06:06:13.000Z', brandName },
  ...{ msisdn: '077****0123', offerName: quarterly, method: 'alipay', lastSafeDay: '2027-05-22' },
  ...{ face: gbp('0'), bonus: gbp('0'), paid: gbp('1700'), surcharge: gbp('0'), refunded: gbp('0') },
  validityText: effect.validityText[language],
  hotline: '07700 900999',
})

/** A Sunday, on which nobody answers. */
const channels: ChannelsView = {
  ...channelsView('harbour'),
  hotline: { ...channelsView('harbour').hotline, open: false, changesAt: '2026-11-23T09:00:00.000Z' },
}

const ways = [
  { provider: 'alipay', currency: 'GBP', off: null },
  { provider: 'card', currency: 'GBP', off: null },
  { provider: 'alipay', currency: 'CNY', off: null },
] as const

/** Somebody with two numbers of their own. */
const holderIn = (language: Language): Script => ({
  ...mine,
  'GET /v1/session': { ...signedIn, msisdn: own },
  'GET /v1/me/lines': { lines: [ownKept, mothersKept] },
  'GET /v1/me/cases': { cases: [] },
  'GET /v1/channels': channels,
  'GET /v1/lines/:number': ({ path }) => (path.endsWith(mother) ? mothersKept : ownKept),
  'GET /v1/lines/:number/offers': offers,
  'GET /v1/payment-ways': { ways: [...ways], maintenance: null },
  'POST /v1/top-ups/:id/quotes': quote,
  'GET /v1/top-ups/:id': bought('credited', language),
  'GET /v1/top-ups/:id/receipt': receipt(language),
  'POST /v1/top-ups': bought('awaiting-payment', language),
})

/** The pages, for whoever reads them in this language. */
export function harbourScenes(language: Language): readonly Scene[] {
  const script = holderIn(language)
  const choose: Scene['ready'] = async ({ page }) => {
    await page.getByRole('radio', { name: /保号季包|Keep-number quarterly/ }).check()
    await page.getByText('2027-05-22').first().waitFor()
  }
  const shows = (words: string) => (seen: Parameters<Scene['ready']>[0]) =>
    seen.page.getByText(words).first().waitFor()
  const saying = (path: string) => (seen: Parameters<Scene['ready']>[0]) =>
    seen.page.getByText(seen.say(path)).first().waitFor()
  const toCashier: Scene['ready'] = async (seen) => {
    await choose(seen)
    await seen.page.getByRole('button', { name: seen.say('purchase.bar.submit') }).click()
    const sheet = seen.page.getByRole('dialog', { name: seen.say('purchase.cashier.title') })
    await sheet.getByText('£17.00').first().waitFor()
  }
  return [
    { route: '/', name: 'home', path: '/', ready: saying('home.title') },
    { route: '/', name: 'top-up', path: '/', script, ready: choose },
    {
      ...{ route: '/', name: 'cashier', path: '/', script, userAgent: phoneAgent },
      ready: toCashier,
    },
    {
      ...{ route: '/', name: 'cashier-quoted', path: '/', script, userAgent: phoneAgent },
      async ready(seen) {
        await toCashier(seen)
        await seen.page.getByRole('radio', { name: /人民币|Chinese Yuan/ }).check()
        await seen.page.getByRole('button', { name: /161\.73/ }).waitFor()
      },
    },
    {
      ...{ route: '/orders/$id', name: 'result-quoted', path: `/orders/${orderId}` },
      script: { ...script, 'GET /v1/top-ups/:id': partlyBack(language) },
      ready: shows('1 GBP = 9.3726 CNY'),
    },
    {
      ...{ route: '/orders/$id/receipt', name: 'receipt-quoted', path: `/orders/${orderId}/receipt` },
      script: { ...script, 'GET /v1/top-ups/:id/receipt': { ...receipt(language), paidIn } },
      ready: shows('1 GBP = 9.3726 CNY'),
    },
    {
      ...{ route: '/orders/$id', name: 'result', path: `/orders/${orderId}`, script },
      ready: saying('order.order.facts'),
    },
    {
      ...{ route: '/orders/$id/receipt', name: 'receipt', path: `/orders/${orderId}/receipt`, script },
      ready: shows('HB-W-00000017'),
    },
    { route: '/me/numbers', name: 'numbers', path: '/me/numbers', script, ready: shows('07700 900188') },
    {
      ...{ route: '/help/contact', name: 'help', path: '/help/contact' },
      script: { 'GET /v1/channels': channels },
      ready: shows('07700 900999'),
    },
  ]
}
