import { describe, expect, it } from 'vitest'
import type { OrderState, OrderView, TimelineStep } from '../../../../contract/top-up.ts'
import { pollAfter } from './poll.ts'

const at = '2026-11-22T06:05:00.000Z'
const now = Date.parse(at)

function order(state: OrderState, final: boolean, ...steps: TimelineStep['step'][]): OrderView {
  const none = { amountMinor: '0', currency: 'CNY' }
  return {
    id: '01JD9Z3K6N8Q4W2V7X5Y0ABCDE',
    state,
    final,
    heldReason: null,
    resolvesBy: null,
    lookedIntoBy: null,
    recallSeconds: 0,
    wait: null,
    items: [],
    price: none,
    captured: none,
    refunded: none,
    placedAt: at,
    payBy: null,
    provider: null,
    paymentState: null,
    timeline: steps.map((step) => ({ step, at })),
    receiptNumber: null,
  }
}

describe('how often an order is asked for', () => {
  it('is every two seconds at first, and slows down to five', () => {
    const paces = [0, 1, 10, 11, 12, 16, 100].map((polls) => pollAfter(undefined, polls, now))
    expect(paces).toEqual([2000, 2000, 2000, 2500, 3000, 5000, 5000])
  })

  it.each(['awaiting-payment', 'paid', 'held', 'refunding', 'refund-abnormal'] as const)(
    'goes on while it is %s',
    (state) => {
      expect(pollAfter(order(state, false, 'placed'), 3, now)).toBe(2000)
    },
  )

  it.each(['expired', 'refunded', 'reversed'] as const)('ends when it is %s', (state) => {
    expect(pollAfter(order(state, true, 'placed'), 3, now)).toBe(false)
  })

  it('waits for the text message of a credited one, but not for ever', () => {
    const credited = order('credited', true, 'placed', 'paid', 'credited')
    expect(pollAfter(credited, 3, now)).toBe(2000)
    expect(pollAfter(credited, 3, now + 60_000)).toBe(false)
    const told = order('credited', true, 'paid', 'credited', 'notified')
    expect(pollAfter(told, 3, now)).toBe(false)
    const restoring = { ...told, items: [{ restoring: true }] as unknown as OrderView['items'] }
    expect(pollAfter(restoring, 3, now)).toBe(2000)
  })

  it('goes on slowly while nobody has decided about a refund, and ends with that', () => {
    const told = order('credited', true, 'paid', 'credited', 'notified')
    const refund = { progress: 'waiting' } as NonNullable<OrderView['refund']>
    expect(pollAfter({ ...told, refund }, 3, now + 3_600_000)).toBe(15_000)
    expect(pollAfter({ ...told, refund: { ...refund, progress: 'declined' } }, 3, now)).toBe(false)
  })
})
