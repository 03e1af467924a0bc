import { idToWire } from '../../contract/id.ts'
import {
  referenceOf,
  referencesIn,
  type TransferAttempt,
  transferRefunds,
  transfersAwaited,
  transfersByReference,
} from '../payment/index.ts'
import type { Reader } from '../platform/db.ts'
import { readOrders } from '../topup/index.ts'
import type { StatedEntry } from './entry.ts'
import type { Awaited, Books } from './match.ts'
import { paidAttempts, returnsAwaited, transferredRefunds } from './store.ts'

/** What these entries of an account are held against. */
export async function readBooks(
  db: Reader,
  merchant: string,
  entries: readonly StatedEntry[],
): Promise<Books> {
  const of = (direction: StatedEntry['direction']) => entries.filter((entry) => entry.direction === direction)
  const references = [...new Set(of('credit').flatMap(({ remittance }) => referencesIn(remittance)))]
  const debits = of('debit').map(({ reference }) => reference)
  const awaited = await awaitedOf(db, await transfersByReference(db, merchant, references))
  const due = debits.length === 0 ? [] : await transferRefunds(db, merchant)
  const transferred = await transferredRefunds(
    db,
    due.map(({ refund }) => refund),
  )
  return {
    awaited: new Map(awaited.map((each) => [each.reference, each])),
    refunds: due
      .filter(({ refund }) => !transferred.has(refund))
      .map(({ refund, ...each }) => {
        const number = idToWire(refund)
        return { ...each, refund, number, reference: referenceOf(number) }
      }),
    returns: debits.length === 0 ? [] : await returnsAwaited(db, merchant, debits),
  }
}

/** The most transfers that are looked through for a suggestion. */
const MOST_LOOKED_AT = 5_000

/** Transfers that may still come, the newest first. */
export async function readAwaited(db: Reader, merchant: string): Promise<Awaited[]> {
  const all = await awaitedOf(db, await transfersAwaited(db, merchant, MOST_LOOKED_AT))
  return all.filter(({ payable }) => payable)
}

async function awaitedOf(db: Reader, transfers: readonly TransferAttempt[]): Promise<Awaited[]> {
  if (transfers.length === 0) return []
  const orders = new Map(
    (
      await readOrders(
        db,
        transfers.map(({ order }) => order),
      )
    ).map((order) => [order.id, order.state]),
  )
  const paid = await paidAttempts(
    db,
    transfers.map(({ attempt }) => attempt),
  )
  return transfers.map(({ attempt, order, reference, amountMinor, state }) => ({
    ...{ attempt, order, reference, amountMinor },
    payable:
      orders.get(order) === 'awaiting-payment' &&
      state !== 'captured' &&
      state !== 'closed' &&
      !paid.has(attempt),
  }))
}
