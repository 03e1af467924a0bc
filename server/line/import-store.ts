import type { Reader } from '../platform/db.ts'
import { plainArray } from '../platform/sql-array.ts'

/** A number that is a line already; `imported` is the row it came with, null where it came otherwise. */
export interface KnownLine {
  readonly msisdn: string
  readonly imported: string | null
}

/** Which of these numbers are lines, by number. */
export async function readKnownLines(
  db: Reader,
  msisdns: readonly string[],
): Promise<Map<string, KnownLine>> {
  const rows = await db.query<KnownLine>(
    `select l.msisdn, e.detail->>'imported' as imported from {{brand}}.line l
       left join lateral (select detail from {{brand}}.line_event
         where line = l.id and epoch = 1 and kind = 'opening' order by id limit 1) e on true
      where l.msisdn = any($1::text[])`,
    [plainArray(msisdns)],
  )
  return new Map(rows.map((row) => [row.msisdn, row]))
}

/** Whose these SIMs are: the number of the line by ICCID. */
export async function readIccids(db: Reader, iccids: readonly string[]): Promise<Map<string, string>> {
  const rows = await db.query<{ iccid: string; msisdn: string }>(
    'select iccid, msisdn from {{brand}}.line where iccid = any($1::text[])',
    [plainArray(iccids)],
  )
  return new Map(rows.map((row) => [row.iccid, row.msisdn]))
}
