import { bankStatementChecks } from './bank-statement/index.ts'
import { identityChecks } from './identity/index.ts'
import { ledgerChecks } from './ledger/index.ts'
import { lineChecks } from './line/index.ts'
import { messagingChecks } from './messaging/index.ts'
import { paymentChecks } from './payment/index.ts'
import type { BrokenRow, Check } from './platform/check.ts'
import { type Db, isConnectionLoss, type Tx } from './platform/db.ts'
import { quoteChecks } from './quote/index.ts'
import { receiptChecks } from './receipt/index.ts'
import { reconciliationChecks } from './reconciliation/index.ts'
import { supportChecks } from './support/index.ts'
import { topUpChecks } from './topup/index.ts'
import { workItemChecks } from './work-item/index.ts'

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
    ...quoteChecks,
    ...reconciliationChecks,
    ...workItemChecks(deps),
    ...bankStatementChecks,
    ...supportChecks,
  ]
}

/** A check that does not hold, with the rows that break it: how many there are, and the first twenty. */
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
        const { rows, count } = await brokenRows(tx, check)
        if (count > 0) violations.push({ brand, id: check.id, sentence: check.sentence, rows, count })
      }
    })
  }
  return violations
}

type Broken = Pick<Violation, 'rows' | 'count'>

/** A check that cannot be run has proved nothing: it counts as broken, by its error, and the others are still run. */
async function brokenRows(tx: Tx, check: Check): Promise<Broken> {
  await tx.query('savepoint before_check')
  try {
    const broken = 'sql' in check ? await select(tx, check.sql) : countAll(await check.find(tx))
    await tx.query('release savepoint before_check')
    return broken
  } catch (error) {
    if (isConnectionLoss(error)) throw error
    await tx.query('rollback to savepoint before_check')
    return { rows: [{ 'the check itself failed': (error as Error).message }], count: 1 }
  }
}

/** However many rows are broken, only those shown leave the database. */
async function select(tx: Tx, sql: string): Promise<Broken> {
  const found = await tx.query<BrokenRow & { readonly of_all: number }>(
    `select broken.*, (count(*) over ())::int as of_all from (${sql}) broken limit ${SHOWN}`,
  )
  const rows = found.map(({ of_all: _, ...row }) => row)
  return { rows, count: found[0]?.of_all ?? 0 }
}

function countAll(rows: readonly BrokenRow[]): Broken {
  return { rows: rows.slice(0, SHOWN), count: rows.length }
}
