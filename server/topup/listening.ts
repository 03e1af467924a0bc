import type { Brand } from '../brand/index.ts'
import type { Clock } from '../platform/clock.ts'
import type { TopUpsDeps } from './deps.ts'
import { isOpen } from './pay.ts'
import type { ReadOrder } from './shown-order.ts'

const TELL_EVERY_MS = 2_000

/** Tells payments that pages listen for these orders' payments; called at every look, passed on every two seconds. */
export type Listening = (
  brand: Brand,
  orders: readonly Pick<ReadOrder, 'order' | 'attempts'>[],
) => Promise<void>

export function createListening({
  clock,
  payments,
}: { readonly clock: Clock } & Pick<TopUpsDeps, 'payments'>): Listening {
  const toldAtMs = new Map<string, number>()

  /** The order's open attempts, when it is time to tell of them again. */
  function toTell({ order, attempts }: Pick<ReadOrder, 'order' | 'attempts'>, nowMs: number): string[] {
    if (order.state !== 'awaiting-payment') return []
    const open = attempts.filter(isOpen).map((attempt) => attempt.id)
    if (open.length === 0 || nowMs - (toldAtMs.get(order.id) ?? 0) < TELL_EVERY_MS) return []
    toldAtMs.delete(order.id)
    toldAtMs.set(order.id, nowMs)
    return open
  }

  return async (brand, orders) => {
    const nowMs = clock.instant()
    for (const [id, atMs] of toldAtMs) {
      // Oldest first: a map keeps the order of insertion.
      if (nowMs - atMs < TELL_EVERY_MS) break
      toldAtMs.delete(id)
    }
    const open = orders.flatMap((order) => toTell(order, nowMs))
    if (open.length > 0) await payments.watch(brand.key, open, 'listening')
  }
}
