import { defineStates } from '../platform/state-machine.ts'

export type RefundState = 'requested' | 'sent' | 'unknown' | 'done' | 'abnormal' | 'covered'

/** The life of a refund. The sender writes `sent` and `unknown`; settle writes the two ends, from evidence. */
export const refundStates = defineStates<RefundState>(
  'refund',
  'requested',
  ['done', 'abnormal', 'covered'],
  {
    requested: {
      waits: 'for the sender to take it, within a second',
      to: ['sent', 'done', 'abnormal'],
    },
    sent: {
      waits:
        'for the answer to our call, or for its lease to run out; then the provider is asked by our number',
      to: ['unknown', 'done', 'abnormal'],
    },
    unknown: {
      waits:
        'for the provider to say whether our number was refunded; asked on the ladder, sent again under the same number only when it says it never was',
      to: ['sent', 'done', 'abnormal'],
    },
    done: {
      waits:
        'for nothing: the provider says the money went back, though it may still say that it came back to it',
      to: ['abnormal'],
    },
    abnormal: {
      waits:
        'for a person, who may send it again under its number: the provider refused, with its reason in `note`',
      to: ['requested', 'done', 'covered'],
    },
    covered: {
      waits: 'for nothing: the payer’s bank took the payment back, and what this held went towards that',
      to: [],
    },
  },
)

export interface RefundRow {
  readonly id: string
  readonly order: string
  readonly attempt: string
  readonly transaction: string
  readonly amountMinor: bigint
  readonly currency: string
  /** What it gives back of the order, in the order's currency: another figure where that was paid in another. */
  readonly orderMinor: bigint
  readonly reason: string
  readonly automatic: boolean
  readonly state: RefundState
  readonly requestedAtMs: number
  readonly doneAtMs: number | null
  /** The transfer that holds its money: its own id, but once it was made and came back. */
  readonly hold: string
}

/** `id` is made by the caller before the row is written and never changes: it is the provider's idempotency key. */
export interface NewRefund {
  readonly id: string
  readonly order: string
  readonly attempt: string
  /** The payment that is paid back: the attempt's capture, or a second payment made on the same attempt. */
  readonly transaction: string
  readonly amountMinor: bigint
  readonly currency: string
  /** What it gives back of the order, in the order's currency; absent: the same as `amountMinor`. */
  readonly orderMinor?: bigint
  /** Lower-case words with hyphens, e.g. `amount-mismatch`. */
  readonly reason: string
  /** True when the house decides by itself: then once per attempt, transaction and reason, which UNIQUE judges. */
  readonly automatic: boolean
  readonly atMs: number
}

export interface RefundChange {
  readonly id: string
  /** `requested`: sent once more, under its number. */
  readonly state: 'done' | 'abnormal' | 'requested' | 'covered'
  readonly atMs: number
  /** The provider's reason, when it refused. */
  readonly note: string | null
  /** It was made and came back: the transfer that holds its money from now on. */
  readonly hold?: string
}
