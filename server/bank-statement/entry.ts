/** A booking of an account as a file of the bank tells it. */
export interface StatedEntry {
  /** The bank's own reference: by it an entry of one file is known on another. */
  readonly reference: string
  /** `credit`: money came to the account. */
  readonly direction: 'credit' | 'debit'
  /** It undoes an earlier booking. */
  readonly reversal: boolean
  readonly amountMinor: bigint
  readonly currency: string
  /** Dates of the bank, `2026-11-22`. */
  readonly bookedOn: string
  readonly valueOn: string | null
  /** All that was written on it, in the bank's order. */
  readonly remittance: string
  /** Who paid, or was paid, where the bank says so. */
  readonly otherName: string | null
  readonly otherAccount: string | null
}

/** One account over some days, or a notice of single bookings, as a file holds it. */
export interface Stated {
  /** As the bank writes it; null: the file does not say. */
  readonly account: string | null
  readonly currency: string | null
  /** What the account held before its entries and after them; null: a notice does not say. */
  readonly balances: { readonly openingMinor: bigint; readonly closingMinor: bigint } | null
  readonly entries: readonly StatedEntry[]
}

export type Format = 'camt.053' | 'camt.054' | 'csv'

/** A file that was read to its end; statements in the order in which it has them. */
export interface StatementFile {
  readonly format: Format
  readonly statements: readonly Stated[]
}

/** Why an entry was not matched by itself, and what each reason means, in the order in which a person would ask. */
export const reasons = {
  'no-reference': 'nothing on it looks like a reference',
  'reference-unknown': 'what looks like a reference is none of ours',
  'several-references': 'it bears references of several orders',
  'amount-less': 'less than was asked for',
  'amount-more': 'more than was asked for',
  'order-over': 'its order was paid already, or has ended',
  reversal: 'the bank took an earlier booking back, or has taken this one back',
  'debit-unknown': 'money left the account, and no refund of ours says why',
} as const
export type Reason = keyof typeof reasons

/** What has become of an entry. `open` waits for its owner; the others are ends. */
export type EntryState = 'open' | 'matched' | 'returned' | 'dismissed' | 'written-off'

/** An entry as it is kept. */
export interface BankEntry extends StatedEntry {
  readonly id: string
  readonly merchant: string
  readonly state: EntryState
  readonly reason: Reason | null
  readonly owner: string | null
  /** The attempt that it paid or seems to mean. */
  readonly attempt: string | null
  /** The payment that it is, or is a part of: the reference of its first entry. */
  readonly transaction: string | null
  readonly refund: string | null
  readonly returnReference: string | null
  /** When the file that told of it first was taken in, and whether that was a notice. */
  readonly seenAtMs: number
  readonly noticed: boolean
  readonly closedAtMs: number | null
  readonly closedBy: string | null
  readonly note: string | null
}

/** By its sign for the account. */
export function signed({ direction, amountMinor }: Pick<StatedEntry, 'direction' | 'amountMinor'>): bigint {
  return direction === 'credit' ? amountMinor : -amountMinor
}
