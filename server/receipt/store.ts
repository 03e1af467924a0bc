import type { Tx } from '../platform/db.ts'
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

/** Sends the last numbers now given; the answer comes with the commit. The caller holds the series' locks. */
export function writeSeries(tx: Tx, series: readonly Series[]): void {
  if (series.length === 0) return
  tx.send(
    `update {{brand}}.receipt_series s set last = u.last
       from unnest($1::text[], $2::bigint[]) as u (key, last) where s.key = u.key`,
    [textArray(series.map(({ key }) => key)), plainArray(series.map(({ last }) => last))],
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
