import type { ProviderName } from './port.ts'

/** Where evidence came from: a notification, an answer to a query, a front return, a close or a refund call, an account's statement. */
export type EvidenceKind = 'notify' | 'query' | 'return' | 'close' | 'refund' | 'statement'

/**
 * What evidence says. `paid`: the provider took this amount. `closed`: nobody has paid and nobody can any more. `refunded`:
 * money is back with the payer, by our refund where `refund` names it (its own row says how much), else `amountMinor` of the
 * payment, by whoever did it at the provider. `refund-refused`: our refund will not be made, for the reason in `note`.
 */
export type Said = 'paid' | 'closed' | 'refunded' | 'refund-refused'

/** Verified evidence on its way into the inbox. */
export interface Evidence {
  readonly provider: ProviderName
  readonly merchant: string
  readonly kind: EvidenceKind
  /** With provider, merchant and kind unique: a second saying of the same is one row. */
  readonly providerId: string
  /** Our attempt, as the evidence names it; one we do not have makes an orphan. Null: not one of our numbers. */
  readonly attempt: string | null
  readonly refund: string | null
  readonly said: Said
  readonly transaction: string | null
  readonly amountMinor: bigint | null
  readonly currency: string | null
  /** The provider's own time of it, where it states one. */
  readonly happenedAtMs: number | null
  /** The provider's reason for a refusal. */
  readonly note: string | null
  /** The very bytes that were verified. */
  readonly raw: Buffer
  /** The same as names and values. */
  readonly fields: Readonly<Record<string, unknown>>
}

/** Evidence waiting to be applied, with the order it leads to. */
export interface EvidenceRow {
  readonly id: string
  readonly provider: ProviderName
  readonly merchant: string
  readonly kind: EvidenceKind
  readonly attempt: string
  readonly order: string
  readonly refund: string | null
  readonly said: Said
  readonly transaction: string | null
  readonly amountMinor: bigint | null
  readonly currency: string | null
  readonly happenedAtMs: number | null
  readonly note: string | null
  readonly receivedAtMs: number
}
