import type { Brand } from '../brand/index.ts'
import type { Principal } from '../identity/index.ts'
import { readAfters } from '../ledger/index.ts'
import { readNumbers } from '../line/index.ts'
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

const NEWEST = 50

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

/** The caller's newest orders, newest first. */
export async function ownOrders(deps: ShowDeps, brand: Brand, caller: Principal): Promise<ShownOrder[]> {
  const db = deps.db.of(brand.key)
  return await showOrders(deps, db, caller, await readOrdersOf(db, caller.id, NEWEST))
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
