import { writeAudit } from '../platform/audit.ts'
import type { Clock } from '../platform/clock.ts'
import type { BrandDb } from '../platform/db.ts'
import { assert } from '../platform/error.ts'
import { failpoint } from '../platform/failpoint.ts'
import { formatDay } from '../policy/index.ts'
import { railZones } from './bill.ts'
import { lockBill, markMatched } from './bill-store.ts'
import { type BreakClass, FIRST_OWNER } from './break.ts'
import { type OpenBreaks, openBreaksOf } from './break-store.ts'
import { clearingSubject, postClearing } from './clearing.ts'
import { accountsOf } from './clearing-store.ts'
import { closeArrived, endWaiting, judgeAgain, openItemBreaks, openRowBreaks } from './match-store.ts'

export interface MatchOptions {
  readonly actor: string
  /** Who owns the breaks that are found; default `finance`. */
  readonly owner?: string
}

export interface Matched {
  readonly rows: number
  /** Breaks found by this run, by class. */
  readonly found: ReadonlyMap<BreakClass, number>
  /** Breaks that explained themselves. */
  readonly closed: number
  /** Fees of the bill, posted by this run: null where an earlier one has. In minor units, less what was given back. */
  readonly feeMinor: bigint | null
  /** All breaks of the merchant that are open now. */
  readonly open: readonly OpenBreaks[]
  /** What the provider owes us by the ledger. */
  readonly clearingMinor: bigint
  readonly currency: string
}

/**
 * Holds a bill against attempts, refunds and the ledger, in one transaction, and posts its fees when it is matched first. Run again
 * it finds what has changed since and posts nothing.
 */
export async function matchBill(
  db: BrandDb,
  clock: Clock,
  id: string,
  options: MatchOptions,
): Promise<Matched> {
  return await db.tx(async (tx) => {
    const bill = await lockBill(tx, id)
    assert(bill, `bill ${id} was imported`)
    const { provider, merchant, currency } = bill
    const subject = clearingSubject(provider, merchant)
    const [account] = await accountsOf(tx, subject, currency, [])
    assert(account, `the clearing account of ${subject} is open`)
    const match = { provider, merchant, zone: railZones[provider], clearing: account.id }
    const atMs = clock.instant()
    const owner = options.owner ?? FIRST_OWNER
    const day = formatDay(bill.day)
    const closed = (await closeArrived(tx, match, atMs)) + (await judgeAgain(tx, match, atMs))
    await endWaiting(tx, match)
    const ofRows = await openRowBreaks(tx, match, id, owner, atMs)
    const ofItems = await openItemBreaks(tx, match, day, owner, atMs)
    const first = bill.matchedAtMs === null
    if (first) {
      await postClearing(tx, clock, bill, id, [
        { posting: 'provider-fee', amountMinor: bill.feeMinor },
        { posting: 'provider-fee-returned', amountMinor: bill.feeReturnedMinor },
      ])
      await markMatched(tx, id, atMs)
    }
    const found = added(ofRows, ofItems)
    await writeAudit(
      tx,
      {
        actor: options.actor,
        act: 'bill matched',
        subject: `${subject} ${day}`,
        detail: { rows: bill.rows, found: Object.fromEntries(found), closed },
      },
      atMs,
    )
    await failpoint('reconciliation.matched')
    const [after] = await accountsOf(tx, subject, currency, [])
    return {
      rows: bill.rows,
      found,
      closed,
      feeMinor: first ? bill.feeMinor - bill.feeReturnedMinor : null,
      open: await openBreaksOf(tx, provider, merchant),
      clearingMinor: after?.balanceMinor ?? 0n,
      currency,
    }
  })
}

function added(
  one: ReadonlyMap<BreakClass, number>,
  other: ReadonlyMap<BreakClass, number>,
): Map<BreakClass, number> {
  const sum = new Map(one)
  for (const [name, n] of other) sum.set(name, (sum.get(name) ?? 0) + n)
  return sum
}
