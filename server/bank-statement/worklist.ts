import { idToWire } from '../../contract/id.ts'
import { referenceOf, type TransferRefund, transferRefunds } from '../payment/index.ts'
import type { Reader } from '../platform/db.ts'
import { readAwaited } from './books.ts'
import type { BankEntry } from './entry.ts'
import { entriesOfPayments, listEntries, transferredRefunds } from './store.ts'
import { type Suggestion, suggest } from './suggest.ts'

/** An entry with the orders that it may mean. */
export interface EntryToSee {
  readonly entry: BankEntry
  readonly suggestions: readonly Suggestion[]
}

/** Entries that wait for a person, or all, the oldest first, each credit that waits with what it may be. */
export async function entriesToSee(db: Reader, onlyOpen: boolean, limit: number): Promise<EntryToSee[]> {
  const entries = await listEntries(db, onlyOpen, limit)
  const waiting = entries.filter(({ state, direction }) => state === 'open' && direction === 'credit')
  const awaited = new Map(
    await Promise.all(
      [...new Set(waiting.map(({ merchant }) => merchant))].map(
        async (merchant) => [merchant, await readAwaited(db, merchant)] as const,
      ),
    ),
  )
  return entries.map((entry) => ({
    entry,
    suggestions: waiting.includes(entry) ? suggest(entry, awaited.get(entry.merchant) ?? []) : [],
  }))
}

/** A refund for a person to transfer: how much, to whom, and what to write on it. */
export interface RefundToTransfer extends TransferRefund {
  /** To be written on the transfer: the statement's debit is known by it. */
  readonly reference: string
  readonly toName: string | null
  readonly toAccount: string | null
}

/** Refunds of transfers that the account has not told of yet, the oldest first. */
export async function refundsToTransfer(db: Reader): Promise<RefundToTransfer[]> {
  const refunds = await transferRefunds(db, null)
  const transferred = await transferredRefunds(
    db,
    refunds.map(({ refund }) => refund),
  )
  const due = refunds.filter(({ refund }) => !transferred.has(refund))
  const payments = await entriesOfPayments(
    db,
    due.map(({ transaction }) => transaction),
  )
  return due.map((refund) => {
    const from = payments.find(
      ({ merchant, transaction }) => merchant === refund.merchant && transaction === refund.transaction,
    )
    return {
      ...refund,
      reference: referenceOf(idToWire(refund.refund)),
      ...{ toName: from?.otherName ?? null, toAccount: from?.otherAccount ?? null },
    }
  })
}
