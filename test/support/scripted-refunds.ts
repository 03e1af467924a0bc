import type { RefundsView, RefundView } from '../../contract/refund.ts'
import type { OrderView } from '../../contract/top-up.ts'
import { cny, order } from './scripted-views.ts'

/** A top-up of 50 yuan for 49.80, of which 30 are unspent. */
export const creditOrder: OrderView = {
  ...order('credited', { price: cny('4980'), captured: cny('4980') }),
  items: order('credited').items.map((item) => ({
    ...item,
    offer: { kind: 'denomination', name: { 'zh-CN': '充值 50 元', en: 'Top-up of CNY 50' } },
    ...{ price: cny('4980'), face: cny('5000'), balanceAfter: cny('6230') },
  })),
}

export const refundable: RefundsView = {
  offer: {
    ...{ most: cny('2988'), amount: cny('2988'), credit: cny('3000'), bonus: cny('0') },
    ...{ partly: true, looked: false },
    ...{ lastSafeDayBefore: '2027-08-30', lastSafeDay: '2027-06-01' },
  },
  refusedCode: null,
  refunds: [],
}

const asked: RefundView = {
  ...{ id: '01JD9Z3K6N8Q4W2V7X5Y0ABCR1', progress: 'waiting', amount: cny('2988') },
  ...{ requestedAt: '2026-11-22T06:08:00.000Z', checkedAt: null, begunAt: null, doneAt: null },
  refusedCode: null,
}

const checkedAt = '2026-11-22T06:09:10.000Z'
const begunAt = '2026-11-22T06:09:11.000Z'

/** The same refund, as far as each of its states says. */
export const refunds: Readonly<Record<RefundView['progress'], RefundView>> = {
  waiting: asked,
  approved: { ...asked, progress: 'approved', checkedAt },
  sending: { ...asked, progress: 'sending', checkedAt, begunAt },
  delayed: { ...asked, progress: 'delayed', checkedAt, begunAt },
  done: { ...asked, progress: 'done', checkedAt, begunAt, doneAt: '2026-11-22T06:09:40.000Z' },
  refused: { ...asked, progress: 'refused', checkedAt, refusedCode: 'refund-nothing-left' },
  declined: { ...asked, progress: 'declined', checkedAt },
}

/** The order while its refund is so far; the money of a part is counted once it is back. */
export function refundedOrder(progress: RefundView['progress']): OrderView {
  const refund = refunds[progress]
  const under = { ...creditOrder, refund }
  if (progress === 'sending') return { ...under, state: 'refunding', final: false }
  if (progress === 'delayed') return { ...under, state: 'refund-abnormal', final: false }
  return progress === 'done' ? { ...under, refunded: refund.amount } : under
}
