import { wire } from '../../contract/money.ts'
import {
  type AllowanceKind,
  earnedByDay,
  type LineMoney,
  least,
  refundable,
  type SoldTerm,
} from '../ledger/index.ts'
import type { ErrorEntry, RefusalMembers } from '../platform/error.ts'
import { topUpErrors } from './errors.ts'
import type { TakenSoFar } from './refund-request.ts'
import type { TopUp } from './top-up.ts'

/** What the question needs of the order's surroundings, each as it stands under the locks of whoever decides. */
export interface Surroundings {
  /** Of the line at the order's epoch. */
  readonly money: LineMoney
  readonly taken: TakenSoFar
  /** Business date in the brand's zone, as an epoch day. */
  readonly today: number
  /** Of a package: its term, the allowances it gave, and what the lots of its end still have. */
  readonly term: SoldTerm | null
  readonly allowances: readonly {
    readonly kind: AllowanceKind
    readonly amount: bigint
    readonly left: bigint
  }[]
}

/** What can go back of an order today, all in minor units of the brand's currency. */
export interface Assessed {
  readonly can: true
  /** To the payer. */
  readonly amountMinor: bigint
  /** Paid credit, and bonus, that leave the line for it; a package's are zero. */
  readonly faceMinor: bigint
  readonly bonusMinor: bigint
}

export interface NotRefundable {
  readonly can: false
  readonly entry: ErrorEntry
  readonly members: RefusalMembers
}

/**
 * May money of this order go back today, and how much. Credit: what is unspent of it, at what it was bought for, with the bonus it
 * brought as far as that is unspent. A package: the days that have not begun, if none of its allowances was used.
 */
export function assessRefund(order: TopUp, around: Surroundings): Assessed | NotRefundable {
  if (order.refundsOpen || order.refundAbnormal) return no(topUpErrors['refund-in-progress'])
  if (order.state !== 'credited') return no(topUpErrors['refund-not-possible'], { state: order.state })
  // A payment of which a part was taken back is refunded no more: the provider would refuse it.
  if (order.reversedMinor > 0n) return no(topUpErrors['refund-not-possible'], { state: 'reversed' })
  return assessUnspent(order, around)
}

/** The same of an order whatever became of its payment. */
export function assessUnspent(order: TopUp, around: Surroundings): Assessed | NotRefundable {
  return order.offerKind === 'package' ? assessPackage(order, around) : assessCredit(order, around)
}

function assessCredit(order: TopUp, { money, taken }: Surroundings): Assessed | NotRefundable {
  const { faceMinor, costMinor } = refundable(money, {
    faceMinor: order.faceMinor - taken.faceMinor,
    unrefundedMinor: unreturned(order),
  })
  if (costMinor === 0n) return no(topUpErrors['refund-nothing-left'])
  const bonusMinor = least(order.bonusMinor - taken.bonusMinor, money.bonus)
  return { can: true, amountMinor: costMinor, faceMinor, bonusMinor }
}

/** Of what was captured, what is still with us. */
function unreturned({ capturedMinor, refundedMinor, reversedMinor }: TopUp): bigint {
  return capturedMinor - refundedMinor - reversedMinor
}

function assessPackage(order: TopUp, { term, today, allowances }: Surroundings): Assessed | NotRefundable {
  if (term === null || term.refundedMinor > 0n || today + 1 >= term.until)
    return no(topUpErrors['refund-nothing-left'])
  if (allowances.some(({ amount, left }) => left < amount)) return no(topUpErrors['refund-package-used'])
  // Today has begun. Earning may be ahead of a business date that was just read.
  const unbegun = term.priceMinor - earnedByDay(term, today + 1)
  const amountMinor = least(least(unbegun, term.priceMinor - term.earnedMinor), unreturned(order))
  if (amountMinor <= 0n) return no(topUpErrors['refund-nothing-left'])
  return { can: true, amountMinor, faceMinor: 0n, bonusMinor: 0n }
}

/** The amount that is asked for, of what can go back. Null: all of it. */
export function askedPart(
  order: TopUp,
  assessed: Assessed,
  askedMinor: bigint | null,
  currency: string,
): { readonly can: true; readonly amountMinor: bigint } | NotRefundable {
  const { amountMinor: most } = assessed
  if (askedMinor === null || askedMinor === most) return { can: true, amountMinor: most }
  if (askedMinor > most) return no(topUpErrors['refund-exceeds'], { most: wire(most, currency) })
  if (order.offerKind === 'package') return no(topUpErrors['refund-package-whole'])
  return { can: true, amountMinor: askedMinor }
}

function no(entry: ErrorEntry, members: RefusalMembers = {}): NotRefundable {
  return { can: false, entry, members }
}
