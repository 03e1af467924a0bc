import type { Sent, Tx } from '../platform/db.ts'
import { plainArray, textArray } from '../platform/sql-array.ts'

/** A series and the last number given in it; 0 when none was. */
export interface Series {
  readonly key: string
  readonly last: bigint
}

/** Locks those of the series that exist, in key order. */
export async function lockRows(tx: Tx, keys: readonly string[]): Promise<Series[]> {
  return await tx.query<Series>(
    'select key, last from {{brand}}.receipt_series where key = any($1::text[]) order by key for no key update',
    [textArray(keys)],
  )
}

/** How many numbers are taken from a series. */
export interface Taken {
  readonly key: string
  readonly count: bigint
}

/**
 * Sends the taking of numbers; the answer, the last number now given in each series, comes with the commit. The series are locked
 * here, in key order and in a statement of their own so that the next one sees them as they then stand. What is sent after it
 * finds its numbers in the rows: `last` is the last of those taken.
 */
export function takeNumbers(tx: Tx, taken: readonly Taken[]): Sent<Series> {
  if (taken.length === 0) return { rows: async () => [] }
  const keys = textArray(taken.map(({ key }) => key))
  tx.send(
    'select 1 from {{brand}}.receipt_series where key = any($1::text[]) order by key for no key update',
    [keys],
  )
  return tx.send<Series>(
    `update {{brand}}.receipt_series s set last = s.last + u.count
       from unnest($1::text[], $2::bigint[]) as u (key, count) where s.key = u.key returning s.key, s.last`,
    [keys, plainArray(taken.map(({ count }) => count))],
  )
}

export async function insertSeries(tx: Tx, key: string): Promise<void> {
  await tx.query('insert into {{brand}}.receipt_series (key) values ($1) on conflict do nothing', [key])
}

/** Inserts `LK-1` or the number after the highest; undefined when another transaction took that one meanwhile. */
export async function insertNextSeries(tx: Tx, receiptPrefix: string): Promise<string | undefined> {
  const [inserted] = await tx.query<{ key: string }>(
    `insert into {{brand}}.receipt_series (key)
     select $1::text || '-' || coalesce(max(split_part(key, '-', 2)::bigint), 0) + 1
       from {{brand}}.receipt_series where key ~ ('^' || $1::text || '-[0-9]+$')
     on conflict do nothing returning key`,
    [receiptPrefix],
  )
  return inserted?.key
}
