import type { DisputeSaid, ProviderName, Said } from './port.ts'

export type { Said }

/** Where evidence came from: a notification, an answer to a query, a front return, a close or a refund call, an account's statement. */
export type EvidenceKind = 'notify' | 'query' | 'return' | 'close' | 'refund' | 'statement'

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
  /** The provider's reason for a refusal or a dispute. */
  readonly note: string | null
  readonly dispute?: DisputeSaid
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
  /** The provider's own number of a dispute; null where another thing is said. */
  readonly dispute: string | null
  readonly feeMinor: bigint | null
  readonly receivedAtMs: number
}
