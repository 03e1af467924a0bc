import { lockTerms, readCreditTransfers, readLotsOf } from '../ledger/index.ts'
import { type LineClock, readPasts } from '../line/index.ts'
import type { Clock } from '../platform/clock.ts'
import type { Tx } from '../platform/db.ts'
import type { RefundRequest } from './refund-request.ts'
import { lockRequests, readGrants } from './refund-request-store.ts'
import type { TopUp } from './top-up.ts'
import type { RefundSide, State } from './work.ts'

/** The orders of which a batch is to pay back, and all that was ever asked about them, locked. */
export interface RefundsAsked {
  readonly orders: ReadonlySet<string>
  readonly requests: readonly RefundRequest[]
}

export const NOTHING_ASKED: RefundsAsked = { orders: new Set(), requests: [] }

/** The caller has locked the orders, their attempts and refunds. */
export async function lockRefundsAsked(tx: Tx, orders: readonly string[]): Promise<RefundsAsked> {
  if (orders.length === 0) return NOTHING_ASKED
  const ids = new Set(orders)
  return { orders: ids, requests: await lockRequests(tx, [...ids]) }
}

/** What such refunds are decided by, read under the locks of the lines; the terms of packages are locked. */
export async function readRefundSide(
  tx: Tx,
  { policyOf, brand }: Pick<State, 'policyOf' | 'brand'>,
  { orders: ids, requests }: RefundsAsked,
  locked: readonly TopUp[],
  clocks: readonly LineClock[],
  clock: Clock,
): Promise<RefundSide> {
  const orders = locked.filter((order) => ids.has(order.id))
  const lines = new Set(orders.map((order) => order.line))
  const packages = orders.filter((order) => order.offerKind === 'package')
  const sold = packages.map((order) => order.id)
  const corrected = requests.flatMap(({ state, toLine, order }) =>
    state === 'approved' && toLine !== null ? [order] : [],
  )
  const [pasts, terms, grants, lots, credits] = await Promise.all([
    readPasts(
      tx,
      policyOf,
      brand.zone,
      clocks.filter((one) => lines.has(one.line)),
    ),
    sold.length === 0 ? [] : lockTerms(tx, sold),
    readGrants(tx, sold),
    readLotsOf(tx, [...new Set(packages.map((order) => order.line))]),
    readCreditTransfers(tx, corrected),
  ])
  return {
    lockedAtMs: clock.instant(),
    requests: new Map(requests.map((request) => [request.id, request])),
    pasts,
    terms: new Map(terms.map((term) => [term.cause, term])),
    credits,
    grants: Map.groupBy(grants, (grant) => grant.order),
    lots: new Map(lots.map((lot) => [`${lot.line} ${lot.epoch} ${lot.kind} ${lot.until}`, lot.amount])),
  }
}
