import { type Account, Book, lockAccounts, type PostingName, sendWrites } from '../ledger/index.ts'
import type { Clock } from '../platform/clock.ts'
import type { Tx } from '../platform/db.ts'
import { assert } from '../platform/error.ts'
import { newId } from '../platform/id.ts'

/** The ledger's subject of what a provider owes for a merchant. */
export const clearingSubject = (provider: string, merchant: string) => `${provider}:${merchant}`

/** What this room posts against a clearing account, and what each posting calls its amount. */
const amountOf = {
  'provider-fee': 'fee',
  'provider-fee-returned': 'returned',
  'provider-settled': 'settled',
  'clearing-written-off': 'amount',
  'clearing-received': 'amount',
} as const satisfies Readonly<Partial<Record<PostingName, string>>>

/** One way in which a merchant's clearing account moves. */
export interface Movement {
  readonly posting: keyof typeof amountOf
  readonly amountMinor: bigint
}

/** Posts movements of a merchant's clearing account, in the caller's transaction; those of nothing are left out. */
export async function postClearing(
  tx: Tx,
  clock: Clock,
  { provider, merchant }: { readonly provider: string; readonly merchant: string },
  cause: string,
  movements: readonly Movement[],
): Promise<void> {
  const moved = movements.filter(({ amountMinor }) => amountMinor !== 0n)
  if (moved.length === 0) return
  const parties = await lockParties(tx, clearingSubject(provider, merchant))
  const nowMs = clock.instant()
  const book = new Book(() => newId(nowMs))
  for (const { posting, amountMinor } of moved) {
    // A settlement is booked without a fee: the bill has said it already.
    const amounts = { amount: 0n, fee: 0n, returned: 0n, settled: 0n, [amountOf[posting]]: amountMinor }
    const outcome = book.post(posting, { amounts, parties, cause })
    assert(outcome.posted, `${posting} leaves no account short`)
  }
  await sendWrites(tx, book.writes(), clock.business(tx.brand), nowMs)
}

/** Both sides of every movement; all of them, as they are few and seldom. */
async function lockParties(tx: Tx, subject: string) {
  const others = (['bad-debt', 'bank', 'payment-fee', 'unmatched-receipts'] as const).map((kind) => ({
    kind,
    subject: '',
  }))
  const accounts = await lockAccounts(tx, [{ kind: 'provider-clearing', subject }, ...others])
  const of = (kind: Account['kind']) => {
    const account = accounts.find((each) => each.kind === kind)
    assert(account, `the account ${kind} is open`)
    return account
  }
  return {
    'provider-clearing': of('provider-clearing'),
    'bad-debt': of('bad-debt'),
    bank: of('bank'),
    'payment-fee': of('payment-fee'),
    'unmatched-receipts': of('unmatched-receipts'),
  }
}
