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

/** Dealers by id; those that do not exist are missing. Status is to be trusted only under the lock of the float. */
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
