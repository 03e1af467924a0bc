import type { Clock } from '../platform/clock.ts'
import type { BrandDb, Tx } from '../platform/db.ts'
import { assert } from '../platform/error.ts'
import { failpoint } from '../platform/failpoint.ts'
import { newId } from '../platform/id.ts'
import { Book } from './book.ts'
import { earnedByDay } from './lot.ts'
import { type DueTerm, lockAccounts, lockDueTerms, sendEarned, sendWrites } from './store.ts'

const BATCH = 1000

/**
 * Earns sold packages up to a business day: what the days before `today` are worth moves from deferred revenue to revenue,
 * one transfer a package, in batches of a thousand. Run again on the same day it finds nothing; after days without a run it
 * catches up. Answers how many packages moved.
 */
export async function earnPackages(db: BrandDb, clock: Clock, today: number): Promise<number> {
  let earned = 0
  for (;;) {
    const taken = await db.tx((tx) => earnBatch(tx, clock, today))
    earned += taken
    if (taken < BATCH) return earned
  }
}

async function earnBatch(tx: Tx, clock: Clock, today: number): Promise<number> {
  const terms = await lockDueTerms(tx, today, BATCH)
  if (terms.length === 0) return 0
  const accounts = await lockAccounts(tx, [
    { kind: 'deferred-revenue', subject: '' },
    { kind: 'package-revenue', subject: '' },
  ])
  const deferred = accounts.find((account) => account.kind === 'deferred-revenue')
  const revenue = accounts.find((account) => account.kind === 'package-revenue')
  assert(deferred && revenue, 'the accounts of package revenue are open')
  const nowMs = clock.instant()
  const book = new Book(() => newId(nowMs))
  const moved = terms.map((term) =>
    earn(book, term, today, { 'deferred-revenue': deferred, 'package-revenue': revenue }),
  )
  await failpoint('ledger.earn')
  sendEarned(tx, moved)
  sendWrites(tx, book.writes(), clock.business(tx.brand), nowMs)
  return terms.length
}

function earn(
  book: Book,
  term: DueTerm,
  today: number,
  parties: Parameters<typeof book.post<'package-earned'>>[1]['parties'],
) {
  const day = Math.min(today, term.until)
  const total = earnedByDay(term, day)
  const outcome = book.post('package-earned', {
    amounts: { earned: total - term.earnedMinor },
    parties,
    cause: term.id,
  })
  assert(outcome.posted, 'what was deferred can be earned')
  return { id: term.id, earnedMinor: total, earnedUntil: day }
}
