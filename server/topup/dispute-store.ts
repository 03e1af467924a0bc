import { isoInstant } from '../platform/clock.ts'
import type { Reader, Tx } from '../platform/db.ts'
import { plainArray, textArray } from '../platform/sql-array.ts'
import type { Dispute } from './dispute.ts'

const DISPUTE = `id, provider, merchant, number, order_id as "order", attempt, transaction, amount as "amountMinor", currency, fee as "feeMinor",
  reason, said, posted, opened_at as "openedAtMs", posted_at as "postedAtMs", cost_taken as "costTakenMinor",
  face_taken as "faceTakenMinor", bonus_taken as "bonusTakenMinor", undecided as "undecidedMinor",
  unbegun_taken as "unbegunTakenMinor", owed as "owedMinor", covered as "coveredMinor",
  order_amount as "orderMinor", margin_taken as "marginTakenMinor"`

/** All disputes of these orders, the earliest first. Whoever decides by them holds the orders. */
export async function readDisputes(db: Reader, orders: readonly string[]): Promise<Dispute[]> {
  if (orders.length === 0) return []
  return await db.query<Dispute>(
    `select ${DISPUTE} from {{brand}}.dispute where order_id = any($1::uuid[]) order by id`,
    [plainArray(orders)],
  )
}

/** Disputes whose last word is not posted yet, of payments that are known by now. */
export async function readDisputesDue(
  db: Reader,
  limit: number,
): Promise<{ readonly dispute: string; readonly order: string }[]> {
  return await db.query(
    `select d.id as dispute, d.order_id as "order" from {{brand}}.dispute d
       join {{brand}}.top_up o on o.id = d.order_id
      where d.said <> d.posted and o.captured > 0 order by d.id limit $1`,
    [limit],
  )
}

/** Since when the holder of a line's epoch owes: the earliest loss that left something owed. Null: nothing was ever lost. */
export async function readOwedSince(db: Reader, line: string, epoch: number): Promise<number | null> {
  const rows = await db.query<{ since: number | null }>(
    `select min(d.posted_at) as since from {{brand}}.top_up o join {{brand}}.dispute d on d.order_id = o.id
      where o.line = $1 and o.epoch = $2 and d.posted = 'reversed' and d.owed > 0`,
    [line, epoch],
  )
  return rows[0]?.since ?? null
}

/** What is known of disputes by now; their orders are locked. */
export function sendDisputes(tx: Tx, disputes: readonly Dispute[]): void {
  if (disputes.length === 0) return
  tx.send(
    `insert into {{brand}}.dispute (id, provider, merchant, number, order_id, attempt, transaction, amount, currency, fee, reason,
       said, posted, opened_at, posted_at, cost_taken, face_taken, bonus_taken, undecided, unbegun_taken, owed, covered,
       order_amount, margin_taken)
     select * from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::uuid[], $6::uuid[], $7::text[], $8::bigint[], $9::text[],
       $10::bigint[], $11::text[], $12::text[], $13::text[], $14::timestamptz[], $15::timestamptz[], $16::bigint[], $17::bigint[],
       $18::bigint[], $19::bigint[], $20::bigint[], $21::bigint[], $22::bigint[], $23::bigint[], $24::bigint[])
     on conflict (id) do update set fee = excluded.fee, said = excluded.said, posted = excluded.posted, posted_at = excluded.posted_at,
       cost_taken = excluded.cost_taken, face_taken = excluded.face_taken, bonus_taken = excluded.bonus_taken,
       undecided = excluded.undecided, unbegun_taken = excluded.unbegun_taken, owed = excluded.owed, covered = excluded.covered,
       order_amount = excluded.order_amount, margin_taken = excluded.margin_taken`,
    [
      plainArray(disputes.map((d) => d.id)),
      textArray(disputes.map((d) => d.provider)),
      textArray(disputes.map((d) => d.merchant)),
      textArray(disputes.map((d) => d.number)),
      plainArray(disputes.map((d) => d.order)),
      plainArray(disputes.map((d) => d.attempt)),
      textArray(disputes.map((d) => d.transaction)),
      plainArray(disputes.map((d) => d.amountMinor)),
      plainArray(disputes.map((d) => d.currency)),
      plainArray(disputes.map((d) => d.feeMinor)),
      textArray(disputes.map((d) => d.reason)),
      plainArray(disputes.map((d) => d.said)),
      plainArray(disputes.map((d) => d.posted)),
      plainArray(disputes.map((d) => isoInstant(d.openedAtMs))),
      plainArray(disputes.map((d) => (d.postedAtMs === null ? null : isoInstant(d.postedAtMs)))),
      plainArray(disputes.map((d) => d.costTakenMinor)),
      plainArray(disputes.map((d) => d.faceTakenMinor)),
      plainArray(disputes.map((d) => d.bonusTakenMinor)),
      plainArray(disputes.map((d) => d.undecidedMinor)),
      plainArray(disputes.map((d) => d.unbegunTakenMinor)),
      plainArray(disputes.map((d) => d.owedMinor)),
      plainArray(disputes.map((d) => d.coveredMinor)),
      plainArray(disputes.map((d) => d.orderMinor)),
      plainArray(disputes.map((d) => d.marginTakenMinor)),
    ],
  )
}
