import type { OrderView } from '../../../../contract/top-up.ts'

const quickMs = 2_000
const slowMs = 5_000
/** Asked this often at the quick pace before it slows down, half a second at a time. */
const quickPolls = 10
const stepMs = 500
/** How long the confirmation text, or a barred number’s return to service, is waited for once the order is credited. */
const textMs = 60_000

/** A person's word on a refund takes a while, and is asked for slowly. */
const personMs = 15_000

/** Somebody asked for money back, and nobody has decided yet. */
export function isUndecided({ refund }: OrderView): boolean {
  return refund?.progress === 'waiting' || refund?.progress === 'approved'
}

/** Whether the page still expects news: until the order is final, and for a while until all that follows a credit has come. */
export function expectsNews(order: OrderView, now: number): boolean {
  return isUndecided(order) || followsCredit(order, now)
}

function followsCredit(order: OrderView, now: number): boolean {
  if (!order.final) return true
  const creditedAt = order.timeline.find(({ step }) => step === 'credited')?.at
  if (order.state !== 'credited' || creditedAt === undefined) return false
  const arrived =
    order.timeline.some(({ step }) => step === 'notified') && !order.items.some((item) => item.restoring)
  return !arrived && now - Date.parse(creditedAt) < textMs
}

/** Milliseconds until an order is asked for again after `polls` answers; false when nothing more will come. */
export function pollAfter(order: OrderView | undefined, polls: number, now: number): number | false {
  if (order && !expectsNews(order, now)) return false
  if (order && !followsCredit(order, now)) return personMs
  return Math.min(slowMs, quickMs + stepMs * Math.max(0, polls - quickPolls))
}
