import type { ProviderName } from '../payment/index.ts'

/**
 * How bill and books differ. `missing-here`: the bill has it and our books have not; `missing-there`: the other way round;
 * `day-boundary`: both have it, on two days, or it is expected on the next day's bill; `fee`: not what the terms say.
 */
export type BreakClass = 'missing-here' | 'missing-there' | 'amount' | 'duplicate' | 'day-boundary' | 'fee'

/** In the order in which people are told them, with what each means. */
export const breakClasses: Readonly<Record<BreakClass, string>> = {
  'missing-here': 'on the bill, not in our books',
  'missing-there': 'in our books, not on the bill',
  amount: 'amounts or currencies differ',
  duplicate: 'on the bill twice',
  'day-boundary': 'on either side of midnight',
  fee: 'not the fee of the contract',
}

/** Nobody's yet: who keeps the books looks first. */
export const FIRST_OWNER = 'finance'

/** A difference that somebody owns until an entry or a reason closes it. Amounts in minor units. */
export interface Break {
  readonly id: string
  readonly provider: ProviderName
  readonly merchant: string
  /** Epoch day of the bill it was found with. */
  readonly day: number
  readonly class: BreakClass
  readonly kind: 'payment' | 'refund' | 'revocation' | 'fee' | 'other' | 'settlement'
  /** Of a payment the provider's transaction, of a refund our number, of a settlement the bank's reference. */
  readonly key: string
  /** Our attempt or refund, where there is one. */
  readonly item: string | null
  /** The row of the bill's table, and the number that it says is ours; null for what is on none. */
  readonly ordinal: number | null
  readonly number: string | null
  readonly oursMinor: bigint | null
  readonly ledgerMinor: bigint | null
  readonly billedMinor: bigint | null
  readonly currency: string
  /** What the provider owes us more by the bill than by the ledger; below zero: less. */
  readonly differenceMinor: bigint
  readonly owner: string
  readonly openedAtMs: number
  readonly closedAtMs: number | null
  readonly closedBy: string | null
  readonly reason: string | null
  readonly entry: string | null
}
