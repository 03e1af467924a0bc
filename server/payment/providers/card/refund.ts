import type Stripe from 'stripe'
import type { Answer, RefundCall, RefundOutcome, RefundQueryOutcome } from '../../port.ts'
import type { Gateway } from './gateway.ts'
import { currencyFromWire, fromWire, toWire } from './minor-units.ts'

const MOST_PAGES = 10

/** Our number is the idempotency key and stands in the metadata: repeated, it is one refund for ever. */
export async function refund(gateway: Gateway, call: RefundCall): Promise<RefundOutcome> {
  const amount = toWire(call.amountMinor)
  if (amount === null) return { kind: 'unknown', reason: `amount ${call.amountMinor}` }
  const params = {
    payment_intent: call.transaction,
    amount,
    reason: 'requested_by_customer' as const,
    metadata: { number: call.number, payment: call.paid.number, reason: call.reason },
  }
  const answer = await gateway.call('refund create', (stripe) =>
    stripe.refunds.create(params, { idempotencyKey: call.number }),
  )
  if (answer.kind === 'unknown') return answer
  if (answer.kind === 'answered') return outcomeOf(answer.body, call, answer)
  // A payment that is not there is a key of another account's: a mistake in our set-up, and no answer.
  if (answer.status === 404) return { kind: 'unknown', reason: answer.reason }
  const { reason, raw, fields } = answer
  // Keys are forgotten after a day: it may be this very number that took all.
  const asked = await queryRefund(gateway, call)
  return asked.kind === 'not-found' ? { kind: 'no', reason, raw, fields } : asked
}

/** Looks through the payment's refunds for our number; a list, so it is complete at once. */
export async function queryRefund(gateway: Gateway, call: RefundCall): Promise<RefundQueryOutcome> {
  let last: string | undefined
  for (let page = 0; page < MOST_PAGES; page++) {
    const from = last === undefined ? {} : { starting_after: last }
    const answer = await gateway.call('refund list', (stripe) =>
      stripe.refunds.list({ payment_intent: call.transaction, limit: 100, ...from }),
    )
    if (answer.kind === 'unknown') return answer
    if (answer.kind === 'refused') return { kind: 'unknown', reason: answer.reason }
    const { data, has_more: more } = answer.body
    const own = data.find((made) => made.metadata?.number === call.number)
    if (own) return outcomeOf(own, call, answer)
    last = data.at(-1)?.id
    if (!more || last === undefined) return { kind: 'not-found' }
  }
  return { kind: 'unknown', reason: 'too many refunds to look through' }
}

function outcomeOf(made: Stripe.Refund, call: RefundCall, { raw, fields }: Answer) {
  const ours =
    made.metadata?.number === call.number &&
    made.payment_intent === call.transaction &&
    fromWire(made.amount) === call.amountMinor &&
    currencyFromWire(made.currency) === call.currency
  if (!ours) return { kind: 'unknown' as const, reason: 'the answer is about another refund' }
  switch (made.status) {
    case 'succeeded':
      return { kind: 'done' as const, atMs: made.created * 1_000, raw, fields }
    case 'pending':
    case 'requires_action':
      return { kind: 'pending' as const }
    case 'failed':
    case 'canceled':
      return { kind: 'no' as const, reason: made.failure_reason ?? made.status, raw, fields }
    default:
      return { kind: 'unknown' as const, reason: `status ${made.status}` }
  }
}
