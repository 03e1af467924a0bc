import { idToWire } from '../../contract/id.ts'
import { wire } from '../../contract/money.ts'
import type { OrderItem, OrderView, OrderWait, ReceiptView, TimelineStep } from '../../contract/top-up.ts'
import { type Brand, maskNumber } from '../brand/index.ts'
import { isoInstant } from '../platform/clock.ts'
import { assert, refuse } from '../platform/error.ts'
import { formatDay, lastSafeDay } from '../policy/index.ts'
import { formatReceiptNumber } from '../receipt/index.ts'
import { topUpErrors } from './errors.ts'
import type { Pace } from './pace.ts'
import { isOpen } from './pay.ts'
import { promisesOf } from './promise.ts'
import { viewPaidIn } from './quote-view.ts'
import { isUndecided, viewRefundsOf } from './refund-progress.ts'
import type { ReadOrder, ShownOrder } from './shown-order.ts'
import { finalStates, type TopUp } from './top-up.ts'

/** `pace`: how long the brand's orders take lately; null where nobody waits for this one, or nothing is known. */
export function viewOrder(brand: Brand, shown: ShownOrder, pace: Pace | null): OrderView {
  const { order } = shown
  const attempt = shownAttempt(shown)
  const [refund] = viewRefundsOf(brand, shown)
  const promises = promisesOf(brand, shown)
  const paidIn = viewPaidIn(shown)
  const money = (minor: bigint) => wire(minor, brand.currency)
  return {
    id: idToWire(order.id),
    state: order.state,
    final: finalStates.has(order.state),
    heldReason: order.heldReason,
    resolvesBy: instant(promises.resolvesByMs),
    lookedIntoBy: instant(promises.lookedIntoByMs),
    recallSeconds: order.recallSeconds,
    wait: order.state === 'awaiting-payment' || order.state === 'paid' ? wait(brand, pace) : null,
    items: [viewItem(brand, shown)],
    price: money(order.priceMinor),
    captured: money(order.capturedMinor),
    refunded: money(order.refundedMinor),
    ...(order.reversedMinor > 0n && { reversed: money(order.reversedMinor) }),
    placedAt: isoInstant(order.placedAtMs),
    payBy: order.state === 'awaiting-payment' ? instant(order.payByMs) : null,
    provider: attempt?.provider ?? null,
    paymentState: attempt?.state ?? null,
    ...transferOf(shown),
    timeline: timeline(brand, shown),
    ...(refund ? { refund } : {}),
    ...(paidIn ? { paidIn } : {}),
    receiptNumber: receiptNumber(order),
  }
}

/** Instructions stand as long as the transfer may still come. */
function transferOf({ order, attempts }: ShownOrder): Pick<OrderView, 'transfer'> {
  const awaited = attempts.findLast((attempt) => attempt.transfer !== undefined && isOpen(attempt))
  return order.state === 'awaiting-payment' && awaited?.transfer ? { transfer: awaited.transfer } : {}
}

function wait({ order }: Brand, pace: Pace | null): OrderWait {
  return {
    usualSeconds: pace?.usualSeconds ?? null,
    longSeconds: pace?.longSeconds ?? null,
    refundAfterSeconds: order.holdSeconds,
  }
}

/** A credited order's message is waited for so long; a told one still so long, as its line may be restored. */
const MESSAGE_MS = 60_000
const RESTORATION_MS = 15_000

/** Whether who follows an order should still wait. It must not depend on the line, whose state is no stranger's business. */
export function expectsNews(around: ReadOrder, nowMs: number): boolean {
  return isUndecided(around) || followsCredit(around, nowMs)
}

/** Whether an order is under way, or what comes after its credit is. */
export function followsCredit({ order, messages }: ReadOrder, nowMs: number): boolean {
  if (order.state !== 'credited' || order.creditedAtMs === null) return !finalStates.has(order.state)
  return nowMs < order.creditedAtMs + (confirmation(messages) ? RESTORATION_MS : MESSAGE_MS)
}

/** The message about the credit, once it has arrived. */
function confirmation(messages: ReadOrder['messages']) {
  return messages.find(({ template, state }) => isOfCredit(template) && state === 'delivered')
}

/** The attempt that paid, else the last one. */
function shownAttempt({ order, attempts }: ShownOrder) {
  return attempts.find((attempt) => attempt.id === order.attempt) ?? attempts.at(-1)
}

/** A stranger's number is masked, and neither its balance nor its date is told. */
function viewItem(brand: Brand, shown: ShownOrder): OrderItem {
  const { order, msisdn, own, balanceAfterMinor, restoration, settles } = shown
  const { terms, until, untilBefore } = order
  assert(terms && order.validityText !== null, 'an online order has frozen its offer')
  const money = (minor: bigint) => wire(minor, brand.currency)
  const credited = order.creditedAtMs !== null
  const added = until === null || untilBefore === null ? 0 : until - untilBefore
  return {
    // Whoever may take it back looks at what they typed.
    msisdn: own || order.heldReason === 'recall-window' ? msisdn : maskNumber(brand, msisdn),
    offer: { kind: order.offerKind, name: terms.name },
    price: money(order.priceMinor),
    face: money(order.faceMinor),
    bonus: money(order.bonusMinor),
    balanceAfter: balanceAfterMinor === null ? null : money(balanceAfterMinor),
    lastSafeDayBefore: own ? safeDay(untilBefore) : null,
    lastSafeDay: own && credited ? safeDay(until) : null,
    addedDays: !own || !credited ? order.validityDays : added > 0 ? added : null,
    ...(settles && {
      settles: {
        amount: money(settles.amountMinor),
        ...(settles.sinceMs !== null && { since: isoInstant(settles.sinceMs) }),
      },
    }),
    restoring: restoration !== null && restoration.restoredAtMs === null,
    validityText: order.validityText,
  }
}

/** What happened, in the order it came true; a provider's clock that lags ours does not turn the order round. */
function timeline(brand: Brand, shown: ShownOrder): TimelineStep[] {
  const { order, attempts, refunds, messages, restoration } = shown
  const paid = attempts.find((attempt) => attempt.id === order.attempt)?.captured
  // A second payment goes back by itself and is no step of the order.
  const counted = refunds.filter(
    (refund) => refund.attempt === order.attempt && refund.reason !== 'paid-twice',
  )
  const done = counted.flatMap((refund) => (refund.state === 'done' ? (refund.doneAtMs ?? []) : []))
  // Whichever of the two came first.
  const afterwards = (
    [
      ['restored', restoration?.restoredAtMs],
      ['notified', confirmation(messages)?.atMs],
    ] as const
  ).toSorted(([, a], [, b]) => (a ?? 0) - (b ?? 0))
  const steps: readonly (readonly [TimelineStep['step'], number | null | undefined])[] = [
    ['placed', order.placedAtMs],
    [isCancelled(order) ? 'cancelled' : 'expired', order.state === 'expired' ? order.expiredAtMs : null],
    ['paid', paid?.atMs],
    ['held', order.decideByMs === null ? null : order.decideByMs - heldForSeconds(brand, order) * 1000],
    ['credited', order.creditedAtMs],
    ...afterwards,
    ['refunding', counted[0]?.requestedAtMs],
    ['refunded', done.length === 0 ? null : Math.max(...done)],
    ['reversed', order.reversedMinor > 0n ? takenBackAtMs(shown) : null],
  ]
  let last = 0
  return steps.flatMap(([step, atMs]) => {
    if (atMs === null || atMs === undefined) return []
    last = Math.max(last, atMs)
    return [{ step, at: isoInstant(last) }]
  })
}

function heldForSeconds({ order: { holdSeconds } }: Brand, { heldReason, recallSeconds }: TopUp): number {
  return heldReason === 'recall-window' ? recallSeconds : holdSeconds
}

/** When the payer's bank took back the payment that counts. */
function takenBackAtMs({ disputes }: ReadOrder): number | null {
  const standing = disputes.filter(({ posted }) => posted === 'disputed' || posted === 'reversed')
  return standing[0]?.openedAtMs ?? null
}

/** Only its payer ends an order before its time. */
function isCancelled({ expiredAtMs, payByMs }: TopUp): boolean {
  return expiredAtMs !== null && payByMs !== null && expiredAtMs < payByMs
}

function isOfCredit(template: string): boolean {
  return template.startsWith('top-up-credited') || template.startsWith('package-credited')
}

/** The receipt: content frozen at crediting, but for what has been refunded since. Throws `receipt-not-ready`. */
export function viewReceipt(brand: Brand, shown: ShownOrder): ReceiptView {
  const { order, own, msisdn } = shown
  const number = receiptNumber(order)
  if (number === null) throw refuse(topUpErrors['receipt-not-ready'])
  assert(
    order.terms && order.validityText !== null && order.eventAtMs !== null,
    'a credited order has its terms',
  )
  const money = (minor: bigint) => wire(minor, brand.currency)
  const paidIn = viewPaidIn(shown)
  return {
    number,
    orderId: idToWire(order.id),
    issuedAt: isoInstant(order.eventAtMs),
    brandName: brand.name,
    msisdn: own ? msisdn : maskNumber(brand, msisdn),
    offerName: order.terms.name,
    face: money(order.faceMinor),
    bonus: money(order.bonusMinor),
    paid: money(order.capturedMinor),
    surcharge: money(0n),
    ...(shown.settles && { settled: money(shown.settles.amountMinor) }),
    method: shownAttempt(shown)?.provider ?? '',
    lastSafeDay: own ? safeDay(order.until) : null,
    validityText: order.validityText,
    refunded: money(order.refundedMinor),
    hotline: brand.hotline.number,
    ...(paidIn ? { paidIn } : {}),
  }
}

export function receiptNumber({ receiptSeries, receiptNo }: TopUp): string | null {
  return receiptSeries === null || receiptNo === null ? null : formatReceiptNumber(receiptSeries, receiptNo)
}

export function safeDay(until: number | null): string | null {
  const day = lastSafeDay(until)
  return day === null ? null : formatDay(day)
}

function instant(ms: number | null): string | null {
  return ms === null ? null : isoInstant(ms)
}
