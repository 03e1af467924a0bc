import { dayAt, type Policy, type PolicyEvent } from '../policy/index.ts'
import type { ReadEvent, ReadOrder } from './replay-store.ts'

/** What moved the clocks of a line once, with the real instant at which it was applied. */
export type Move =
  | { readonly id: string; readonly atMs: number; readonly event: ReadEvent }
  | { readonly id: string; readonly atMs: number; readonly order: ReadOrder }

/** An event as the policy sees it; days that were taken back are no event of the policy, see taken-back.ts. */
export function plainEvent([, , kind, on, , received]: ReadEvent): PolicyEvent {
  if (received) {
    const [amountMinor, balanceAfterMinor] = [
      BigInt(received.amountMinor),
      BigInt(received.balanceAfterMinor),
    ]
    return { kind: 'top-up', on, amountMinor, balanceAfterMinor, length: { months: 0, days: 0 } }
  }
  return { kind: kind as Exclude<PolicyEvent['kind'], 'top-up' | 'package'>, on }
}

/** A credited order as the policy saw it. */
export function orderEvent(
  policy: Policy,
  zone: string,
  order: ReadOrder,
): PolicyEvent & { readonly kind: 'package' | 'top-up' } {
  const [, , offerKind, eventAtMs, face, months, days, , , balanceAfter] = order
  const on = dayAt(eventAtMs, zone, policy.changeHour)
  const length = { months, days }
  if (offerKind === 'package') return { kind: 'package', on, length }
  const amountMinor = BigInt(face)
  return { kind: 'top-up', on, amountMinor, balanceAfterMinor: BigInt(balanceAfter ?? 0), length }
}
