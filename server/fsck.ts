import { identityChecks } from './identity/index.ts'
import { ledgerChecks } from './ledger/index.ts'
import { lineChecks } from './line/index.ts'
import { messagingChecks } from './messaging/index.ts'
import { paymentChecks } from './payment/index.ts'
import type { BrokenRow, Check } from './platform/check.ts'
import type { Db } from './platform/db.ts'
import { receiptChecks } from './receipt/index.ts'
import { topUpChecks } from './topup/index.ts'

/** Every room's invariants, from the ledger up. */
export function everyCheck(deps: Parameters<typeof lineChecks>[0]): readonly Check[] {
  return [
    ...ledgerChecks,
    ...identityChecks,
    ...messagingChecks,
    ...lineChecks(deps),
    ...paymentChecks,
    ...receiptChecks,
    ...topUpChecks,
  ]
}

/** A check that does not hold, with the rows that break it; at most `shown` of them are carried. */
export interface Violation {
  readonly brand: string
  readonly id: string
  readonly sentence: string
  readonly rows: readonly BrokenRow[]
  readonly count: number
}

const SHOWN = 20

/**
 * Proves every invariant of these brands, read-only, each brand in one snapshot: on a live database too, nothing is seen
 * half-done. Answers what does not hold.
 */
export async function fsck(
  db: Db,
  brands: readonly string[],
  checks: readonly Check[],
): Promise<Violation[]> {
  const violations: Violation[] = []
  for (const brand of brands) {
    await db.of(brand).tx(async (tx) => {
      await tx.query('set transaction isolation level repeatable read read only')
      for (const check of checks) {
        const rows = 'sql' in check ? await tx.query<BrokenRow>(check.sql) : await check.find(tx)
        if (rows.length === 0) continue
        const { id, sentence } = check
        violations.push({ brand, id, sentence, rows: rows.slice(0, SHOWN), count: rows.length })
      }
    })
  }
  return violations
}
