import type { Brand } from '../brand/index.ts'
import type { Principal } from '../identity/index.ts'
import type { AttemptRow } from '../payment/index.ts'
import { assert, never, refuse } from '../platform/error.ts'
import { failpoint } from '../platform/failpoint.ts'
import type { TopUpsDeps } from './deps.ts'
import { topUpErrors } from './errors.ts'
import { writeExpired } from './expire.ts'
import { isOpen } from './pay.ts'
import { ownOrder } from './shown-order.ts'
import { lockOrders } from './store.ts'
import type { TopUp } from './top-up.ts'

type CancelDeps = Pick<TopUpsDeps, 'db' | 'clock' | 'payments'> & {
  /** Called after the commit with the orders that ended. */
  readonly tellChanged: (brand: string, orders: readonly string[]) => void
}

const ASK_AGAIN_SECONDS = 2

/**
 * Ends an unpaid order before its time, as its payer wishes; again, it is still ended. The provider closes first: what it says is
 * paid stays and is credited. What it never heard of (a page not opened, a code not scanned) cannot be closed there and does
 * not stand in the way: a payment begun after all re-opens the order, as a late one does.
 * Throws `order-not-found`, `order-paid`, `cancel-unknown` while the provider does not answer, `payment-in-progress`.
 */
export async function cancel(
  deps: CancelDeps,
  brand: Brand,
  caller: Principal,
  id: string | null,
): Promise<TopUp> {
  const { payments } = deps
  const db = deps.db.of(brand.key)
  const order = await ownOrder(db, caller, id)
  if (order.state === 'expired') return order
  if (order.state !== 'awaiting-payment') throw refuse(topUpErrors['order-paid'])
  const open = (await payments.read(db, [order.id])).attempts.filter(isOpen)
  const closed = await payments.closeOpen(brand.key, order.id)
  await failpoint('cancel.closed')
  switch (closed) {
    case 'paid':
      throw refuse(topUpErrors['order-paid'])
    case 'unknown':
      await payments.watch(brand.key, idsOf(open), 'returned')
      throw refuse(topUpErrors['cancel-unknown'], { retryAfterSeconds: ASK_AGAIN_SECONDS })
    case 'closed':
    case 'not-begun':
      return await endClosed(deps, brand, order.id, new Set(idsOf(open)))
    default:
      return never(closed)
  }
}

/** Under the order's lock: a payment or another attempt may have been faster than the provider's answer. */
async function endClosed(
  { db, clock, payments, tellChanged }: CancelDeps,
  brand: Brand,
  id: string,
  closed: ReadonlySet<string>,
): Promise<TopUp> {
  const ended = await db.of(brand.key).tx(async (tx) => {
    const nowMs = clock.instant()
    const [order] = await lockOrders(tx, [id])
    assert(order, `order ${id} is still there`)
    if (order.state === 'expired') return order
    if (order.state !== 'awaiting-payment') throw refuse(topUpErrors['order-paid'])
    const attempts = await payments.lockAttempts(tx, [id])
    if (attempts.some((attempt) => isOpen(attempt) && !closed.has(attempt.id)))
      throw refuse(topUpErrors['payment-in-progress'], { retryAfterSeconds: ASK_AGAIN_SECONDS })
    return await writeExpired(payments, tx, order, attempts, nowMs)
  })
  tellChanged(brand.key, [id])
  return ended
}

function idsOf(attempts: readonly AttemptRow[]): string[] {
  return attempts.map((attempt) => attempt.id)
}
