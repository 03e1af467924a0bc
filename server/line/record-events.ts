import type { Brands } from '../brand/index.ts'
import type { Clock } from '../platform/clock.ts'
import type { Tx } from '../platform/db.ts'
import { newId } from '../platform/id.ts'
import { dayAt, extend, type PlainEvent } from '../policy/index.ts'
import { sendEvents } from './event-store.ts'
import { dueAfter, type LineClock, sameState } from './line-clock.ts'
import type { LineEvent } from './line-event.ts'
import { type PolicyOf, policyDay } from './policy-day.ts'
import { lockLines, sendClocks } from './store.ts'

/** Something that happened to a line besides a top-up. It binds to line and epoch, never to the digits. */
export interface Happening {
  readonly line: string
  readonly epoch: number
  /** Fees are taken by the sweep alone. */
  readonly kind: Exclude<PlainEvent['kind'], 'retention-fee'>
  /** The business instant at which it happened; it may be told late. */
  readonly atMs: number
  readonly cause: string | null
}

/**
 * Applies what happened to the lines' clocks, in the order given, and writes an event for each that moved one: a second
 * call on the day that the first has already counted leaves no row. Answers for each whether it moved anything; of a holder
 * who has since lost the number, nothing does.
 */
export async function recordEvents(
  tx: Tx,
  deps: { readonly clock: Clock; readonly brands: Brands; readonly policyOf: PolicyOf },
  happenings: readonly Happening[],
): Promise<boolean[]> {
  const brand = deps.brands.get(tx.brand)
  const lines = [...new Set(happenings.map((happening) => happening.line))]
  const clocks = new Map((await lockLines(tx, lines)).map((clock) => [clock.line, clock]))
  const nowMs = deps.clock.instant()
  const moved = new Map<string, LineClock>()
  const events: LineEvent[] = []
  const answers = happenings.map(({ line, epoch, kind, atMs, cause }) => {
    const clock = moved.get(line) ?? clocks.get(line)
    if (clock?.epoch !== epoch) return false
    const policy = deps.policyOf(clock.policy, clock.policyVersion)
    const onDay = dayAt(atMs, brand.zone, policy.changeHour)
    const { state } = extend(policy, clock.state, { kind, on: onDay })
    if (sameState(state, clock.state)) return false
    const nextDueOn = dueAfter(policy, clock, state, policyDay(deps.clock, brand, policy))
    moved.set(line, { ...clock, state, nextDueOn })
    events.push({ id: newId(nowMs), line, epoch, kind, onDay, detail: {}, cause })
    return true
  })
  sendEvents(tx, events, nowMs)
  sendClocks(tx, [...moved.values()])
  return answers
}
