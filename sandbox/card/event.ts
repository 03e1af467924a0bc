import { createHmac } from 'node:crypto'
import type { CardKnobs } from './knobs.ts'
import { type Dispute, type Refund, refundedMinor, type Session } from './payment.ts'
import { chargeShape, disputeShape, refundShape, type Shape, type ShapeDeps, sessionShape } from './shapes.ts'
import { seconds, writeJson } from './wire.ts'

/** What the vendor tells a merchant's endpoint. */
export type EventType =
  | 'checkout.session.completed'
  | 'checkout.session.expired'
  | 'charge.refunded'
  | 'refund.updated'
  | 'refund.failed'
  | 'charge.dispute.created'
  | 'charge.dispute.funds_withdrawn'
  | 'charge.dispute.funds_reinstated'
  | 'charge.dispute.closed'

/** An event, in the body that its receiver reads. */
export interface CardEvent {
  id: string
  account: string
  type: EventType
  /** The session it leads back to. */
  session: string
  at: number
  body: string
}

/** Version of the shapes in events: the endpoint's own, whatever the calls speak. */
const eventVersion = '2026-10-28.endive'

/** The event's body. Source: Stripe API, events. */
export function eventBody(id: string, type: EventType, at: number, object: Shape, previous?: Shape): string {
  return writeJson(
    {
      id,
      object: 'event',
      api_version: eventVersion,
      created: seconds(at),
      data: { object, ...(previous && { previous_attributes: previous }) },
      livemode: false,
      pending_webhooks: 1,
      request: { id: null, idempotency_key: null },
      type,
    },
    2,
  )
}

/** What an event of this type speaks about: the session, its charge, a refund or a dispute. */
export function subjectOf(
  type: EventType,
  session: Session,
  about: Refund | Dispute | undefined,
  deps: ShapeDeps,
): { object: Shape; previous?: Shape } {
  switch (type) {
    case 'checkout.session.completed':
    case 'checkout.session.expired':
      return { object: sessionShape(session, deps) }
    case 'charge.refunded': {
      const { charge, amountMinor } = about as Refund
      return {
        object: chargeShape(charge),
        previous: { amount_refunded: refundedMinor(charge) - amountMinor },
      }
    }
    case 'refund.updated':
    case 'refund.failed':
      return { object: refundShape(about as Refund) }
    case 'charge.dispute.created':
    case 'charge.dispute.funds_withdrawn':
    case 'charge.dispute.funds_reinstated':
    case 'charge.dispute.closed':
      return { object: disputeShape(about as Dispute, deps) }
  }
}

/** `t=<seconds>,v1=<hex>`, one v1 for each secret. Source: Stripe, webhook signatures. */
export function signature(body: string, at: number, secrets: readonly string[]): string {
  const t = seconds(at)
  const signed = secrets.map((secret) => createHmac('sha256', secret).update(`${t}.${body}`).digest('hex'))
  return [`t=${t}`, ...signed.map((hex) => `v1=${hex}`)].join(',')
}

/** The body as the knobs have it told: another amount, another account's. */
export function spoil(body: string, { notificationAmount, wrongMerchant }: CardKnobs): string {
  if (notificationAmount === '' && !wrongMerchant) return body
  const event = JSON.parse(body) as { data: { object: Shape } }
  const { object } = event.data
  if (notificationAmount !== '') {
    const amount = BigInt(notificationAmount)
    if ('amount_total' in object) Object.assign(object, { amount_subtotal: amount, amount_total: amount })
    else object.amount = amount
  }
  return writeJson({ ...event, ...(wrongMerchant && { account: 'acct_1StrangerStranger' }) }, 2)
}
