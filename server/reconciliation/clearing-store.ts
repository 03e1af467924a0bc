import type { AccountKind } from '../ledger/index.ts'
import type { Reader } from '../platform/db.ts'

/** An account by its currency too: where a brand is paid in several, a kind has one account of each. */
export interface AccountOf {
  readonly id: string
  readonly kind: AccountKind
  readonly balanceMinor: bigint
}

/** A merchant's clearing account and the brand's own accounts of these kinds, of one currency. */
export async function accountsOf(
  db: Reader,
  clearing: string,
  currency: string,
  others: readonly AccountKind[],
): Promise<AccountOf[]> {
  return await db.query<AccountOf>(
    `select id, kind, balance as "balanceMinor" from {{brand}}.account
      where currency = $2 and (kind = 'provider-clearing' and subject = $1 or kind = any ($3::text[]) and subject = '')`,
    [clearing, currency, others],
  )
}
