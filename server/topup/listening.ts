import type { Brand } from '../brand/index.ts'
import type { Clock } from '../platform/clock.ts'
import type { TopUpsDeps } from './deps.ts'
import { isOpen } from './pay.ts'
import type { ShownOrder } from './shown-order.ts'

const TELL_EVERY_MS = 2_000

/** Tells payments that a page listens for an order's payment; called at every poll, passed on every two seconds. */
export type Listening = (brand: Brand, shown: Pick<ShownOrder, 'order' | 'attempts'>) => Promise<void>

export function createListening({
  clock,
  payments,
}: { readonly clock: Clock } & Pick<TopUpsDeps, 'payments'>): Listening {
  const toldAtMs = new Map<string, number>()
  return async (brand, { order, attempts }) => {
    if (order.state !== 'awaiting-payment') return
    const open = attempts.filter(isOpen)
    const nowMs = clock.instant()
    if (open.length === 0 || nowMs - (toldAtMs.get(order.id) ?? 0) < TELL_EVERY_MS) return
    for (const [id, atMs] of toldAtMs) {
      // Oldest first: a map keeps the order of insertion.
      if (nowMs - atMs < TELL_EVERY_MS) break
      toldAtMs.delete(id)
    }
    toldAtMs.delete(order.id)
    toldAtMs.set(order.id, nowMs)
    for (const attempt of open) await payments.watch(brand.key, attempt.id, 'listening')
  }
}
