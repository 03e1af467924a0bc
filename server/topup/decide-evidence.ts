import { type AttemptRow, type Capture, type EvidenceRow, refundStates } from '../payment/index.ts'
import { assert, never } from '../platform/error.ts'
import { onlineSeries } from '../receipt/index.ts'
import type { Applied } from './command.ts'
import { creditLine, type Source } from './credit.ts'
import { type Creditable, creditable, type NotCreditable } from './creditable.ts'
import { disputeAfter } from './dispute.ts'
import { clearingOf, mismatch, ofOrder, sourceOf } from './quoted.ts'
import {
  type HeldReason,
  orderStates,
  promisedByMs,
  refundedAtOnce,
  type TopUp,
  withState,
} from './top-up.ts'
import type { Work } from './work.ts'

/** What a payment's evidence does to its order. Late, duplicate and out-of-order evidence does nothing. */
export function decideEvidence(work: Work, evidence: EvidenceRow): Applied {
  work.evidenceApplied.push(evidence.id)
  const attempt = work.attempt(evidence.attempt)
  const order = work.order(evidence.order)
  assert(attempt && order, `evidence ${evidence.id} leads to an attempt and an order`)
  switch (evidence.said) {
    case 'paid':
      return applied(decidePaid(work, evidence, attempt, order))
    case 'closed':
      if (attempt.state === 'captured' || attempt.state === 'closed') return applied('nothing')
      work.setAttempt({ id: attempt.id, state: 'closed', atMs: work.state.nowMs })
      return applied('closed')
    case 'refunded':
      return applied(decideRefunded(work, evidence, attempt, order))
    case 'refund-refused':
      return applied(decideRefundRefused(work, evidence, order))
    case 'refund-failed':
      return applied(decideRefundFailed(work, evidence, order))
    case 'disputed':
    case 'reversed':
    case 'reinstated':
      return applied(fileDispute(work, evidence))
    default:
      return never(evidence.said)
  }
}

/** A held order's time has come: credited if it can be by now, else the money goes back. */
export function decideHold(work: Work, orderId: string): Applied {
  const order = work.order(orderId)
  assert(order?.attempt, `held order ${orderId} has a payment`)
  if (order.state !== 'held') return applied('nothing')
  const attempt = work.attempt(order.attempt)
  assert(attempt, `the payment of order ${orderId} is locked`)
  const can = canCredit(work, order)
  if (can.can) return applied(credit(work, order, can, sourceOf(work, order, attempt, true)))
  // Nobody recalled it, and now it cannot be credited: from here on it is held like any other.
  if (order.heldReason === 'recall-window') return applied(keepHeld(work, order, attempt, can.held))
  return applied(refundHeld(work, order, attempt, order.heldReason ?? can.held))
}

function applied(to: Applied['to']): Applied {
  return { outcome: 'applied', to }
}

/** The amount and currency a payment evidence names; its absence is a bug of the adapter. */
function capturedBy(evidence: EvidenceRow): { amountMinor: bigint; currency: string; transaction: string } {
  const { amountMinor, currency, transaction } = evidence
  assert(amountMinor !== null && currency !== null && transaction !== null, 'paid evidence names its money')
  return { amountMinor, currency, transaction }
}

function decidePaid(work: Work, evidence: EvidenceRow, attempt: AttemptRow, order: TopUp): Applied['to'] {
  const { amountMinor, currency, transaction } = capturedBy(evidence)
  if (attempt.captured?.transaction === transaction) return 'nothing'
  const { nowMs } = work.state
  const atMs = evidence.happenedAtMs ?? evidence.receivedAtMs
  const isSecond = attempt.captured !== null || order.attempt !== null
  if (attempt.captured === null) {
    work.setAttempt({
      id: attempt.id,
      state: 'captured',
      capture: { transaction, amountMinor, currency, atMs },
      atMs: nowMs,
    })
  }
  if (isSecond) return refundSecond(work, attempt, { amountMinor, currency, transaction })
  const paid: TopUp = {
    ...{ ...order, attempt: attempt.id },
    capturedMinor: ofOrder(work, attempt, amountMinor),
  }
  const wrong = mismatch(attempt, { amountMinor, currency })
  if (wrong) return hold(work, paid, attempt, wrong)
  const can = canCredit(work, paid)
  if (!can.can) return hold(work, paid, attempt, can.held)
  // One that is learnt of after its promised time has been waited for long enough.
  if (paid.recallSeconds > 0 && nowMs < (promisedByMs(work.state.brand.order, paid) ?? nowMs))
    return hold(work, paid, attempt, 'recall-window')
  return credit(work, paid, can, sourceOf(work, paid, attempt, false))
}

/** The order binds to line and epoch, never to the digits: a number that changed hands takes nothing. */
function canCredit(
  work: Work,
  order: TopUp,
): Creditable | NotCreditable | { readonly can: false; readonly held: HeldReason } {
  const clock = work.clock(order.line)
  assert(clock && order.terms, `order ${order.id} has its line and terms`)
  if (clock.epoch !== order.epoch) return { can: false, held: 'number-reassigned' }
  return creditable(work, clock, order.terms)
}

function credit(work: Work, order: TopUp, can: Creditable, source: Source): 'credited' {
  const { state } = work
  assert(order.terms, `order ${order.id} has its terms`)
  const sale = creditLine(work, order.id, order.terms, can, source)
  assert(sale.posted, 'a payment covers its own order')
  const series = onlineSeries(state.brand.receiptPrefix)
  setOrder(work, {
    ...order,
    creditedAtMs: state.nowMs,
    eventAtMs: state.businessMs,
    heldReason: null,
    decideByMs: null,
    untilBefore: can.untilBefore,
    until: can.until,
    receiptSeries: series,
    receiptNo: work.takeReceiptNo(series),
    messageState: 1,
  })
  return 'credited'
}

/** Booked as captured whatever the order says. */
function hold(work: Work, order: TopUp, attempt: AttemptRow, reason: HeldReason): 'held' | 'refunding' {
  postHeld(work, order.id, attempt, captureOf(work, attempt).amountMinor, attempt.id)
  return keepHeld(work, order, attempt, reason)
}

/**
 * What can never be credited is refunded at once, and so is what cannot be credited now and came to be known when its promised time was
 * over already.
 */
function keepHeld(work: Work, order: TopUp, attempt: AttemptRow, reason: HeldReason): 'held' | 'refunding' {
  const { nowMs, brand } = work.state
  const seconds = reason === 'recall-window' ? order.recallSeconds : brand.order.holdSeconds
  const longest = nowMs + seconds * 1000
  const decideByMs = Math.min(longest, promisedByMs(brand.order, order) ?? longest)
  const held = { ...order, heldReason: reason, decideByMs, messageState: 1 }
  if (refundedAtOnce[reason] || decideByMs <= nowMs) return refundHeld(work, held, attempt, reason)
  setOrder(work, held)
  return 'held'
}

function postHeld(work: Work, cause: string, attempt: AttemptRow, captured: bigint, holdId: string): void {
  const outcome = work.book.post('paid-and-held', {
    amounts: { captured },
    parties: {
      'provider-clearing': clearingOf(work, attempt),
      'topup-suspense': work.systemAccount('topup-suspense', '', attempt.currency),
    },
    cause,
    holdId,
  })
  assert(outcome.posted, 'captured money can be held')
}

function captureOf(work: Work, { id }: AttemptRow): Capture {
  const captured = work.attempt(id)?.captured
  assert(captured, `attempt ${id} was captured`)
  return captured
}

function postRefunding(
  work: Work,
  cause: string,
  { currency }: AttemptRow,
  captured: bigint,
  held: string,
  refund: string,
): void {
  const outcome = work.book.post('held-then-refunding', {
    amounts: { captured },
    parties: {
      'topup-suspense': work.systemAccount('topup-suspense', '', currency),
      'refund-clearing': work.systemAccount('refund-clearing', '', currency),
    },
    cause,
    pendingOf: held,
    holdId: refund,
  })
  assert(outcome.posted, 'held money can be refunded')
}

/** The whole payment goes back by the way it came; the refund's own number never changes. */
export function refundHeld(work: Work, order: TopUp, attempt: AttemptRow, reason: string): 'refunding' {
  const captured = captureOf(work, attempt)
  const refund = work.state.newId()
  postRefunding(work, order.id, attempt, captured.amountMinor, attempt.id, refund)
  work.newRefunds.push({
    id: refund,
    order: order.id,
    attempt: attempt.id,
    transaction: captured.transaction,
    amountMinor: captured.amountMinor,
    currency: captured.currency,
    ...(attempt.quote === null ? {} : { orderMinor: order.capturedMinor }),
    reason,
    automatic: true,
    atMs: work.state.nowMs,
  })
  setOrder(work, { ...order, heldReason: null, decideByMs: null, refundsOpen: true })
  return 'refunding'
}

/** Paid twice: the second payment pays itself back and the order is as it was. Its cause is its own hold, not the order. */
function refundSecond(
  work: Work,
  attempt: AttemptRow,
  money: { readonly amountMinor: bigint; readonly currency: string; readonly transaction: string },
): 'refunding' | 'nothing' {
  // A second payment may be spoken of again (TRADE_FINISHED after TRADE_SUCCESS): it goes back once.
  if (work.isRefunded(attempt.id, money.transaction)) return 'nothing'
  const hold = work.state.newId()
  const refund = work.state.newId()
  postHeld(work, hold, attempt, money.amountMinor, hold)
  postRefunding(work, hold, attempt, money.amountMinor, hold, refund)
  work.newRefunds.push({
    id: refund,
    order: attempt.order,
    attempt: attempt.id,
    ...money,
    reason: 'paid-twice',
    automatic: true,
    atMs: work.state.nowMs,
  })
  return 'refunding'
}

function decideRefunded(work: Work, evidence: EvidenceRow, evident: AttemptRow, order: TopUp): Applied['to'] {
  // Paid and wholly paid back at the provider before we heard of it: as if it had never been paid.
  if (evidence.refund === null && evident.state !== 'captured' && evident.state !== 'closed') {
    work.setAttempt({ id: evident.id, state: 'closed', atMs: work.state.nowMs })
    return 'closed'
  }
  const refund = evidence.refund === null ? undefined : work.refund(evidence.refund)
  if (!refund || refund.state === 'done' || refund.state === 'covered') return 'nothing'
  const attempt = work.attempt(refund.attempt)
  assert(attempt, `refund ${refund.id} has its attempt`)
  const outcome = work.book.post('refund-sent', {
    amounts: { refunded: refund.amountMinor },
    parties: {
      'refund-clearing': work.systemAccount('refund-clearing', '', attempt.currency),
      'provider-clearing': clearingOf(work, attempt),
    },
    cause: refund.id,
    pendingOf: refund.hold,
  })
  assert(outcome.posted, 'money in refund-clearing can be sent')
  work.setRefund({ id: refund.id, state: 'done', atMs: work.state.nowMs, note: null })
  if (refund.reason === 'paid-twice') return 'refunded'
  // Refused, and made after all: it passes through refunding.
  if (order.refundAbnormal) setOrder(work, { ...order, refundsOpen: true, refundAbnormal: false })
  const refundedMinor = order.refundedMinor + refund.orderMinor
  setOrder(work, { ...order, ...work.refundFlags(order.id), refundedMinor, messageState: 1 })
  return 'refunded'
}

function decideRefundRefused(work: Work, evidence: EvidenceRow, order: TopUp): Applied['to'] {
  const refund = evidence.refund === null ? undefined : work.refund(evidence.refund)
  if (!refund || !refundStates.may(refund.state, 'abnormal') || refund.state === 'done') return 'nothing'
  work.setRefund({
    id: refund.id,
    state: 'abnormal',
    atMs: work.state.nowMs,
    note: evidence.note,
  })
  if (refund.reason !== 'paid-twice') setOrder(work, { ...order, ...work.refundFlags(order.id) })
  return 'nothing'
}

/** A refund that was made came back to the provider: its money is held again, and a person acts. */
function decideRefundFailed(work: Work, evidence: EvidenceRow, order: TopUp): Applied['to'] {
  const refund = evidence.refund === null ? undefined : work.refund(evidence.refund)
  if (refund?.state !== 'done') return decideRefundRefused(work, evidence, order)
  const attempt = work.attempt(refund.attempt)
  assert(attempt, `refund ${refund.id} has its attempt`)
  const hold = work.state.newId()
  const outcome = work.book.post('refund-returned', {
    amounts: { returned: refund.amountMinor },
    parties: {
      'refund-clearing': work.systemAccount('refund-clearing', '', attempt.currency),
      'provider-clearing': clearingOf(work, attempt),
    },
    cause: refund.id,
    holdId: hold,
  })
  assert(outcome.posted, 'money that came back can be held')
  const { id } = refund
  work.setRefund({ id, state: 'abnormal', atMs: work.state.nowMs, note: evidence.note, hold })
  if (refund.reason === 'paid-twice') return 'nothing'
  const refundedMinor = order.refundedMinor - refund.orderMinor
  setOrder(work, { ...order, ...work.refundFlags(order.id), refundedMinor })
  return 'nothing'
}

/** What is said of a dispute is kept; a command of its own posts it, with all that it needs to know read under the line's lock. */
function fileDispute(work: Work, evidence: EvidenceRow): 'filed' | 'nothing' {
  const known = work
    .disputesOf(evidence.order)
    .find(
      ({ provider, merchant, number }) =>
        number === evidence.dispute && provider === evidence.provider && merchant === evidence.merchant,
    )
  const now = disputeAfter(known, evidence, known?.id ?? work.state.newId())
  if (now === null) return 'nothing'
  work.setDispute(now)
  return 'filed'
}

/** The only place an order's state is written: it follows from the facts. */
export function setOrder(work: Work, order: TopUp): void {
  const before = work.order(order.id)?.state
  const next = withState(order)
  const allowed = before === undefined || before === next.state || orderStates.may(before, next.state)
  assert(allowed, `an order may go from ${before} to ${next.state}`)
  work.setOrder(next)
}
