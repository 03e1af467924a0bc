import { isoInstant } from '../platform/clock.ts'
import type { Reader, Tx } from '../platform/db.ts'
import { plainArray, textArray } from '../platform/sql-array.ts'
import { type CallerKey, hexArray } from './store.ts'
import type { Writes } from './work.ts'

export interface RefusalRow {
  readonly caller: string
  readonly key: string
  readonly hash: Buffer
  readonly code: string
  readonly members: Record<string, unknown>
}

export async function readRefusals(db: Reader, keys: readonly CallerKey[]): Promise<RefusalRow[]> {
  return await db.query<RefusalRow>(
    `select r.* from unnest($1::uuid[], $2::text[]) as u (caller, key)
       cross join lateral (
         select caller, key, hash, code, members from {{brand}}.refusal where caller = u.caller and key = u.key limit 1) r`,
    [plainArray(keys.map((k) => k.caller)), textArray(keys.map((k) => k.key))],
  )
}

export function sendRefusals(tx: Tx, refusals: Writes['refusals'], nowMs: number): void {
  if (refusals.length === 0) return
  tx.send(
    `insert into {{brand}}.refusal (caller, key, hash, code, members, created_at)
     select u.*, $6::timestamptz from unnest($1::uuid[], $2::text[], $3::bytea[], $4::text[], $5::jsonb[]) u`,
    [
      plainArray(refusals.map((r) => r.caller)),
      textArray(refusals.map((r) => r.key)),
      hexArray(refusals.map((r) => r.hash)),
      textArray(refusals.map((r) => r.refused.entry.code)),
      textArray(refusals.map((r) => JSON.stringify(r.refused.members))),
      isoInstant(nowMs),
    ],
  )
}
