import { utcTime } from '../clock.ts'
import {
  type BalanceLine,
  type Charge,
  type Dispute,
  type Intent,
  type Refund,
  type ReportRun,
  refundedMinor,
  type Session,
} from './payment.ts'
import { Refusal } from './refusal.ts'
import type { CardState } from './state.ts'
import { seconds } from './wire.ts'

/** An object as the wire has it: references are ids, times whole seconds, amounts integers of minor units. */
export type Shape = Record<string, unknown>

export interface ShapeDeps {
  state: CardState
  /** The hosted page of a session. */
  checkoutAddress(session: Session): string
}

export function sessionShape(session: Session, { checkoutAddress }: ShapeDeps): Shape {
  const { id, order, status, createdAt, intent } = session
  const charge = intent?.charge
  const amount = charge?.amountMinor ?? BigInt(order.amountMinor)
  return {
    id,
    object: 'checkout.session',
    adaptive_pricing: { enabled: false },
    allowed_payment_method_types: ['card'],
    amount_subtotal: amount,
    amount_total: amount,
    cancel_url: order.cancelUrl,
    client_reference_id: order.clientReferenceId,
    created: seconds(createdAt),
    currency: order.currency,
    expires_at: seconds(order.expiresAt),
    livemode: false,
    locale: order.locale,
    metadata: order.metadata,
    mode: 'payment',
    payment_intent: intent?.id ?? null,
    payment_method_types: ['card'],
    payment_status: charge ? 'paid' : 'unpaid',
    status,
    success_url: order.successUrl,
    ui_mode: 'hosted_page',
    url: status === 'open' ? checkoutAddress(session) : null,
  }
}

export function intentShape(intent: Intent): Shape {
  const { session, charge, failure } = intent
  const { order } = session
  return {
    id: intent.id,
    object: 'payment_intent',
    amount: charge?.amountMinor ?? BigInt(order.amountMinor),
    amount_capturable: 0,
    amount_received: charge?.amountMinor ?? 0,
    capture_method: 'automatic_async',
    created: seconds(intent.createdAt),
    currency: order.currency,
    description: null,
    last_payment_error: failure
      ? new Refusal({ ...failure, type: 'card_error', status: 402 }).toWire().error
      : null,
    latest_charge: charge?.id ?? null,
    livemode: false,
    metadata: order.paymentMetadata,
    payment_method_types: ['card'],
    status: intent.status,
  }
}

export function chargeShape(charge: Charge): Shape {
  const { intent, card } = charge
  const refunded = refundedMinor(charge)
  return {
    id: charge.id,
    object: 'charge',
    amount: charge.amountMinor,
    amount_captured: charge.amountMinor,
    amount_refunded: refunded,
    balance_transaction: charge.transaction,
    captured: true,
    created: seconds(charge.createdAt),
    currency: intent.session.order.currency,
    disputed: charge.dispute !== undefined,
    livemode: false,
    metadata: intent.session.order.paymentMetadata,
    outcome: { network_status: 'approved_by_network', type: 'authorized' },
    paid: true,
    payment_intent: intent.id,
    payment_method_details: { card: { brand: card.brand, last4: card.last4 }, type: 'card' },
    refunded: refunded === charge.amountMinor,
    status: 'succeeded',
  }
}

export function refundShape(refund: Refund): Shape {
  const { charge, status } = refund
  return {
    id: refund.id,
    object: 'refund',
    amount: refund.amountMinor,
    balance_transaction: refund.transaction,
    charge: charge.id,
    created: seconds(refund.createdAt),
    currency: charge.intent.session.order.currency,
    ...(status === 'failed' ? { failure_reason: 'expired_or_canceled_card' } : {}),
    metadata: refund.metadata,
    payment_intent: charge.intent.id,
    reason: refund.reason,
    status,
  }
}

export function disputeShape(dispute: Dispute, { state }: ShapeDeps): Shape {
  const { charge } = dispute
  const lines = [...state.balance.values()].filter(({ source }) => source === dispute.id)
  return {
    id: dispute.id,
    object: 'dispute',
    amount: dispute.amountMinor,
    balance_transactions: lines.map(balanceShape),
    charge: charge.id,
    created: seconds(dispute.createdAt),
    currency: charge.intent.session.order.currency,
    is_charge_refundable: false,
    livemode: false,
    metadata: {},
    payment_intent: charge.intent.id,
    reason: dispute.reason,
    status: dispute.status,
  }
}

export function balanceShape(line: BalanceLine): Shape {
  const types = {
    charge: 'charge',
    refund: 'refund',
    refund_failure: 'refund_failure',
    dispute: 'adjustment',
    dispute_reversal: 'adjustment',
  }
  return {
    id: line.id,
    object: 'balance_transaction',
    amount: line.amountMinor,
    available_on: seconds(line.at) + 2 * 86_400,
    created: seconds(line.at),
    currency: line.charge.intent.session.order.currency,
    exchange_rate: null,
    fee: line.feeMinor,
    net: line.amountMinor - line.feeMinor,
    reporting_category: line.category,
    source: line.source,
    status: 'pending',
    type: types[line.category],
  }
}

/** `done` is false in the answer to its creation, as a run takes the vendor a moment. */
export function reportShape(run: ReportRun, done: boolean, fileAddress: (id: string) => string): Shape {
  return {
    id: run.id,
    object: 'reporting.report_run',
    created: seconds(run.at),
    error: null,
    livemode: false,
    parameters: {
      columns: run.columns,
      interval_end: seconds(run.end),
      interval_start: seconds(run.start),
    },
    report_type: reportType,
    result: done
      ? {
          id: run.file,
          object: 'file',
          created: seconds(run.at),
          filename: `${reportType}-${utcTime(run.start).slice(0, 10)}.csv`,
          purpose: 'finance_report_run',
          size: Buffer.byteLength(run.csv),
          type: 'csv',
          url: fileAddress(run.file),
        }
      : null,
    status: done ? 'succeeded' : 'pending',
    succeeded_at: done ? seconds(run.at) : null,
  }
}

export const reportType = 'balance_change_from_activity.itemized.3'

/** Any object by its id, if it is this account's; for references that a caller wants expanded. */
export function shapeOf(id: string, account: string, deps: ShapeDeps): Shape | undefined {
  const { state } = deps
  const intent = state.intents.get(id) ?? state.charges.get(id)?.intent
  const charge = state.charges.get(id) ?? state.refunds.get(id)?.charge ?? state.disputes.get(id)?.charge
  const line = state.balance.get(id)
  const session = state.sessions.get(id) ?? (intent ?? charge?.intent ?? line?.charge.intent)?.session
  if (session?.order.account !== account) return undefined
  if (line) return balanceShape(line)
  const refund = state.refunds.get(id)
  if (refund) return refundShape(refund)
  const dispute = state.disputes.get(id)
  if (dispute) return disputeShape(dispute, deps)
  if (state.charges.has(id) && charge) return chargeShape(charge)
  return intent ? intentShape(intent) : sessionShape(session, deps)
}
