import { idFromWire } from '../../contract/id.ts'
import type { OrderGroup, OrderState, OrdersQuery } from '../../contract/top-up.ts'
import type { Brand } from '../brand/index.ts'
import type { Principal } from '../identity/index.ts'
import { readAfters } from '../ledger/index.ts'
import { knownNumber, readLine, readNumbers } from '../line/index.ts'
import type { MessageStatus } from '../messaging/index.ts'
import type { AttemptRow, RefundRow } from '../payment/index.ts'
import type { Reader } from '../platform/db.ts'
import { assert, refuse } from '../platform/error.ts'
import type { TopUpsDeps } from './deps.ts'
import { topUpErrors } from './errors.ts'
import { readOrder, readOrdersOf } from './store.ts'
import type { TopUp } from './top-up.ts'

type ShowDeps = Pick<TopUpsDeps, 'db' | 'payments' | 'messaging' | 'lines'>

/** An order with all that whoever placed it may see of it. */
export interface ShownOrder {
  readonly order: TopUp
  readonly msisdn: string
  /** The number is bound to the account of whoever looks. */
  readonly own: boolean
  readonly attempts: readonly AttemptRow[]
  readonly refunds: readonly RefundRow[]
  readonly messages: readonly MessageStatus[]
  /** Of an own number, once credited and where the sale gave credit. */
  readonly balanceAfterMinor: bigint | null
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
  const [shown] = await showOrders(deps, deps.db.of(brand.key), caller, [order])
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
    shown: await showOrders(deps, db, caller, page),
    next: found.length > A_PAGE ? (page.at(-1)?.id ?? null) : null,
  }
}

async function showOrders(
  { payments, messaging, lines }: ShowDeps,
  db: Reader,
  caller: Principal | null,
  orders: readonly TopUp[],
): Promise<ShownOrder[]> {
  if (orders.length === 0) return []
  const ids = orders.map((order) => order.id)
  const lineIds = [...new Set(orders.map((order) => order.line))]
  const [numbers, { attempts, refunds }, messages, owned] = await Promise.all([
    readNumbers(db, lineIds),
    payments.read(db, ids),
    messaging.statusOf(db, ids),
    Promise.all(lineIds.map((line) => lines.isOwn(db, caller, line))),
  ])
  const own = new Set(lineIds.filter((_, i) => owned[i]))
  const credited = orders.filter(
    (o) => own.has(o.line) && o.creditedAtMs !== null && o.offerKind !== 'package',
  )
  const afters =
    credited.length === 0
      ? new Map()
      : await readAfters(
          db,
          credited.map((order) => order.id),
        )
  return orders.map((order) => ({
    order,
    msisdn: numbers.get(order.line) ?? '',
    own: own.has(order.line),
    attempts: attempts.filter((attempt) => attempt.order === order.id),
    refunds: refunds.filter((refund) => refund.order === order.id),
    messages: messages.get(order.id) ?? [],
    balanceAfterMinor: afters.get(order.id)?.lineMinor ?? null,
  }))
}
