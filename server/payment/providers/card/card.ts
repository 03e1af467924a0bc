import type Stripe from 'stripe'
import type {
  Charge,
  CloseOutcome,
  CreateOutcome,
  Known,
  OpenMerchant,
  PaymentProvider,
  Presentation,
  QueryOutcome,
  TransactionAmount,
} from '../../port.ts'
import { fetchBill } from './bill.ts'
import { findSession, madeAtMs } from './find-session.ts'
import { type Gateway, openGateway } from './gateway.ts'
import { currencyFromWire, fromWire, toWire } from './minor-units.ts'
import { verifyNotification } from './notification.ts'
import { queryRefund, refund } from './refund.ts'

const SECOND = 1_000
const MINUTE = 60 * SECOND
/**
 * Stripe lets a session live half an hour at least, which is as long as an order waits; a quarter is for its clock. The order's
 * own end is kept by `close`.
 */
const SPARE_MS = 45 * MINUTE
/** And a day at most. */
const LONGEST_MS = 23 * 60 * MINUTE

/**
 * A merchant at a card gateway of Stripe's shape, by full redirect to its Checkout: no card number comes near us. Source: Stripe
 * API, checkout sessions, refunds, reporting, webhooks.
 * `id` is the account (`acct_...`). Secrets: `secretKey`; `webhookSecret` (`whsec_...`, two with a comma between while one is
 * being rolled). The endpoint of its events is set up at Stripe, as a session names none: `checkout.session.completed`, `.expired`,
 * `charge.refunded`, `refund.updated`, `refund.failed`, `charge.dispute.created`, `.updated`, `.funds_withdrawn`, `.funds_reinstated`,
 * `.closed`.
 */
export async function openCard(merchant: OpenMerchant, instant: () => number): Promise<PaymentProvider> {
  const gateway = openGateway(merchant)
  return {
    acknowledgement: { status: 200, type: 'application/json', body: '{"received":true}' },
    create: (charge, presentation) => create(gateway, charge, presentation),
    query: (payment) => query(gateway, payment),
    close: (payment) => close(gateway, payment),
    refund: (call) => refund(gateway, call),
    queryRefund: (call) => queryRefund(gateway, call),
    verifyNotification: (notification) => verifyNotification(notification, merchant, gateway, instant()),
    fetchBill: (day) => fetchBill(gateway, day),
  }
}

/** The same for the same charge, to the letter: under one idempotency key anything else would be refused. */
function sessionOf(
  charge: Charge,
  amount: number,
  { subject, returnUrl, locale }: Presentation,
): Stripe.Checkout.SessionCreateParams {
  const endMs = Math.min(charge.expiresAtMs + SPARE_MS, (madeAtMs(charge.number) ?? Infinity) + LONGEST_MS)
  const price = {
    currency: charge.currency.toLowerCase(),
    unit_amount: amount,
    product_data: { name: subject.slice(0, 250) },
  }
  return {
    mode: 'payment',
    allowed_payment_method_types: ['card'],
    line_items: [{ quantity: 1, price_data: price }],
    // The payer is shown, and pays, our amount in our currency.
    adaptive_pricing: { enabled: false },
    client_reference_id: charge.number,
    metadata: { number: charge.number },
    payment_intent_data: { metadata: { number: charge.number } },
    success_url: returnUrl,
    cancel_url: returnUrl,
    expires_at: Math.ceil(endMs / SECOND),
    locale: locale === 'zh-CN' ? 'zh' : 'en',
  }
}

async function create(gateway: Gateway, charge: Charge, shown: Presentation): Promise<CreateOutcome> {
  // One page for desk and phone; nothing here is scanned, launched or read at a counter.
  if (charge.scene !== 'page' && charge.scene !== 'wap')
    return { kind: 'no', reason: `scene ${charge.scene}` }
  const amount = toWire(charge.amountMinor)
  if (amount === null) return { kind: 'no', reason: `amount ${charge.amountMinor}` }
  const params = sessionOf(charge, amount, shown)
  const answer = await gateway.call('session create', (stripe) =>
    stripe.checkout.sessions.create(params, { idempotencyKey: charge.number }),
  )
  if (answer.kind === 'unknown') return answer
  if (answer.kind === 'refused') return { kind: 'no', reason: answer.reason }
  const { id, url, client_reference_id: echoed } = answer.body
  if (echoed !== charge.number || !url)
    return { kind: 'unknown', reason: 'the answer is about another session' }
  return { kind: 'started', redirectUrl: url, reference: id }
}

async function query(gateway: Gateway, payment: Known): Promise<QueryOutcome> {
  const found = await findSession(gateway, payment)
  if (found.kind !== 'found') return found
  const answer = await gateway.call('session retrieve', (stripe) =>
    stripe.checkout.sessions.retrieve(found.id, { expand: ['payment_intent.latest_charge'] }),
  )
  if (answer.kind === 'unknown') return answer
  if (answer.kind === 'refused') {
    return answer.status === 404 ? { kind: 'not-found' } : { kind: 'unknown', reason: answer.reason }
  }
  const { body: session, raw, fields } = answer
  if (session.client_reference_id !== payment.number) {
    return { kind: 'unknown', reason: 'the answer is about another number' }
  }
  switch (session.status) {
    case 'open':
      return { kind: 'pending' }
    case 'expired':
      return { kind: 'closed', status: 'expired', raw, fields }
    case 'complete': {
      // A bank may take its time after the payer is done.
      if (session.payment_status === 'unpaid') return { kind: 'pending' }
      const paid = readPaid(session)
      if (paid === null) return { kind: 'unknown', reason: 'the answer states no payment' }
      const { charge, ...money } = paid
      const kind = charge.refunded ? 'refunded' : 'paid'
      const status = charge.refunded ? 'refunded' : 'complete'
      return { kind, status, ...money, atMs: charge.created * SECOND, raw, fields }
    }
    default:
      return { kind: 'unknown', reason: `status ${session.status}` }
  }
}

/** The payment behind a session with what it brought in; null when the answer does not say all of it. */
function readPaid(session: Stripe.Checkout.Session): (TransactionAmount & { charge: Stripe.Charge }) | null {
  const intent = session.payment_intent
  if (session.payment_status !== 'paid' || intent === null || typeof intent !== 'object') return null
  const charge = intent.latest_charge
  const amountMinor = fromWire(intent.amount_received)
  const currency = currencyFromWire(intent.currency)
  if (intent.status !== 'succeeded' || amountMinor === null || currency === null) return null
  if (charge === null || typeof charge !== 'object') return null
  return { transaction: intent.id, amountMinor, currency, charge }
}

async function close(gateway: Gateway, payment: Known): Promise<CloseOutcome> {
  const found = await findSession(gateway, payment)
  if (found.kind !== 'found') return found
  const answer = await gateway.call('session expire', (stripe) => stripe.checkout.sessions.expire(found.id))
  if (answer.kind === 'unknown') return answer
  // What is not open cannot be expired: paid, or expired before.
  if (answer.kind === 'refused') return answer.status === 404 ? { kind: 'not-found' } : { kind: 'over' }
  const { body: session, raw, fields } = answer
  return session.status === 'expired' && session.client_reference_id === payment.number
    ? { kind: 'closed', raw, fields }
    : { kind: 'unknown', reason: `status ${session.status}` }
}
