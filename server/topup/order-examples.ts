import type { OffersView } from '../../contract/offer.ts'
import type { OrderView, ReceiptView } from '../../contract/top-up.ts'
import { denominationExample, freeAmountExample, packageExample } from '../catalog/index.ts'

// What is on sale for a number, one order of it at two moments, and its receipt: examples that belong together.

const cny = (amountMinor: string) => ({ amountMinor, currency: 'CNY' })
const name = { 'zh-CN': '50 元话费', en: '¥50 of credit' }

const least = (days: number) => ({
  lastSafeDay: null,
  addedDays: days,
  validityText: { 'zh-CN': `号码至少延长 ${days} 天`, en: `Keeps the number at least ${days} days longer` },
})

/** Of a number that is not the caller's own. */
export const offersExample: OffersView = {
  packages: [{ ...packageExample, effect: least(90) }],
  denominations: [{ ...denominationExample, effect: least(90) }],
  freeAmount: { ...freeAmountExample, effects: [{ from: freeAmountExample.min, effect: least(90) }] },
  priceTable: { version: '2026-11', validFrom: '2026-11-01' },
}

/** Placed, and its payment not begun. */
export const placedExample: OrderView = {
  id: '01KARVZQ8E6T2M4N7P9R1S3V5X',
  state: 'awaiting-payment',
  final: false,
  heldReason: null,
  resolvesBy: null,
  lookedIntoBy: null,
  recallSeconds: 0,
  wait: { usualSeconds: 8, longSeconds: 20, refundAfterSeconds: 1800 },
  items: [
    {
      msisdn: '154****1000',
      offer: { kind: 'denomination', name },
      price: cny('4980'),
      face: cny('5000'),
      bonus: cny('0'),
      balanceAfter: null,
      lastSafeDayBefore: null,
      lastSafeDay: null,
      addedDays: null,
      restoring: false,
      validityText: '号码至少延长 90 天',
    },
  ],
  price: cny('4980'),
  captured: cny('0'),
  refunded: cny('0'),
  placedAt: '2026-11-22T06:05:00.000Z',
  payBy: '2026-11-22T06:20:00.000Z',
  provider: null,
  paymentState: null,
  timeline: [{ step: 'placed', at: '2026-11-22T06:05:00.000Z' }],
  receiptNumber: null,
}

/** The same, cancelled by its payer. */
export const cancelledExample: OrderView = {
  ...placedExample,
  state: 'expired',
  final: true,
  wait: null,
  payBy: null,
  timeline: [...placedExample.timeline, { step: 'cancelled', at: '2026-11-22T06:07:00.000Z' }],
}

/** The same, paid and credited. */
export const creditedExample: OrderView = {
  ...placedExample,
  state: 'credited',
  final: true,
  wait: null,
  captured: cny('4980'),
  payBy: null,
  provider: 'alipay',
  paymentState: 'captured',
  timeline: [
    ...placedExample.timeline,
    { step: 'paid', at: '2026-11-22T06:06:10.000Z' },
    { step: 'credited', at: '2026-11-22T06:06:11.000Z' },
    { step: 'notified', at: '2026-11-22T06:06:14.000Z' },
  ],
  receiptNumber: 'LK-W-00000042',
}

/** The same, paid, and taken back before it was credited. */
export const recalledExample: OrderView = {
  ...placedExample,
  state: 'refunding',
  recallSeconds: 300,
  wait: null,
  captured: cny('4980'),
  payBy: null,
  provider: 'alipay',
  paymentState: 'captured',
  timeline: [
    ...placedExample.timeline,
    { step: 'paid', at: '2026-11-22T06:06:10.000Z' },
    { step: 'refunding', at: '2026-11-22T06:07:02.000Z' },
  ],
}

export const receiptExample: ReceiptView = {
  number: 'LK-W-00000042',
  orderId: creditedExample.id,
  issuedAt: '2026-11-22T06:06:11.000Z',
  brandName: { 'zh-CN': '莱卡保号', en: 'Laika' },
  msisdn: '154****1000',
  offerName: name,
  face: cny('5000'),
  bonus: cny('0'),
  paid: cny('4980'),
  surcharge: cny('0'),
  method: 'alipay',
  lastSafeDay: null,
  validityText: '号码至少延长 90 天',
  refunded: cny('0'),
  hotline: '10154',
}
