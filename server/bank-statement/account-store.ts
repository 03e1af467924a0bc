import type { AccountKind } from '../ledger/index.ts'
import type { Reader } from '../platform/db.ts'

/** The ids of all accounts of these kinds in a currency. */
export async function accountsIn(
  db: Reader,
  currency: string,
  kinds: readonly AccountKind[],
): Promise<string[]> {
  const rows = await db.query<{ id: string }>(
    'select id from {{brand}}.account where currency = $1 and kind = any ($2::text[])',
    [currency, kinds],
  )
  return rows.map(({ id }) => id)
}
