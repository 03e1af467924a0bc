import { Book, least, lockAccounts, sendWrites } from '../ledger/index.ts'
import type { Clock } from '../platform/clock.ts'
import type { Tx } from '../platform/db.ts'
import { assert } from '../platform/error.ts'
import { newId } from '../platform/id.ts'
import { floatOf } from './dealer.ts'

/** Money into a dealer's float. */
export interface FloatLoad {
  readonly dealer: string
  /** Above zero. */
  readonly amountMinor: bigint
  /** `bank`: the dealer paid; `opening`: brought in from another system. */
  readonly from: 'bank' | 'opening'
}

/**
 * Loads a float and answers the load's id, the cause of its posting. What the dealer owes (commission that was taken back when its float
 * no longer covered it) is paid from it first.
 */
export async function loadFloat(
  { clock }: { readonly clock: Clock },
  tx: Tx,
  { dealer, amountMinor, from }: FloatLoad,
): Promise<string> {
  const nowMs = clock.instant()
  const cause = newId(nowMs)
  const otherKind = from === 'bank' ? 'bank' : 'opening-balance'
  const owing = { kind: 'dealer-receivable', subject: dealer } as const
  const accounts = await lockAccounts(tx, [floatOf(dealer), { kind: otherKind, subject: '' }, owing])
  const float = accounts.find((account) => account.kind === 'dealer-float')
  const other = accounts.find(({ kind, currency }) => kind === otherKind && currency === float?.currency)
  assert(float && other, `dealer ${dealer} has a float, and the ${otherKind} account is open`)
  const book = new Book(() => newId(nowMs))
  const amounts = { amount: amountMinor }
  const outcome =
    from === 'bank'
      ? book.post('float-top-up', { amounts, parties: { 'dealer-float': float, bank: other }, cause })
      : book.post('float-opening', {
          amounts,
          parties: { 'dealer-float': float, 'opening-balance': other },
          cause,
        })
  assert(outcome.posted, 'a load adds')
  const owed = accounts.find((account) => account.kind === 'dealer-receivable')
  if (owed && owed.balanceMinor > 0n) {
    const parties = { 'dealer-float': float, 'dealer-receivable': owed }
    const settled = least(owed.balanceMinor, amountMinor)
    const paid = book.post('dealer-owed-settled', { amounts: { settled }, parties, cause })
    assert(paid.posted, 'a load covers what is paid from it')
  }
  sendWrites(tx, book.writes(), clock.business(tx.brand), nowMs)
  return cause
}
