import { Book, lockLineAccounts, sendWrites, unlockedAccounts } from '../../server/ledger/index.ts'
import type { Clock } from '../../server/platform/clock.ts'
import type { Db } from '../../server/platform/db.ts'
import { newId } from '../../server/platform/id.ts'

/** Uses paid credit of a number's first holder, as a usage record would. */
export async function spend(
  { db, clock }: { readonly db: Db; readonly clock: Clock },
  brand: string,
  msisdn: string,
  paid: bigint,
): Promise<void> {
  await db.of(brand).tx(async (tx) => {
    const [line] = await tx.query<{ id: string }>('select id from {{brand}}.line where msisdn = $1', [msisdn])
    const [account] = await lockLineAccounts(tx, [line?.id ?? ''])
    const [revenue] = await unlockedAccounts(tx, [{ kind: 'usage-revenue', subject: '' }])
    if (!account || !revenue) throw new Error(`${msisdn} has no account`)
    const nowMs = clock.instant()
    const book = new Book(() => newId(nowMs))
    const parties = { 'line-balance': account, 'usage-revenue': revenue }
    const outcome = book.post('usage', { amounts: { paid, bonus: 0n }, parties, cause: newId(nowMs) })
    if (!outcome.posted) throw new Error(`${msisdn} has not ${paid} to spend`)
    sendWrites(tx, book.writes(), nowMs, nowMs)
  })
}
