import type { Reader } from '../platform/db.ts'
import { plainArray } from '../platform/sql-array.ts'

/** The numbers of these lines, as E.164 digits, by line. */
export async function readNumbers(db: Reader, lines: readonly string[]): Promise<Map<string, string>> {
  if (lines.length === 0) return new Map()
  const rows = await db.query<{ id: string; msisdn: string }>(
    'select id, msisdn from {{brand}}.line where id = any($1::uuid[])',
    [plainArray(lines)],
  )
  return new Map(rows.map((row) => [row.id, row.msisdn]))
}
