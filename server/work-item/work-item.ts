/** Each kind of trouble that waits for a person; the table's CHECK has the same ones. */
export const workKinds = {
  'unknown-payment':
    'a payment of which the provider has not said how it ended: a day old, or asked about to the end of the ladder',
  held: 'a paid order that is neither credited nor on its way back an hour after it was to be decided',
  'refund-abnormal': 'a refund that the provider refused',
  'unknown-refund':
    'a refund of which the provider has not said that it was made: a day old, or asked about to the end of the ladder',
  'orphan-evidence': 'a genuine saying of a provider about a payment that is none of ours',
} as const satisfies Readonly<Record<string, string>>

export type WorkKind = keyof typeof workKinds

/** Something that a person must look at. Instants in milliseconds. */
export interface WorkItem {
  readonly id: string
  readonly kind: WorkKind
  /** The attempt, order, refund or evidence it is about. */
  readonly subject: string
  /** The order behind it; null: evidence of nobody's payment. */
  readonly order: string | null
  /** Who said it, or was asked, about how much; null where the subject is an order, or nothing was said of money. */
  readonly provider: string | null
  readonly merchant: string | null
  readonly transaction: string | null
  readonly amountMinor: bigint | null
  readonly currency: string | null
  /** When the trouble began. */
  readonly sinceMs: number
  readonly owner: string
  readonly openedAtMs: number
  readonly closedAtMs: number | null
  readonly closedBy: string | null
  readonly reason: string | null
}

/** Whose an item is until somebody takes it. */
export const DEFAULT_OWNER = 'payments'
