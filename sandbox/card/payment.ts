import type { Card, Decline, Issuer } from './card-number.ts'

/** `open` waits for the payer or its deadline; `complete` is paid; `expired` never will be, unless a knob says so. */
export type SessionStatus = 'open' | 'complete' | 'expired'

/** What a merchant asked for. Amounts are minor units in digits, currencies in lower case as on this wire. */
export interface SessionOrder {
  account: string
  amountMinor: string
  currency: string
  product: string
  clientReferenceId: string | null
  metadata: Record<string, string>
  /** Handed down to the payment and its charge. */
  paymentMetadata: Record<string, string>
  successUrl: string
  cancelUrl: string | null
  locale: string | null
  /** Milliseconds. */
  expiresAt: number
}

export interface Session {
  id: string
  order: SessionOrder
  status: SessionStatus
  createdAt: number
  intent?: Intent
  /** The issuer's own step that the payer has to take. */
  challenge?: { card: Card; issuer: Issuer }
}

export interface Intent {
  id: string
  session: Session
  createdAt: number
  status: 'requires_payment_method' | 'requires_action' | 'succeeded'
  failure?: Decline
  charge?: Charge
}

export interface Charge {
  id: string
  intent: Intent
  createdAt: number
  card: Card
  amountMinor: bigint
  after: Issuer['after'] | undefined
  /** Its line in the balance. */
  transaction: string
  refunds: Refund[]
  dispute?: Dispute
}

export interface Refund {
  id: string
  charge: Charge
  createdAt: number
  amountMinor: bigint
  reason: string | null
  metadata: Record<string, string>
  status: 'pending' | 'succeeded' | 'failed'
  /** What time will make of it by itself; null when nothing more, or when somebody has to say. */
  settles: 'succeeded' | 'failed' | null
  transaction: string
}

export interface Dispute {
  id: string
  charge: Charge
  createdAt: number
  reason: string
  amountMinor: bigint
  status: 'needs_response' | 'won' | 'lost'
  transaction: string
}

/** One line of the merchant's balance. `amountMinor` is signed; `feeMinor` is what the vendor keeps of it. */
export interface BalanceLine {
  id: string
  account: string
  at: number
  category: 'charge' | 'refund' | 'refund_failure' | 'dispute' | 'dispute_reversal'
  amountMinor: bigint
  feeMinor: bigint
  source: string
  charge: Charge
}

/** A run of the balance report: what it covers is fixed when it is asked for, its file when it is done. */
export interface ReportRun {
  id: string
  account: string
  at: number
  start: number
  end: number
  columns: string[]
  file: string
  csv: string
}

/** What the vendor keeps of each charge: 1.5 % and 20 minor units, half up. */
export function feeOf(amountMinor: bigint): bigint {
  return (amountMinor * 15n + 500n) / 1_000n + 20n
}

export function refundedMinor(charge: Charge): bigint {
  return charge.refunds
    .filter((refund) => refund.status !== 'failed')
    .reduce((sum, refund) => sum + refund.amountMinor, 0n)
}

export function accountOf(charge: Charge): string {
  return charge.intent.session.order.account
}
