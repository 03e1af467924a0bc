import type { Clock } from '../platform/clock.ts'
import type { Tx } from '../platform/db.ts'
import { assert } from '../platform/error.ts'
import { newId } from '../platform/id.ts'
import type { LineAccount } from './account.ts'
import { Book } from './book.ts'
import { sendNewLineAccounts, sendWrites, unlockedAccounts } from './store.ts'

/** What a line brings to its holder of an epoch, in minor units; `cause` is the event that opened it. */
export interface Opening {
  readonly line: string
  readonly epoch: number
  readonly paidMinor: bigint
  readonly bonusMinor: bigint
  readonly cause: string
}

/**
 * Sends new accounts of lines at an epoch and the postings of what they bring; the answer comes with the commit. Each account
 * is written once, with its balance: a million lines are opened at a time.
 */
export async function openLineAccounts(
  tx: Tx,
  clock: Clock,
  currency: string,
  openings: readonly Opening[],
): Promise<void> {
  const nowMs = clock.instant()
  const accounts = openings.map(({ line, epoch }) => emptyAccount(newId(nowMs), line, epoch))
  if (openings.every((opening) => opening.paidMinor + opening.bonusMinor === 0n)) {
    sendNewLineAccounts(tx, accounts, currency)
    return
  }
  const book = new Book(() => newId(nowMs))
  await postLineOpenings(tx, book, openings, accounts)
  const filled = new Map(book.writes().lineAccounts.map((write) => [write.id, write]))
  sendNewLineAccounts(
    tx,
    accounts.map((account) => ({ ...account, ...filled.get(account.id) })),
    currency,
  )
  sendWrites(tx, { ...book.writes(), lineAccounts: [] }, clock.business(tx.brand), nowMs)
}

/** Posts what lines bring to their accounts, one to an opening; the opening-balance account is moved unlocked. */
export async function postLineOpenings(
  tx: Tx,
  book: Book,
  openings: readonly Opening[],
  accounts: readonly LineAccount[],
): Promise<void> {
  const [opening] = await unlockedAccounts(tx, [{ kind: 'opening-balance', subject: '' }])
  assert(opening, `the opening-balance account of ${tx.brand} is open`)
  for (const [i, { line, paidMinor: paid, bonusMinor: bonus, cause }] of openings.entries()) {
    const account = accounts[i]
    assert(account?.line === line, `line ${line} has its account`)
    const parties = { 'line-balance': account, 'opening-balance': opening }
    const outcome = book.post('line-opening', { amounts: { paid, bonus }, parties, cause })
    assert(outcome.posted, 'an opening adds')
  }
}

function emptyAccount(id: string, line: string, epoch: number): LineAccount {
  const money = {
    balanceMinor: 0n,
    floorMinor: 0n,
    paidMinor: 0n,
    bonusMinor: 0n,
    paidCostMinor: 0n,
    owedMinor: 0n,
  }
  return { id, kind: 'line-balance', line, epoch, ...money }
}
