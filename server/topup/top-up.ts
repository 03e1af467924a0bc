import type { OrderState } from '../../contract/top-up.ts'
import type { OfferTerms } from '../catalog/index.ts'
import { defineStates } from '../platform/state-machine.ts'

export type { OrderState }

/**
 * Why a paid order is not credited. What can never be credited is refunded at once (`refundedAtOnce`); `recall-window`: it can be, and its
 * payer, to whom the number is new, may take it back until then.
 */
export type HeldReason =
  | 'amount-mismatch'
  | 'currency-mismatch'
  | 'number-reassigned'
  | 'line-ceased'
  | 'line-refuses'
  | 'limit-reached'
  | 'recall-window'

export const refundedAtOnce: Readonly<Record<HeldReason, boolean>> = {
  'amount-mismatch': true,
  'currency-mismatch': true,
  'number-reassigned': true,
  'line-ceased': true,
  'line-refuses': false,
  'limit-reached': false,
  'recall-window': false,
}

/** An order as its row holds it. Amounts in minor units of the brand's currency, instants in milliseconds, days as epoch days. */
export interface TopUp {
  readonly id: string
  readonly kind: 'online' | 'agent'
  readonly caller: string
  readonly key: string
  /** SHA-256 of method, path and validated body, hexadecimal. */
  readonly hash: string
  readonly line: string
  readonly epoch: number
  readonly offer: string
  readonly offerKind: OfferTerms['kind']
  readonly dealer: string | null
  readonly priceMinor: bigint
  readonly faceMinor: bigint
  readonly bonusMinor: bigint
  readonly commissionMinor: bigint
  readonly capturedMinor: bigint
  readonly refundedMinor: bigint
  /** Of the payment that counts, what the payer's bank has taken back and not given back. */
  readonly reversedMinor: bigint
  readonly receiptSeries: string | null
  readonly receiptNo: bigint | null
  readonly placedAtMs: number
  readonly creditedAtMs: number | null
  readonly eventAtMs: number | null
  readonly payByMs: number | null
  readonly expiredAtMs: number | null
  readonly decideByMs: number | null
  readonly untilBefore: number | null
  readonly until: number | null
  readonly messageState: number
  readonly state: OrderState
  readonly heldReason: HeldReason | null
  readonly refundsOpen: boolean
  readonly refundAbnormal: boolean
  readonly attempt: string | null
  /** How long it can be recalled once paid; zero: the number was not new to its payer, or the brand has no such time. */
  readonly recallSeconds: number
  readonly terms: OfferTerms | null
  readonly locale: 'zh-CN' | 'en' | null
  readonly payerMsisdn: string | null
  readonly validityText: string | null
  readonly validityDays: number | null
  readonly reference: string | null
}

/** The same top-up by the same caller within this is asked about before it is done again. */
export const DUPLICATE_WINDOW_MS = 120_000

/** What an order has before anything has happened to it. */
export const justPlaced = {
  kind: 'online',
  state: 'awaiting-payment',
  dealer: null,
  reference: null,
  commissionMinor: 0n,
  capturedMinor: 0n,
  refundedMinor: 0n,
  reversedMinor: 0n,
  receiptSeries: null,
  receiptNo: null,
  creditedAtMs: null,
  eventAtMs: null,
  expiredAtMs: null,
  decideByMs: null,
  until: null,
  messageState: 0,
  heldReason: null,
  refundsOpen: false,
  refundAbnormal: false,
  attempt: null,
  recallSeconds: 0,
} as const satisfies Partial<TopUp>

/** What is known of an order, in no particular order of arrival: every path to the same facts gives the same state. */
export interface OrderFacts {
  readonly expired: boolean
  readonly credited: boolean
  readonly held: boolean
  readonly capturedMinor: bigint
  readonly refundedMinor: bigint
  readonly reversedMinor: bigint
  /** Refunds of the counted payment that are asked for and not yet done. */
  readonly refundsOpen: boolean
  readonly refundAbnormal: boolean
}

/** The state follows from the facts alone; fsck computes it again. */
export function deriveState(facts: OrderFacts): OrderState {
  const { reversedMinor, refundedMinor, capturedMinor } = facts
  if (reversedMinor > 0n && reversedMinor + refundedMinor >= capturedMinor) return 'reversed'
  if (facts.refundAbnormal) return 'refund-abnormal'
  if (facts.refundsOpen) return 'refunding'
  if (facts.capturedMinor > 0n && facts.refundedMinor === facts.capturedMinor) return 'refunded'
  if (facts.credited) return 'credited'
  if (facts.held) return 'held'
  if (facts.capturedMinor > 0n) return 'paid'
  return facts.expired ? 'expired' : 'awaiting-payment'
}

/**
 * The moment by which whatever was paid for an order is credited or on its way back: it can be paid until `payBy`, and what cannot be
 * credited is held for the brand's time at most. Null: no payer waits, it is a dealer's sale.
 */
export function promisedByMs(
  { holdSeconds }: { readonly holdSeconds: number },
  { payByMs }: Pick<TopUp, 'payByMs'>,
): number | null {
  return payByMs === null ? null : payByMs + holdSeconds * 1000
}

/** The order with the state that its facts give. */
export function withState(order: TopUp): TopUp {
  return { ...order, state: deriveState(factsOf(order)) }
}

function factsOf(order: TopUp): OrderFacts {
  return {
    expired: order.expiredAtMs !== null,
    credited: order.creditedAtMs !== null,
    held: order.heldReason !== null,
    capturedMinor: order.capturedMinor,
    refundedMinor: order.refundedMinor,
    reversedMinor: order.reversedMinor,
    refundsOpen: order.refundsOpen,
    refundAbnormal: order.refundAbnormal,
  }
}

/** What each state waits for, what ends it, and where it may go. */
export const orderStates = defineStates<OrderState>(
  'order',
  'awaiting-payment',
  ['credited', 'expired', 'refunded', 'reversed'],
  {
    'awaiting-payment': {
      to: ['paid', 'credited', 'held', 'refunding', 'expired'],
      waits: 'for the payer until pay_by; a payment, the payer’s cancelling or the time limit ends it',
    },
    paid: {
      to: ['credited', 'held', 'refunding'],
      waits: 'for its credit to be written; passes within one batch unless a balance lives in another system',
    },
    held: {
      to: ['credited', 'refunding'],
      waits:
        'for decide_by, as it is paid and cannot be credited now; then it is credited or refunding begins',
    },
    credited: {
      to: ['refunding', 'reversed', 'refund-abnormal'],
      waits:
        'for nothing, though a refund or a charge-back may follow, or a part that was refunded may come back',
    },
    refunding: {
      to: ['refunded', 'credited', 'refund-abnormal', 'reversed'],
      waits: 'for the provider to say that it paid back',
    },
    'refund-abnormal': {
      to: ['refunding', 'refunded', 'reversed'],
      waits: 'for a person: the provider refused to pay back, or what it paid back came back to it',
    },
    refunded: {
      to: ['refund-abnormal', 'reversed'],
      waits: 'for nothing, though what was paid back may come back to the provider, or be taken back as well',
    },
    reversed: {
      to: ['credited', 'refunded', 'refund-abnormal'],
      waits: 'for nothing: the payer’s bank took the money back; should it be given back, all is as it was',
    },
    expired: {
      to: ['paid', 'credited', 'held', 'refunding'],
      waits: 'for nothing, unless a late payment arrives after all',
    },
  },
)

export const finalStates: ReadonlySet<OrderState> = new Set(['credited', 'expired', 'refunded', 'reversed'])
