import { idToWire } from '../../contract/id.ts'
import {
  paymentsGivenBack,
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
import type { Awaited, Books, RefundDue, RefundMade } from './match.ts'
import { debitsOpen, paidAttempts, refundsMade, returnsAwaited, transferredRefunds } from './store.ts'

/** What these entries of an account are held against. */
export async function readBooks(
  db: Reader,
  merchant: string,
  entries: readonly StatedEntry[],
): Promise<Books> {
  const of = (direction: StatedEntry['direction']) => entries.filter((entry) => entry.direction === direction)
  const [credits, debits] = [of('credit'), of('debit')]
  const references = [...new Set(credits.flatMap(({ remittance }) => referencesIn(remittance)))]
  const awaited = await awaitedOf(db, await transfersByReference(db, merchant, references))
  const amounts = [...new Set(credits.map(({ amountMinor }) => amountMinor))]
  return {
    awaited: new Map(awaited.map((each) => [each.reference, each])),
    refunds: debits.length === 0 ? [] : await refundsDue(db, merchant),
    returns: await returnsAwaited(
      db,
      merchant,
      debits.map(({ reference }) => reference),
    ),
    made: await refundsOut(db, merchant, amounts),
    takenBack: amounts.length === 0 ? [] : await debitsOpen(db, merchant),
  }
}

async function refundsDue(db: Reader, merchant: string): Promise<RefundDue[]> {
  const due = await transferRefunds(db, merchant)
  const transferred = await transferredRefunds(
    db,
    due.map(({ refund }) => refund),
  )
  return due.filter(({ refund }) => !transferred.has(refund)).map(numbered)
}

async function refundsOut(db: Reader, merchant: string, amounts: readonly bigint[]): Promise<RefundMade[]> {
  const made = await refundsMade(db, merchant, amounts)
  const payments = new Map(
    (
      await paymentsGivenBack(
        db,
        made.map(({ refund }) => refund),
      )
    ).map(({ refund, transaction }) => [refund, transaction]),
  )
  return made.map((each) => ({ ...numbered(each), transaction: payments.get(each.refund) ?? '' }))
}

/** With the number that a transfer back may bear, and the reference made of it. */
function numbered<Refund extends { readonly refund: string }>(refund: Refund) {
  const number = idToWire(refund.refund)
  return { ...refund, number, reference: referenceOf(number) }
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
