import { greatest, least } from '../ledger/index.ts'
import type { AttemptRow, RefundRow } from '../payment/index.ts'
import { assert } from '../platform/error.ts'
import { shareDown } from '../quote/index.ts'
import type { Dispute } from './dispute.ts'
import { quoteOf } from './quoted.ts'
import type { TopUp } from './top-up.ts'
import type { Work } from './work.ts'

/** What is taken of an order, in the order's currency, and of the margin of its quote. */
export type PartOfOrder = Pick<Dispute, 'orderMinor' | 'marginTakenMinor'>

/** Whether it is about the one payment that counts; a second payment of the order is on its way back by itself. */
export function isCounted(work: Work, { attempt, transaction }: Dispute, order: TopUp): boolean {
  return order.attempt === attempt && work.attempt(attempt)?.captured?.transaction === transaction
}

/** The payment it is about; whoever decides has it locked. */
export function attemptOf(work: Work, { attempt }: Pick<Dispute, 'attempt'>): AttemptRow {
  const found = work.attempt(attempt)
  assert(found, `attempt ${attempt} is locked`)
  return found
}

/** A payment in both currencies, and how much of it is back with its payer, by refunds and by disputes that stand. */
interface Paid {
  readonly paidMinor: bigint
  readonly wholeMinor: bigint
  readonly marginMinor: bigint
  readonly backPaidMinor: bigint
  readonly backMinor: bigint
  readonly marginBackMinor: bigint
}

/**
 * What the amount of a dispute comes to of its order: the same, or by the quote of the payment. By the sums so far, as refunds go: what all
 * that is back with the payer comes to, rounded down in the payer's favour, less what was back before; all of the payment is all of the
 * order, and more than was paid is more than the order. Nobody takes less than nothing back.
 */
export function partOfOrder(work: Work, dispute: Dispute, order: TopUp): PartOfOrder {
  const quoted = isCounted(work, dispute, order)
    ? countedPayment(work, dispute, order)
    : secondPayment(work, dispute)
  if (!quoted) return { orderMinor: dispute.amountMinor, marginTakenMinor: 0n }
  const { paidMinor, wholeMinor, marginMinor, backPaidMinor, backMinor, marginBackMinor } = quoted
  const upToMinor = (wholeMinor * (backPaidMinor + dispute.amountMinor)) / paidMinor
  const orderMinor = greatest(0n, upToMinor - backMinor)
  const marginUpToMinor = (marginMinor * least(backMinor + orderMinor, wholeMinor)) / wholeMinor
  return { orderMinor, marginTakenMinor: greatest(0n, marginUpToMinor - marginBackMinor) }
}

function countedPayment(work: Work, dispute: Dispute, order: TopUp): Paid | null {
  const { captured, ...attempt } = attemptOf(work, dispute)
  const quote = quoteOf(work, attempt)
  if (!quote) return null
  assert(captured, `the payment of order ${order.id} was captured`)
  const sent = work
    .refundsOf(order.id)
    .filter(({ state, reason }) => state === 'done' && reason !== 'paid-twice')
  const standing = standingBeside(work, dispute)
  // Only what was credited has been exchanged, with a margin.
  const marginMinor = order.creditedAtMs === null ? 0n : quote.marginMinor
  const { capturedMinor: wholeMinor, refundedMinor } = order
  const refunded = { beforeMinor: 0n, partMinor: refundedMinor, wholeMinor }
  return {
    ...{ paidMinor: captured.amountMinor, wholeMinor, marginMinor },
    backPaidMinor: sum(sent, (one) => one.amountMinor) + sum(standing, (one) => one.amountMinor),
    backMinor: refundedMinor + sum(standing, (one) => one.orderMinor),
    marginBackMinor: shareDown(marginMinor, refunded) + sum(standing, (one) => one.marginTakenMinor),
  }
}

/** One that came second was never exchanged. */
function secondPayment(work: Work, dispute: Dispute): Paid | null {
  const quote = quoteOf(work, attemptOf(work, dispute))
  if (!quote) return null
  const standing = standingBeside(work, dispute)
  return {
    ...{ paidMinor: quote.amountMinor, wholeMinor: quote.priceMinor, marginMinor: 0n, marginBackMinor: 0n },
    backPaidMinor: sum(standing, (one) => one.amountMinor),
    backMinor: sum(standing, (one) => one.orderMinor),
  }
}

/** Other disputes about the same payment that the payer's bank has not given back. */
function standingBeside(work: Work, { id, order, attempt, transaction }: Dispute): Dispute[] {
  return work
    .disputesOf(order)
    .filter(
      (one) =>
        one.id !== id &&
        one.attempt === attempt &&
        one.transaction === transaction &&
        (one.posted === 'disputed' || one.posted === 'reversed'),
    )
}

/** What a refused refund of the disputed payment holds, as it was taken of the order. */
export function heldOf(work: Work, dispute: Dispute, order: TopUp, refund: RefundRow): PartOfOrder {
  const quote = quoteOf(work, attemptOf(work, refund))
  if (!quote) return { orderMinor: refund.amountMinor, marginTakenMinor: 0n }
  if (!isCounted(work, dispute, order)) {
    const orderMinor = (quote.priceMinor * refund.amountMinor) / quote.amountMinor
    return { orderMinor, marginTakenMinor: 0n }
  }
  const { orderMinor } = refund
  if (refund.automatic) return { orderMinor, marginTakenMinor: 0n }
  const beforeMinor = sum(
    work.refundsOf(order.id).filter((one) => wentBefore(one, refund)),
    (one) => one.orderMinor,
  )
  const share = { beforeMinor, partMinor: orderMinor, wholeMinor: order.capturedMinor }
  return { orderMinor, marginTakenMinor: shareDown(quote.marginMinor, share) }
}

/** Whether one had gone back when the other began: not, where a dispute had been charged with it by then. */
function wentBefore(one: RefundRow, other: RefundRow): boolean {
  const charged = one.state === 'covered' && (one.doneAtMs ?? Infinity) <= other.requestedAtMs
  return !one.automatic && one.id < other.id && !charged
}

function sum<T>(all: readonly T[], of: (one: T) => bigint): bigint {
  return all.reduce((total, one) => total + of(one), 0n)
}
