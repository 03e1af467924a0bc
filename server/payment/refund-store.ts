import { isoInstant } from '../platform/clock.ts'
import type { Reader, Tx } from '../platform/db.ts'
import type { ProviderName } from './port.ts'
import type { NewRefund, RefundChange, RefundRow } from './refund.ts'

export async function insertRefunds(tx: Tx, refunds: readonly NewRefund[]): Promise<void> {
  await tx.query(
    `insert into {{brand}}.refund (id, order_id, attempt, transaction, amount, currency, reason, automatic, state,
       requested_at, next_try_at, order_amount)
     select u.id, u.order_id, u.attempt, u.transaction, u.amount, u.currency, u.reason, u.automatic, 'requested', u.at, u.at,
       u.order_amount
     from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::bigint[], $6::text[], $7::text[], $8::bool[],
         $9::timestamptz[], $10::bigint[])
       as u (id, order_id, attempt, transaction, amount, currency, reason, automatic, at, order_amount)`,
    [
      refunds.map((r) => r.id),
      refunds.map((r) => r.order),
      refunds.map((r) => r.attempt),
      refunds.map((r) => r.transaction),
      refunds.map((r) => r.amountMinor),
      refunds.map((r) => r.currency),
      refunds.map((r) => r.reason),
      refunds.map((r) => r.automatic),
      refunds.map((r) => isoInstant(r.atMs)),
      refunds.map((r) => r.orderMinor ?? null),
    ],
  )
}

const REFUND = `id, order_id as "order", attempt, transaction, amount as "amountMinor", currency,
  coalesce(order_amount, amount) as "orderMinor", reason, automatic, state,
  requested_at as "requestedAtMs", done_at as "doneAtMs", coalesce(hold, id) as hold`

/** All refunds of these orders, in the order they were made. */
export async function refundsOf(db: Reader, orders: readonly string[]): Promise<RefundRow[]> {
  return await db.query<RefundRow>(
    `select ${REFUND} from {{brand}}.refund where order_id = any ($1::uuid[]) order by id`,
    [orders],
  )
}

/** All refunds of the orders, locked by id. */
export async function lockRefunds(tx: Tx, orders: readonly string[]): Promise<RefundRow[]> {
  return await tx.query<RefundRow>(
    `select ${REFUND} from {{brand}}.refund where order_id = any ($1::uuid[]) order by id for no key update`,
    [orders],
  )
}

/** The ends of refunds, and those to be sent again at `atMs`; one that is done stays done, unless it came back. */
export async function writeRefunds(tx: Tx, changes: readonly RefundChange[]): Promise<void> {
  await tx.query(
    `update {{brand}}.refund r set state = u.state, note = u.note, done_at = case when u.state <> 'requested' then u.at end,
       next_try_at = case when u.state = 'requested' then u.at end,
       hold = coalesce(u.hold, r.hold), returned_at = case when u.hold is null then r.returned_at else u.at end
     from unnest($1::uuid[], $2::text[], $3::timestamptz[], $4::text[], $5::uuid[]) as u (id, state, at, note, hold)
     where r.id = u.id and (r.state <> 'done' or u.hold is not null)`,
    [
      changes.map((c) => c.id),
      changes.map((c) => c.state),
      changes.map((c) => isoInstant(c.atMs)),
      changes.map((c) => c.note),
      changes.map((c) => c.hold ?? null),
    ],
  )
}

/** A refund that this process may send until its lease ends. */
export interface DueRefund {
  readonly id: string
  readonly attempt: string
  readonly provider: ProviderName
  readonly merchant: string
  /** The provider's handle of the payment, where it gave one. */
  readonly reference: string | null
  readonly transaction: string
  readonly amountMinor: bigint
  /** The whole payment; of a second one on the same attempt, which goes back whole, the same as `amountMinor`. */
  readonly paidMinor: bigint
  /** Of the first sending, this one or an earlier. */
  readonly sentAtMs: number
  readonly currency: string
  readonly reason: string
  /** Calls made before this one: none means that the provider has never heard of the number. */
  readonly tries: number
}

/** Takes due refunds and marks them sent, before any call is made. Until the lease ends nobody else sends them. */
export async function takeRefunds(
  tx: Tx,
  limit: number,
  nowMs: number,
  leaseUntilMs: number,
): Promise<DueRefund[]> {
  return await tx.query<DueRefund>(
    `with due as (
       select id, tries from {{brand}}.refund where next_try_at <= $2 and state in ('requested', 'sent', 'unknown')
       order by next_try_at limit $1 for no key update skip locked)
     update {{brand}}.refund r set state = 'sent', sent_at = coalesce(r.sent_at, $2), tries = r.tries + 1, next_try_at = $3
     from due, {{brand}}.attempt a where r.id = due.id and a.id = r.attempt
     returning r.id, r.attempt, a.provider, a.merchant, a.reference, r.transaction, r.amount as "amountMinor",
       case when a.transaction = r.transaction then a.captured else r.amount end as "paidMinor", r.sent_at as "sentAtMs", r.currency, r.reason, due.tries`,
    [limit, isoInstant(nowMs), isoInstant(leaseUntilMs)],
  )
}

/** Not answered: asked again at `atMs`, or never, when the ladder has ended. An end written meanwhile stands. */
export async function markRefundUnknown(tx: Tx, id: string, atMs: number | null): Promise<void> {
  await tx.query(
    `update {{brand}}.refund set state = 'unknown', next_try_at = $2 where id = $1 and state = 'sent'`,
    [id, atMs === null ? null : isoInstant(atMs)],
  )
}
