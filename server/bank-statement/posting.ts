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
import { accountsIn } from './account-store.ts'

/** What an entry does to the ledger; each posting's cause is the entry. */
export interface Movement {
  readonly entry: string
  readonly posting: Extract<
    PostingName,
    | 'transfer-received'
    | 'transfer-matched'
    | 'transfer-returned'
    | 'transfer-dismissed'
    | 'refund-transferred'
    | 'transfer-written-off'
  >
  readonly amountMinor: bigint
}

const KINDS = ['bad-debt', 'bank', 'unmatched-receipts'] as const

/** Posts what entries of an account's did, in the caller's transaction; accounts are locked last. */
export async function postEntries(
  tx: Tx,
  clock: Clock,
  { id: merchant, currency }: { readonly id: string; readonly currency: string },
  movements: readonly Movement[],
): Promise<void> {
  if (movements.length === 0) return
  const nowMs = clock.instant()
  const keys = [
    { kind: 'provider-clearing', subject: `bank:${merchant}` } as const,
    ...KINDS.map((kind) => ({ kind, subject: '' })),
  ]
  await insertAccounts(
    tx,
    keys.map((key) => ({ ...key, currency, id: newId(nowMs) })),
    nowMs,
  )
  // A kind may have an account in another currency too.
  const ids = new Set(
    await accountsIn(
      tx,
      currency,
      keys.map(({ kind }) => kind),
    ),
  )
  const accounts = (await lockAccounts(tx, keys)).filter(({ id }) => ids.has(id))
  const of = (kind: Account['kind']) => {
    const account = accounts.find((each) => each.kind === kind)
    assert(account, `the account ${kind} is open in ${currency}`)
    return account
  }
  const parties = {
    'provider-clearing': of('provider-clearing'),
    'bad-debt': of('bad-debt'),
    bank: of('bank'),
    'unmatched-receipts': of('unmatched-receipts'),
  }
  const book = new Book(() => newId(nowMs))
  for (const { entry, posting, amountMinor } of movements) {
    const outcome = book.post(posting, { amounts: { amount: amountMinor }, parties, cause: entry })
    assert(outcome.posted, `${posting} leaves no account short`)
  }
  await sendWrites(tx, book.writes(), clock.business(tx.brand), nowMs)
}
