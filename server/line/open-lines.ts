import type { Brand } from '../brand/index.ts'
import { Book, insertLineAccounts, lockAccounts, lockLineAccounts, sendWrites } from '../ledger/index.ts'
import type { Clock } from '../platform/clock.ts'
import type { Tx } from '../platform/db.ts'
import { assert } from '../platform/error.ts'
import { newId } from '../platform/id.ts'
import { nextDueOn, type Policy, type PolicyState } from '../policy/index.ts'
import { type InsertedLine, insertLines } from './store.ts'

/** A line that comes to us: new, or from another system with its clocks and money as they stand. */
export interface NewLine {
  /** E.164 digits, of the brand's number plan. */
  readonly msisdn: string
  readonly iccid: string | null
  readonly state: PolicyState
  readonly paidMinor: bigint
  readonly bonusMinor: bigint
}

/**
 * Opens lines at epoch 1 on a business day: number, clocks as given, an opening event to replay from, a money account and
 * its opening posting. Set-based: a thousand lines cost about what one does. Answers the ids in the order given.
 */
export async function openLines(
  tx: Tx,
  deps: { readonly clock: Clock; readonly brand: Brand; readonly policy: Policy; readonly today: number },
  lines: readonly NewLine[],
): Promise<string[]> {
  const { clock, brand, policy, today } = deps
  const nowMs = clock.instant()
  const opened: InsertedLine[] = lines.map(({ msisdn, iccid, state }) => ({
    id: newId(nowMs),
    event: newId(nowMs),
    msisdn,
    iccid,
    state,
    policy: policy.id,
    policyVersion: policy.version,
    nextDueOn: nextDueOn(policy, state, today),
  }))
  await insertLines(tx, opened, today, nowMs)
  const accounts = opened.map(({ id }) => ({ id: newId(nowMs), line: id, epoch: 1 }))
  await insertLineAccounts(tx, accounts, brand.currency)
  await postOpenings(tx, deps, lines, opened)
  return opened.map((line) => line.id)
}

async function postOpenings(
  tx: Tx,
  { clock, brand }: { readonly clock: Clock; readonly brand: Brand },
  lines: readonly NewLine[],
  opened: readonly InsertedLine[],
): Promise<void> {
  if (lines.every((line) => line.paidMinor + line.bonusMinor === 0n)) return
  const accounts = await lockLineAccounts(
    tx,
    opened.map((line) => line.id),
  )
  const byLine = new Map(accounts.map((account) => [account.line, account]))
  const [opening] = await lockAccounts(tx, [{ kind: 'opening-balance', subject: '' }])
  assert(opening, `the opening-balance account of ${brand.key} is open`)
  const book = new Book(() => newId(clock.instant()))
  for (const [i, { paidMinor: paid, bonusMinor: bonus }] of lines.entries()) {
    const { id, event } = opened[i] as InsertedLine
    const account = byLine.get(id)
    assert(account, `line ${id} has its account`)
    const parties = { 'line-balance': account, 'opening-balance': opening }
    const outcome = book.post('line-opening', { amounts: { paid, bonus }, parties, cause: event })
    assert(outcome.posted, 'an opening adds')
  }
  sendWrites(tx, book.writes(), clock.business(brand.key), clock.instant())
}
