import type { Brand } from '../brand/index.ts'
import type { AttemptRow } from '../payment/index.ts'
import type { Tx } from '../platform/db.ts'
import { failpoint } from '../platform/failpoint.ts'
import type { TopUpsDeps } from './deps.ts'
import { lockDueOrders } from './due-store.ts'
import { isOpen } from './pay.ts'
import { lockOrders, sendOrderChanges } from './store.ts'
import { type TopUp, withState } from './top-up.ts'

type ExpireDeps = Pick<TopUpsDeps, 'db' | 'clock' | 'log' | 'payments'> & {
  /** Called after the commit with the orders that ended. */
  readonly tellChanged: (brand: string, orders: readonly string[]) => void
}

const BATCH = 200
const CLOSE_AT_ONCE = 10
/** A provider that does not answer a close is asked again after this; evidence may end the order before. */
const CLOSE_AGAIN_MS = 60_000

/** Ends the orders of a brand whose time to pay is over; answers how many it ended. */
export type ExpireDue = (brand: Brand) => Promise<number>

/**
 * An order with nothing open at a provider expires at once, many in one transaction. Else the provider closes first, outside
 * any transaction: what turns out to be paid is left to its evidence, what is not answered is asked again later.
 */
export function createExpireDue(deps: ExpireDeps): ExpireDue {
  const { db, clock, log, payments } = deps
  /** Orders whose closing was not answered, and until when they are left. */
  const leftUntilMs = new Map<string, number>()

  async function closeThenExpire(brand: Brand, order: string): Promise<number> {
    const result = await payments.closeOpen(brand.key, order)
    await failpoint('expire.closed')
    if (result !== 'closed') {
      leftUntilMs.set(order, clock.instant() + CLOSE_AGAIN_MS)
      return 0
    }
    const ended = await db.of(brand.key).tx((tx) => expireClosed(deps, tx, order))
    deps.tellChanged(brand.key, ended)
    return ended.length
  }

  return async (brand) => {
    const nowMs = clock.instant()
    for (const [order, untilMs] of leftUntilMs) if (untilMs <= nowMs) leftUntilMs.delete(order)
    const { expired, toClose } = await db
      .of(brand.key)
      .tx((tx) => expireWithoutAttempts(deps, tx, [...leftUntilMs.keys()]))
    deps.tellChanged(brand.key, expired)
    let count = expired.length
    for (let from = 0; from < toClose.length; from += CLOSE_AT_ONCE) {
      const closed = await Promise.all(
        toClose.slice(from, from + CLOSE_AT_ONCE).map((order) =>
          closeThenExpire(brand, order).catch((error: unknown) => {
            leftUntilMs.set(order, clock.instant() + CLOSE_AGAIN_MS)
            log.error({ err: error, brand: brand.key, order }, 'an order could not be closed')
            return 0
          }),
        ),
      )
      count += closed.reduce((sum, one) => sum + one, 0)
    }
    return count
  }
}

async function expireWithoutAttempts(
  { clock, payments }: ExpireDeps,
  tx: Tx,
  left: readonly string[],
): Promise<{ readonly expired: readonly string[]; readonly toClose: readonly string[] }> {
  const nowMs = clock.instant()
  const due = await lockDueOrders(tx, nowMs, left, BATCH)
  if (due.length === 0) return { expired: [], toClose: [] }
  const attempts = await payments.lockAttempts(tx, idsOf(due))
  // A payment that was captured has its evidence, which ends the order in another way.
  const unfinished = new Set(attempts.filter((attempt) => attempt.state !== 'closed').map((a) => a.order))
  const over = due.filter((order) => !unfinished.has(order.id))
  sendOrderChanges(
    tx,
    over.map((order) => expiredAt(order, nowMs)),
  )
  await failpoint('expire.written')
  return { expired: idsOf(over), toClose: idsOf(due.filter((order) => unfinished.has(order.id))) }
}

/** The provider takes no more money for this order, unless it has by now. */
async function expireClosed({ clock, payments }: ExpireDeps, tx: Tx, id: string): Promise<string[]> {
  const [order] = await lockOrders(tx, [id])
  const attempts = await payments.lockAttempts(tx, [id])
  if (order?.state !== 'awaiting-payment' || attempts.some((attempt) => attempt.state === 'captured'))
    return []
  await writeExpired(payments, tx, order, attempts, clock.instant())
  return [id]
}

/** Ends a locked order and its locked attempts together; answers the order as it is from now on. */
export async function writeExpired(
  payments: Pick<TopUpsDeps['payments'], 'write'>,
  tx: Tx,
  order: TopUp,
  attempts: readonly AttemptRow[],
  nowMs: number,
): Promise<TopUp> {
  const expired = expiredAt(order, nowMs)
  await payments.write(tx, closing(attempts, nowMs), nowMs)
  sendOrderChanges(tx, [expired])
  await failpoint('expire.written')
  return expired
}

function idsOf(orders: readonly TopUp[]): string[] {
  return orders.map((order) => order.id)
}

function closing(attempts: readonly AttemptRow[], atMs: number) {
  return {
    attempts: attempts.filter(isOpen).map(({ id }) => ({ id, state: 'closed', atMs }) as const),
    evidenceApplied: [],
    newRefunds: [],
    refundChanges: [],
  }
}

function expiredAt(order: TopUp, nowMs: number): TopUp {
  return withState({ ...order, expiredAtMs: nowMs })
}
