import type { Reader } from '../platform/db.ts'
import { plainArray } from '../platform/sql-array.ts'

/** By cause: the transfer that credited a line with what was paid, which a correction names. */
export async function readCreditTransfers(
  db: Reader,
  causes: readonly string[],
): Promise<Map<string, string>> {
  if (causes.length === 0) return new Map()
  const rows = await db.query<{ cause: string; id: string }>(
    `select distinct on (t.cause) t.cause, t.id from {{brand}}.transfer t
       join {{brand}}.line_account l on l.id = t.credit_account
      where t.cause = any($1::uuid[]) and t.posting in ('online-top-up', 'held-then-credited', 'dealer-top-up', 'fx-credited')
      order by t.cause, t.id`,
    [plainArray(causes)],
  )
  return new Map(rows.map(({ cause, id }) => [cause, id]))
}
