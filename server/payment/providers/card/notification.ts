import type Stripe from 'stripe'
import type { Notification, NotificationOutcome, OpenMerchant, TransactionAmount } from '../../port.ts'
import type { Gateway } from './gateway.ts'
import { currencyFromWire, fromWire } from './minor-units.ts'

type Refused = Extract<NotificationOutcome, { kind: 'refused' }>
type Fields = Readonly<Record<string, unknown>>

const LIMIT_BYTES = 256 * 1024
const DISPUTE_ID = /^dp_[0-9A-Za-z_]{1,100}$|^du_[0-9A-Za-z_]{1,100}$/
const EVENT_ID = /^evt_[0-9A-Za-z_]{1,100}$/

/** The signature is over text: two readings of the same bytes, or a mark that decoders drop, would be two events. */
const exactly = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

const PASSING: NotificationOutcome = { kind: 'passing' }

function malformed(reason: string): Refused {
  return { kind: 'refused', fault: 'malformed', reason }
}

/**
 * Reads and verifies one event. Source: Stripe, webhooks. Events come in any order and more than once: what a refund or a dispute
 * has come to is fetched, and the event only says that there is something to fetch. When that is not answered the event is not
 * acknowledged, and comes again.
 */
export async function verifyNotification(
  { body, headers }: Notification,
  merchant: OpenMerchant,
  gateway: Gateway,
  nowMs: number,
): Promise<NotificationOutcome> {
  const text = readText(body)
  if (text === null) return malformed('empty, too long, or not UTF-8')
  const event = gateway.genuine(text, headers['stripe-signature'] ?? '', nowMs)
  if (typeof event === 'string') return { kind: 'refused', fault: 'signature', reason: event }
  // An account's own events name none; what a platform passes on for others is not for us.
  const account = event.account ?? merchant.id
  if (account !== merchant.id || event.livemode !== gateway.livemode) {
    return { kind: 'refused', fault: 'merchant', reason: `for ${account}, livemode ${event.livemode}` }
  }
  return EVENT_ID.test(event.id) ? await readEvent(event, body, gateway) : malformed('id')
}

function readText(body: Buffer): string | null {
  if (body.length === 0 || body.length > LIMIT_BYTES) return null
  try {
    return exactly.decode(body)
  } catch {
    return null
  }
}

async function readEvent(event: Stripe.Event, raw: Buffer, gateway: Gateway): Promise<NotificationOutcome> {
  switch (event.type) {
    case 'checkout.session.completed':
    case 'checkout.session.async_payment_succeeded':
      return readPaid(event, event.data.object, raw)
    case 'checkout.session.expired':
      return {
        kind: 'final',
        said: 'closed',
        id: event.id,
        number: event.data.object.client_reference_id ?? '',
        refundNumber: null,
        money: null,
        atMs: event.created * 1_000,
        raw,
        fields: event as unknown as Fields,
      }
    case 'refund.created':
    case 'refund.updated':
    case 'charge.refund.updated':
    case 'refund.failed':
      return await readRefund(event.id, event.data.object.id, gateway)
    case 'charge.refunded':
      return await readNewestRefund(event.id, event.data.object.id, gateway)
    case 'charge.dispute.created':
    case 'charge.dispute.updated':
    case 'charge.dispute.funds_withdrawn':
    case 'charge.dispute.funds_reinstated':
    case 'charge.dispute.closed':
      return await readDispute(event.data.object.id, gateway)
    default:
      return PASSING
  }
}

function readPaid(event: Stripe.Event, session: Stripe.Checkout.Session, raw: Buffer): NotificationOutcome {
  // Done with the page, and the money still on its way: another event tells.
  if (session.payment_status !== 'paid') return PASSING
  const money = moneyOf(session.payment_intent, session.amount_total, session.currency)
  if (money === null) return malformed('amount of paid')
  return {
    kind: 'final',
    said: 'paid',
    id: event.id,
    number: session.client_reference_id ?? '',
    refundNumber: null,
    money,
    atMs: event.created * 1_000,
    raw,
    fields: event as unknown as Fields,
  }
}

function moneyOf(
  intent: string | { id: string } | null,
  amount: unknown,
  currencyText: unknown,
): TransactionAmount | null {
  const transaction = typeof intent === 'string' ? intent : (intent?.id ?? '')
  const amountMinor = fromWire(amount)
  const currency = currencyFromWire(currencyText)
  if (amountMinor === null || currency === null) return null
  return /^pi_[0-9A-Za-z_]{1,61}$/.test(transaction) ? { transaction, amountMinor, currency } : null
}

/** A charge says only how much went back in all; its newest refund says by whose number. Older ones had their own events. */
async function readNewestRefund(id: string, charge: string, gateway: Gateway): Promise<NotificationOutcome> {
  const answer = await gateway.call('refund list', (stripe) => stripe.refunds.list({ charge, limit: 1 }))
  if (answer.kind === 'unknown') return unanswered(answer.reason)
  const newest = answer.kind === 'answered' ? answer.body.data[0] : undefined
  return newest ? await readRefund(id, newest.id, gateway) : PASSING
}

async function readRefund(id: string, refund: string, gateway: Gateway): Promise<NotificationOutcome> {
  const answer = await gateway.call('refund retrieve', (stripe) =>
    stripe.refunds.retrieve(refund, { expand: ['payment_intent'] }),
  )
  if (answer.kind === 'unknown') return unanswered(answer.reason)
  // Nothing is known of it there, so nothing is final.
  if (answer.kind === 'refused') return PASSING
  const { body: made, raw, fields } = answer
  const { number: refundNumber = null, payment } = made.metadata ?? {}
  const failed = made.status === 'failed' || made.status === 'canceled'
  // What is under way is not final, and somebody's own refund that failed leaves the payment as it was.
  if (made.status !== 'succeeded' && !(failed && refundNumber !== null)) return PASSING
  const money = moneyOf(made.payment_intent, made.amount, made.currency)
  if (money === null) return malformed('amount of a refund')
  const number = payment ?? numberOf(made.payment_intent)
  const common = { kind: 'final' as const, id, number, refundNumber, money, raw, fields }
  return failed
    ? { ...common, said: 'refund-failed', atMs: null, note: made.failure_reason ?? 'failed' }
    : { ...common, said: 'refunded', atMs: made.created * 1_000 }
}

/**
 * What a dispute has come to is told by the money: taken from the merchant's balance, given back to it, or neither, as in a mere
 * inquiry. Lost is final; won and not yet paid out is still open. Of one dispute each state is one saying, however many events led to it.
 */
async function readDispute(id: string, gateway: Gateway): Promise<NotificationOutcome> {
  const answer = await gateway.call('dispute retrieve', (stripe) =>
    stripe.disputes.retrieve(id, { expand: ['payment_intent'] }),
  )
  if (answer.kind === 'unknown') return unanswered(answer.reason)
  if (answer.kind === 'refused') return PASSING
  const { body: dispute, raw, fields } = answer
  const lines = dispute.balance_transactions
  if (!lines.some(({ amount }) => amount < 0)) return PASSING
  const said = lines.some(({ amount }) => amount > 0)
    ? 'reinstated'
    : dispute.status === 'lost'
      ? 'reversed'
      : 'disputed'
  const money = moneyOf(dispute.payment_intent, dispute.amount, dispute.currency)
  if (money === null || !DISPUTE_ID.test(dispute.id)) return malformed('amount or number of a dispute')
  return {
    ...{ kind: 'final', said, id: `${dispute.id}/${said}`, number: numberOf(dispute.payment_intent) },
    ...{ refundNumber: null, money, atMs: null, note: dispute.reason, raw, fields },
    dispute: { number: dispute.id, feeMinor: feeOf(dispute) },
  }
}

/** What was kept of all its lines, where they are in its own currency. */
function feeOf({ balance_transactions: lines, currency }: Stripe.Dispute): bigint | null {
  if (lines.some((line) => line.currency !== currency)) return null
  const fee = lines.reduce((sum, line) => sum + line.fee, 0)
  return fee === 0 ? 0n : fromWire(fee)
}

function unanswered(reason: string): NotificationOutcome {
  return { kind: 'unanswered', reason }
}

/** Our number of the payment; empty when it was never ours. */
function numberOf(intent: string | Stripe.PaymentIntent | null): string {
  return typeof intent === 'object' ? (intent?.metadata.number ?? '') : ''
}
