import { idFromWire } from '../../contract/id.ts'
import type { OrderGroup, OrderState, OrdersQuery } from '../../contract/top-up.ts'
import type { Brand } from '../brand/index.ts'
import type { Principal } from '../identity/index.ts'
import { least, readAfters, readLineAccount } from '../ledger/index.ts'
import { knownNumber, type Restoration, readLine, readNumbers, readRestorations } from '../line/index.ts'
import type { MessageStatus, Messaging } from '../messaging/index.ts'
import type { AttemptRow, Payments, RefundRow } from '../payment/index.ts'
import type { Reader } from '../platform/db.ts'
import { assert, refuse } from '../platform/error.ts'
import { dayAt } from '../policy/index.ts'
import { type Quote, readQuotes } from '../quote/index.ts'
import type { TopUpsDeps } from './deps.ts'
import type { Dispute } from './dispute.ts'
import { readDisputes, readOwedSince } from './dispute-store.ts'
import { topUpErrors } from './errors.ts'
import type { RefundRequest } from './refund-request.ts'
import { readRequests } from './refund-request-store.ts'
import { readOrder, readOrdersOf } from './store.ts'
import type { TopUp } from './top-up.ts'

type ShowDeps = Pick<TopUpsDeps, 'db' | 'clock' | 'payments' | 'messaging' | 'lines'>

/** What the reading of an order's surroundings asks of the rooms below. */
export interface AroundDeps extends Pick<ShowDeps, 'db' | 'clock'> {
  readonly payments: Pick<Payments, 'read'>
  readonly messaging: Pick<Messaging, 'statusOf'>
}

/** An order with what is known around it, whoever looks. */
export interface ReadOrder {
  readonly order: TopUp
  readonly msisdn: string
  readonly attempts: readonly AttemptRow[]
  readonly refunds: readonly RefundRow[]
  /** Those that its attempts were begun under. */
  readonly quotes: readonly Quote[]
  /** Refunds that people asked for, the earliest first. */
  readonly requests: readonly RefundRequest[]
  readonly messages: readonly MessageStatus[]
  /** Of a line that was barred when this was credited and serves again, or is about to. */
  readonly restoration: Restoration | null
  /** About its payments, the earliest first. */
  readonly disputes: readonly Dispute[]
}

/** An order with all that whoever placed it may see of it. A stranger learns nothing of the line's restoration. */
export interface ShownOrder extends ReadOrder {
  /** The number is bound to the account of whoever looks. */
  readonly own: boolean
  /** Of an own number, once credited and where the sale gave credit. */
  readonly balanceAfterMinor: bigint | null
  /** Of an own number: of the credit, what paid what was owed, or would now. */
  readonly settles: { readonly amountMinor: bigint; readonly sinceMs: number | null } | null
}

const A_PAGE = 20

/** The states a person means by each group. */
const statesOf: Readonly<Record<OrderGroup, readonly OrderState[]>> = {
  'awaiting-payment': ['awaiting-payment'],
  'under-way': ['paid', 'held'],
  credited: ['credited'],
  refunds: ['refunding', 'refund-abnormal', 'refunded', 'reversed'],
}

/** One order of the caller's own; whosever else it is, there is no such order. */
export async function ownOrder(db: Reader, caller: Principal | null, id: string | null): Promise<TopUp> {
  const order = id === null ? undefined : await readOrder(db, id)
  if (order?.kind !== 'online' || order.caller !== caller?.id) throw refuse(topUpErrors['order-not-found'])
  return order
}

export async function showOrder(
  deps: ShowDeps,
  brand: Brand,
  caller: Principal | null,
  order: TopUp,
): Promise<ShownOrder> {
  const [shown] = await showOrders(deps, brand, caller, [order])
  assert(shown, 'an order that was read can be shown')
  return shown
}

/**
 * A page of the caller's orders, newest first, and the id where the next one begins. A number that is not the brand's has none.
 * Throws `number-invalid`.
 */
export async function ownOrders(
  deps: ShowDeps,
  brand: Brand,
  caller: Principal,
  { group, number, before }: OrdersQuery,
): Promise<{ readonly shown: ShownOrder[]; readonly next: string | null }> {
  const db = deps.db.of(brand.key)
  const line = number === undefined ? undefined : await readLine(db, knownNumber(brand, number))
  if (number !== undefined && !line) return { shown: [], next: null }
  const found = await readOrdersOf(
    db,
    caller.id,
    {
      states: group === undefined ? null : statesOf[group],
      line: line?.line ?? null,
      before: before === undefined ? null : idFromWire(before),
    },
    A_PAGE + 1,
  )
  const page = found.slice(0, A_PAGE)
  return {
    shown: await showOrders(deps, brand, caller, page),
    next: found.length > A_PAGE ? (page.at(-1)?.id ?? null) : null,
  }
}

async function showOrders(
  deps: ShowDeps,
  brand: Brand,
  caller: Principal | null,
  orders: readonly TopUp[],
): Promise<ShownOrder[]> {
  return await showTo(deps, deps.db.of(brand.key), caller, await readAround(deps, brand, orders))
}

/** Reads what is known around orders, for all of them at once. */
export async function readAround(
  { db: { of }, clock, payments, messaging }: AroundDeps,
  brand: Brand,
  orders: readonly TopUp[],
): Promise<ReadOrder[]> {
  if (orders.length === 0) return []
  const db = of(brand.key)
  const ids = orders.map((order) => order.id)
  const credits = orders.flatMap(({ line, epoch, creditedAtMs }) =>
    creditedAtMs === null ? [] : [{ line, epoch, sinceMs: creditedAtMs }],
  )
  const today = dayAt(clock.business(brand.key), brand.zone)
  const [numbers, { attempts, refunds }, messages, restorations, requests, disputes] = await Promise.all([
    readNumbers(db, [...new Set(orders.map((order) => order.line))]),
    payments.read(db, ids),
    messaging.statusOf(db, ids),
    readRestorations(db, credits, today),
    readRequests(db, ids),
    readDisputes(db, ids),
  ])
  const quotes = await readQuotes(
    db,
    attempts.flatMap(({ quote }) => quote ?? []),
  )
  return orders.map((order) => ({
    order,
    quotes: quotes.filter((quote) => quote.order === order.id),
    msisdn: numbers.get(order.line) ?? '',
    attempts: attempts.filter((attempt) => attempt.order === order.id),
    refunds: refunds.filter((refund) => refund.order === order.id),
    requests: requests.filter((request) => request.order === order.id),
    disputes: disputes.filter((dispute) => dispute.order === order.id),
    messages: messages.get(order.id) ?? [],
    restoration:
      restorations.find(({ line, sinceMs }) => line === order.line && sinceMs === order.creditedAtMs) ?? null,
  }))
}

/** Adds what one caller may see beyond that. */
export async function showTo(
  { lines }: Pick<ShowDeps, 'lines'>,
  db: Reader,
  caller: Principal | null,
  read: readonly ReadOrder[],
): Promise<ShownOrder[]> {
  const lineIds = [...new Set(read.map(({ order }) => order.line))]
  const owned = await Promise.all(lineIds.map((line) => lines.isOwn(db, caller, line)))
  const own = new Set(lineIds.filter((_, i) => owned[i]))
  const credited = read.filter(
    ({ order: o }) => own.has(o.line) && o.creditedAtMs !== null && o.offerKind !== 'package',
  )
  const ids = credited.map(({ order }) => order.id)
  const afters = ids.length === 0 ? new Map() : await readAfters(db, ids)
  const settling = await readSettling(
    db,
    read.flatMap(({ order }) => (own.has(order.line) ? [order] : [])),
  )
  return read.map((around) => ({
    ...around,
    own: own.has(around.order.line),
    restoration: own.has(around.order.line) ? around.restoration : null,
    balanceAfterMinor: afters.get(around.order.id)?.lineMinor ?? null,
    settles: settledBy(afters.get(around.order.id)?.settledMinor) ?? settling.get(around.order.id) ?? null,
  }))
}

type Settles = NonNullable<ShownOrder['settles']>

function settledBy(settledMinor: bigint | undefined): Settles | null {
  return settledMinor ? { amountMinor: settledMinor, sinceMs: null } : null
}

/** Of orders of credit that are not credited yet: what they would pay of what their line's holder owes now. */
async function readSettling(db: Reader, orders: readonly TopUp[]): Promise<Map<string, Settles>> {
  const open = orders.filter(
    ({ state, offerKind }) => state === 'awaiting-payment' && offerKind !== 'package',
  )
  const settling = await Promise.all(
    open.map(async ({ id, line, epoch, faceMinor }) => {
      const owed = (await readLineAccount(db, line, epoch))?.owedMinor ?? 0n
      if (owed === 0n) return []
      return [
        [id, { amountMinor: least(owed, faceMinor), sinceMs: await readOwedSince(db, line, epoch) }] as const,
      ]
    }),
  )
  return new Map(settling.flat())
}
