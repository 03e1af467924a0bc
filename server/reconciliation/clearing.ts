import {
  type Account,
  Book,
  insertAccounts,
  lockAccounts,
  type PostingName,
  sendWrites,
} from '../ledger/index.ts'
import type { Clock } from '../platform/clock.ts'
import type { Tx } from '../platform/db.ts'
import { assert } from '../platform/error.ts'
import { newId } from '../platform/id.ts'
import { accountsOf } from './clearing-store.ts'

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

/** Whose clearing account, and in what currency. */
interface Merchant {
  readonly provider: string
  readonly merchant: string
  readonly currency: string
}

/** One way in which a merchant's clearing account moves. */
export interface Movement {
  readonly posting: keyof typeof amountOf
  readonly amountMinor: bigint
}

/** Posts movements of a merchant's clearing account, in the caller's transaction; those of nothing are left out. */
export async function postClearing(
  tx: Tx,
  clock: Clock,
  { provider, merchant, currency }: Merchant,
  cause: string,
  movements: readonly Movement[],
): Promise<void> {
  const moved = movements.filter(({ amountMinor }) => amountMinor !== 0n)
  if (moved.length === 0) return
  const nowMs = clock.instant()
  const parties = await lockParties(tx, clearingSubject(provider, merchant), currency, nowMs)
  const book = new Book(() => newId(nowMs))
  for (const { posting, amountMinor } of moved) {
    // A settlement is booked without a fee: the bill has said it already.
    const amounts = { amount: 0n, fee: 0n, returned: 0n, settled: 0n, [amountOf[posting]]: amountMinor }
    const outcome = book.post(posting, { amounts, parties, cause })
    assert(outcome.posted, `${posting} leaves no account short`)
  }
  await sendWrites(tx, book.writes(), clock.business(tx.brand), nowMs)
}

const OTHERS = ['bad-debt', 'bank', 'payment-fee', 'unmatched-receipts'] as const

/** Both sides of every movement, in the merchant's currency, which need not be the brand's; all of them, as they are few and seldom. */
async function lockParties(tx: Tx, subject: string, currency: string, nowMs: number) {
  const keys = [
    { kind: 'provider-clearing', subject } as const,
    ...OTHERS.map((kind) => ({ kind, subject: '' })),
  ]
  await insertAccounts(
    tx,
    keys.map((key) => ({ ...key, currency, id: newId(nowMs) })),
    nowMs,
  )
  const ids = new Set((await accountsOf(tx, subject, currency, OTHERS)).map(({ id }) => id))
  const accounts = (await lockAccounts(tx, keys)).filter(({ id }) => ids.has(id))
  const of = (kind: Account['kind']) => {
    const account = accounts.find((each) => each.kind === kind)
    assert(account, `the account ${kind} is open in ${currency}`)
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
