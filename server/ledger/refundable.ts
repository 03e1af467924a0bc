import type { LineMoney } from './book.ts'
import { least } from './least.ts'

/** What a refund of an order takes back: `faceMinor` leaves the line, of which `costMinor` goes to the payer. */
export interface Refundable {
  readonly faceMinor: bigint
  readonly costMinor: bigint
  /** The share of the discount that is undone: face less cost. The amounts of `credit-refunding` are this and the cost. */
  readonly discountMinor: bigint
}

const NOTHING: Refundable = { faceMinor: 0n, costMinor: 0n, discountMinor: 0n }

/**
 * The unspent paid credit of an order and what it was bought for, at the ratio of the line's whole paid credit: 50.00
 * bought for 49.80 with 30.00 unspent gives 29.88. The cost is rounded up, in the payer's favour, and is never more than
 * what was captured and not yet refunded. All in minor units of one currency.
 */
export function refundable(
  money: Pick<LineMoney, 'paid' | 'paidCost'>,
  order: {
    /** Paid credit the order gave, less what earlier refunds took back. */
    readonly faceMinor: bigint
    /** Captured less refunded. */
    readonly unrefundedMinor: bigint
  },
): Refundable {
  const face = least(order.faceMinor, money.paid)
  if (face <= 0n) return NOTHING
  const cost = least((money.paidCost * face + money.paid - 1n) / money.paid, order.unrefundedMinor)
  // Credit stays where no money goes back for it.
  return cost <= 0n ? NOTHING : { faceMinor: face, costMinor: cost, discountMinor: face - cost }
}

/**
 * The share of what can go back that belongs to a part of its cost: face rounded down, in the payer's favour. The whole cost gives
 * the whole. `costMinor` is above zero and at most `whole.costMinor`.
 */
export function partOf(whole: Refundable, costMinor: bigint): Refundable {
  const faceMinor = (whole.faceMinor * costMinor) / whole.costMinor
  return { faceMinor, costMinor, discountMinor: faceMinor - costMinor }
}
