import type { LineView, StrangerLineView } from '../../contract/line.ts'
import type { MoneyWire } from '../../contract/money.ts'
import type { OffersView, PackageOffer, PriceTableView } from '../../contract/offer.ts'
import type { SessionView } from '../../contract/session.ts'
import type { OrderState, OrderView, ReceiptView, TimelineStep } from '../../contract/top-up.ts'
import { createClock, isoInstant } from '../../server/platform/clock.ts'
import { nobody } from './page-server.ts'

export const cny = (amountMinor: string): MoneyWire => ({ amountMinor, currency: 'CNY' })

/** The numbers of the scripts: one's own, the mother's, and one that nobody knows. */
export const own = '8615400001234'
export const mother = '8615400008000'
export const stranger = '8615400005678'
export const orderId = '01JD9Z3K6N8Q4W2V7X5Y0ABCDE'

export const guest: SessionView = {
  ...nobody,
  kind: 'guest',
  assurance: 'guest',
  msisdn: '138****8000',
  payerVerifiedUntil: '2099-01-01T00:00:00.000Z',
}

export const signedIn: SessionView = {
  kind: 'login',
  assurance: 'sms',
  msisdn: own,
  email: null,
  hasPassword: false,
  payerVerifiedUntil: null,
}

const clock = (name: 'service' | 'number', until: string, lastSafeDay: string, daysLeft: number) => ({
  clock: name,
  until,
  lastSafeDay,
  daysLeft,
})

export const ownLine: LineView = {
  msisdn: own,
  stage: 'active',
  topUp: 'possible',
  balance: cny('1230'),
  clocks: [
    clock('service', '2026-12-04', '2026-12-03', 11),
    clock('number', '2027-06-02', '2027-06-01', 191),
  ],
  keptUntil: clock('number', '2027-06-02', '2027-06-01', 191),
  allowances: [
    { unit: 'voice-seconds', remaining: '3600', until: '2026-12-04', roaming: false },
    { unit: 'sms', remaining: '28', until: '2026-12-04', roaming: false },
    { unit: 'data-bytes', remaining: '104857600', until: '2026-12-04', roaming: false },
  ],
  own: true,
}

/** A number in its last days, calls out already barred. */
export const endingLine: LineView = {
  ...ownLine,
  msisdn: mother,
  stage: 'outbound-barred',
  balance: cny('0'),
  clocks: [
    clock('service', '2026-05-29', '2026-05-28', -178),
    clock('number', '2026-11-26', '2026-11-25', 3),
  ],
  keptUntil: clock('number', '2026-11-26', '2026-11-25', 3),
  allowances: [],
}

export const strangerLine: StrangerLineView = { msisdn: stranger, topUp: 'possible', own: false }

type Effect = PackageOffer['effect']

const laterZh =
  '单停 30 天（不能呼出），双停 60 天（不能使用），冻结 90 天，之后销号。冻结后余额不能使用，找回号码后恢复。'
const laterEn =
  'Unless topped up before then: calls out barred for 30 days, service suspended for 60 days, frozen for 90 days, then it is given up. While the number is frozen the balance cannot be used until the number is taken back.'

/** What an offer does to the date: of one's own number the day, of a stranger's the days. */
function effectOf(isOwn: boolean, lastSafeDay: string, addedDays: number): Effect {
  const zh = isOwn
    ? `到账后号码保留至 ${lastSafeDay}，比现在多 ${addedDays} 天。到期前不再充值的话：`
    : `到账后该号码多保留 ${addedDays} 天，至少保留至 2027-08-22。到期前不再充值的话：`
  const en = isOwn
    ? `Once credited, the number is kept until ${lastSafeDay}, ${addedDays} days longer than now. `
    : `Once credited, the number is kept ${addedDays} days longer, and until 2027-08-20 at least. `
  return {
    lastSafeDay: isOwn ? lastSafeDay : null,
    addedDays,
    validityText: { 'zh-CN': zh + laterZh, en: en + laterEn },
  }
}

const names = (zh: string, en: string) => ({ 'zh-CN': zh, en })

function packages(isOwn: boolean): PackageOffer[] {
  const month: PackageOffer = {
    kind: 'package',
    id: '01JD9Z3K6N8Q4W2V7X5Y0ABCD1',
    name: names('保号月包', 'Keep-number monthly'),
    term: 'month',
    price: cny('800'),
    listPrice: cny('800'),
    allowances: { voiceSeconds: 1800, sms: 30, dataBytes: '104857600' },
    roaming: false,
    validityMonths: 1,
    validityDays: 0,
    recommended: false,
    effect: effectOf(isOwn, '2027-07-02', 31),
  }
  const roaming: PackageOffer = {
    ...month,
    id: '01JD9Z3K6N8Q4W2V7X5Y0ABCD2',
    name: names('境外漫游保号月包', 'Keep-number monthly with roaming'),
    price: cny('2800'),
    listPrice: cny('2800'),
    allowances: { voiceSeconds: 1200, sms: 20, dataBytes: '314572800' },
    roaming: true,
  }
  const quarter: PackageOffer = {
    ...month,
    id: '01JD9Z3K6N8Q4W2V7X5Y0ABCD3',
    name: names('保号季包', 'Keep-number quarterly'),
    term: 'quarter',
    price: cny('2300'),
    listPrice: cny('2400'),
    allowances: { voiceSeconds: 5400, sms: 90, dataBytes: '314572800' },
    validityMonths: 3,
    recommended: true,
    effect: effectOf(isOwn, '2027-08-30', 90),
  }
  const year: PackageOffer = {
    ...month,
    id: '01JD9Z3K6N8Q4W2V7X5Y0ABCD4',
    name: names('保号年包', 'Keep-number yearly'),
    term: 'year',
    price: cny('8800'),
    listPrice: cny('9600'),
    allowances: { voiceSeconds: 21600, sms: 360, dataBytes: '1258291200' },
    validityMonths: 12,
    effect: effectOf(isOwn, '2028-05-31', 365),
  }
  return [month, roaming, quarter, year]
}

/** Today's price table, for one's own number or a stranger's. */
export function offers(isOwn: boolean): OffersView {
  const denomination = (at: number, face: string, price: string, bonus: string, effect: Effect) => ({
    kind: 'denomination' as const,
    id: `01JD9Z3K6N8Q4W2V7X5Y0ABCE${at}`,
    face: cny(face),
    price: cny(price),
    bonus: cny(bonus),
    recommended: face === '5000',
    effect,
  })
  const thirty = effectOf(isOwn, '2027-07-01', 30)
  const ninety = effectOf(isOwn, '2027-08-30', 90)
  const half = effectOf(isOwn, '2027-11-28', 180)
  const year = effectOf(isOwn, '2028-05-31', 365)
  return {
    packages: packages(isOwn),
    denominations: [
      denomination(1, '3000', '3000', '0', ninety),
      denomination(2, '5000', '4980', '0', half),
      denomination(3, '10000', '9950', '500', year),
      denomination(4, '20000', '19900', '1200', year),
      denomination(5, '30000', '29800', '2000', year),
      denomination(6, '50000', '49500', '4000', year),
    ],
    freeAmount: {
      kind: 'free-amount',
      id: '01JD9Z3K6N8Q4W2V7X5Y0ABCF1',
      min: cny('1000'),
      max: cny('50000'),
      step: cny('100'),
      effects: [
        { from: cny('1000'), effect: thirty },
        { from: cny('3000'), effect: ninety },
        { from: cny('5000'), effect: half },
        { from: cny('10000'), effect: year },
      ],
    },
    priceTable: { version: '1', validFrom: '2025-01-01' },
  }
}

/** The same for no number in particular. */
export function priceTable(): PriceTableView {
  const { packages, denominations, freeAmount, priceTable: of } = offers(false)
  const { effects: _, ...free } = freeAmount ?? { effects: [] }
  return {
    day: '2026-11-22',
    ...of,
    packages: packages.map(({ effect: _, ...offer }) => offer),
    denominations: denominations.map(({ effect: _, ...offer }) => offer),
    freeAmount: 'id' in free ? free : null,
  }
}

const step = (name: TimelineStep['step'], at: string): TimelineStep => ({ step: name, at })
const placedAt = '2026-11-22T06:05:00.000Z'
const paid = step('paid', '2026-11-22T06:06:12.000Z')
const credited = step('credited', '2026-11-22T06:06:13.000Z')
const notified = step('notified', '2026-11-22T06:06:21.000Z')

/** The steps each state has behind it. */
const pasts: Readonly<Record<OrderState, readonly TimelineStep[]>> = {
  'awaiting-payment': [],
  paid: [paid],
  credited: [paid, credited, notified],
  held: [paid, step('held', '2026-11-22T06:06:13.000Z')],
  refunding: [paid, step('held', '2026-11-22T06:06:13.000Z'), step('refunding', '2026-11-22T06:36:12.000Z')],
  'refund-abnormal': [paid, step('refunding', '2026-11-22T06:36:12.000Z')],
  refunded: [
    paid,
    step('refunding', '2026-11-22T06:36:12.000Z'),
    step('refunded', '2026-11-23T01:02:40.000Z'),
  ],
  reversed: [paid, credited, notified, step('reversed', '2026-12-03T02:11:00.000Z')],
  expired: [step('expired', '2026-11-22T06:35:00.000Z')],
}

/** What the quarterly package was bought with, in both languages. */
const bought = effectOf(true, '2027-08-30', 90).validityText

/** An order placed by somebody who reads this language: its validity text stays as it was shown. */
export function inLanguage(order: OrderView, language: 'zh-CN' | 'en'): OrderView {
  return { ...order, items: order.items.map((item) => ({ ...item, validityText: bought[language] })) }
}

export function receiptIn(language: 'zh-CN' | 'en'): ReceiptView {
  return { ...receipt, validityText: bought[language] }
}

const isFinal: readonly OrderState[] = ['credited', 'refunded', 'expired', 'reversed']

/** The quarterly package for one's own number, in a state; `payInMs` from now while it awaits payment. */
export function order(state: OrderState, change: Partial<OrderView> = {}, payInMs = 1_745_000): OrderView {
  const isPaid = state !== 'awaiting-payment' && state !== 'expired'
  const isCredited = state === 'credited'
  return {
    id: orderId,
    state,
    final: isFinal.includes(state),
    heldReason: state === 'held' ? 'limit-reached' : null,
    resolvesBy: state === 'held' || state === 'paid' ? isoInstant(createClock().instant() + payInMs) : null,
    lookedIntoBy: null,
    recallSeconds: 0,
    wait:
      state !== 'awaiting-payment' && state !== 'paid'
        ? null
        : { usualSeconds: 8, longSeconds: 20, refundAfterSeconds: 1800 },
    items: [
      {
        msisdn: own,
        offer: { kind: 'package', name: names('保号季包', 'Keep-number quarterly') },
        price: cny('2300'),
        face: cny('0'),
        bonus: cny('0'),
        balanceAfter: isCredited ? cny('1230') : null,
        lastSafeDayBefore: '2027-06-01',
        lastSafeDay: isCredited ? '2027-08-30' : null,
        addedDays: 90,
        restoring: false,
        validityText: bought['zh-CN'],
      },
    ],
    price: cny('2300'),
    captured: cny(isPaid ? '2300' : '0'),
    refunded: cny(state === 'refunded' ? '2300' : '0'),
    ...(state === 'reversed' && { reversed: cny('2300') }),
    placedAt,
    payBy: state === 'awaiting-payment' ? isoInstant(createClock().instant() + payInMs) : null,
    provider: isPaid ? 'alipay' : null,
    paymentState: isPaid ? 'captured' : null,
    timeline: [step('placed', placedAt), ...pasts[state]],
    receiptNumber: isCredited ? 'LK-W-00000042' : null,
    ...change,
  }
}

/** Ended by its payer, two minutes after it was placed. */
export function cancelledOrder(): OrderView {
  return order('expired', {
    timeline: [step('placed', placedAt), step('cancelled', '2026-11-22T06:07:00.000Z')],
  })
}

export const receipt: ReceiptView = {
  number: 'LK-W-00000042',
  orderId,
  issuedAt: '2026-11-22T06:06:13.000Z',
  brandName: names('莱卡保号卡（演示）', 'Laika Keep (demo)'),
  msisdn: '154****1234',
  offerName: names('保号季包', 'Keep-number quarterly'),
  // A package has no face value: its paper leaves the line out.
  face: cny('0'),
  bonus: cny('0'),
  paid: cny('2300'),
  surcharge: cny('0'),
  method: 'alipay',
  lastSafeDay: '2027-08-30',
  validityText: bought['zh-CN'],
  refunded: cny('0'),
  hotline: '10154',
}

/** An order that waits for a transfer to the bank. */
export function transferOrder(): OrderView {
  const until = '2026-11-25T06:05:00.000Z'
  return order('awaiting-payment', {
    ...{ payBy: until, provider: 'bank', paymentState: 'pending' },
    transfer: {
      ...{
        holder: '莱卡通信（演示）有限公司',
        bank: '沙箱银行北京分行营业部',
        accountNumber: '0200049609200123456',
      },
      ...{ sortCode: null, iban: null, bic: null, reference: 'MR7937A83', amount: cny('2300'), until },
    },
  })
}
