import { isoInstant } from '../platform/clock.ts'
import type { Reader, Tx } from '../platform/db.ts'
import { plainArray } from '../platform/sql-array.ts'
import type { Dealer } from './dealer.ts'

export async function insertDealer(tx: Tx, dealer: Dealer, createdAtMs: number): Promise<void> {
  const { id, name, status, commissionBp, receiptSeries } = dealer
  await tx.query(
    `insert into {{brand}}.dealer (id, name, status, commission_bp, receipt_series, created_at)
     values ($1, $2, $3, $4, $5, $6)`,
    [id, name, status, commissionBp, receiptSeries, isoInstant(createdAtMs)],
  )
}

/**
 * Holds dealers to the end of the transaction, in one order: `shared` beside other sales, `alone` against every sale of theirs.
 */
export async function holdDealers(tx: Tx, ids: readonly string[], how: 'shared' | 'alone'): Promise<void> {
  if (ids.length === 0) return
  const lock = how === 'alone' ? 'pg_advisory_xact_lock' : 'pg_advisory_xact_lock_shared'
  await tx.query(
    `select ${lock}(key) from (
       select hashtextextended('{{brand}} dealer ' || id, 0) as key from unnest($1::text[]) as u (id) order by 1) held`,
    [plainArray(ids)],
  )
}

/** Dealers by id; those that do not exist are missing. A status is to be trusted only while the dealer is held. */
export async function readDealers(db: Reader, ids: readonly string[]): Promise<Map<string, Dealer>> {
  if (ids.length === 0) return new Map()
  const rows = await db.query<Dealer>(
    `select id, name, status, commission_bp as "commissionBp", receipt_series as "receiptSeries"
       from {{brand}}.dealer where id = any($1::uuid[])`,
    [plainArray(ids)],
  )
  return new Map(rows.map((dealer) => [dealer.id, dealer]))
}

export async function updateStatus(tx: Tx, id: string, status: Dealer['status']): Promise<void> {
  await tx.query('update {{brand}}.dealer set status = $2 where id = $1', [id, status])
}

/** A dealer as an operator looks it up. */
export interface ListedDealer extends Dealer {
  /** In minor units of the brand's currency; null: it has no float, which breaks an invariant. */
  readonly floatMinor: bigint | null
  /** Commission that was taken back when its float no longer covered it; the next load pays it first. */
  readonly owedMinor: bigint
}

/** All dealers, as they came. */
export async function listDealers(db: Reader): Promise<ListedDealer[]> {
  return await db.query<ListedDealer>(
    `select d.id, d.name, d.status, d.commission_bp as "commissionBp", d.receipt_series as "receiptSeries", a.balance as "floatMinor",
            coalesce(o.balance, 0) as "owedMinor"
       from {{brand}}.dealer d left join {{brand}}.account a on a.kind = 'dealer-float' and a.subject = d.id::text
       left join {{brand}}.account o on o.kind = 'dealer-receivable' and o.subject = d.id::text
      order by d.id`,
  )
}

/** Whether the audit has a load of this dealer's float under this reference. */
export async function isLoaded(tx: Tx, dealer: string, reference: string): Promise<boolean> {
  const rows = await tx.query(
    `select from {{brand}}.audit where subject = $1 and act = 'dealer float loaded' and detail->>'reference' = $2`,
    [dealer, reference],
  )
  return rows.length > 0
}
