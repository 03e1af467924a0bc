import { isoInstant } from '../platform/clock.ts'
import type { Reader, Tx } from '../platform/db.ts'
import { plainArray, textArray } from '../platform/sql-array.ts'
import type { RecallCommand } from './command.ts'
import { hexArray } from './store.ts'

/** What a caller's key has recalled; undefined: nothing. */
export async function recallByKey(
  db: Reader,
  caller: string,
  key: string,
): Promise<{ readonly order: string; readonly hash: string } | undefined> {
  const rows = await db.query<{ order: string; hash: string }>(
    `select order_id as "order", encode(hash, 'hex') as hash from {{brand}}.recall where caller = $1 and key = $2`,
    [caller, key],
  )
  return rows[0]
}

export function sendRecalls(tx: Tx, recalls: readonly RecallCommand[], nowMs: number): void {
  if (recalls.length === 0) return
  tx.send(
    `insert into {{brand}}.recall (order_id, caller, key, hash, recalled_at)
     select u.*, $5::timestamptz from unnest($1::uuid[], $2::uuid[], $3::text[], $4::bytea[]) u`,
    [
      plainArray(recalls.map((r) => r.order)),
      plainArray(recalls.map((r) => r.caller)),
      textArray(recalls.map((r) => r.key)),
      hexArray(recalls.map((r) => r.hash)),
      isoInstant(nowMs),
    ],
  )
}
