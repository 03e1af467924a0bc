import { clockUntil, extend, type Policy, type PolicyState } from '../policy/index.ts'
import { sameState } from './line-clock.ts'
import { type Move, orderEvent, plainEvent } from './replay-move.ts'
import type { ReadHistory, ReadOrder } from './replay-store.ts'
import { type Past, WAITED_MS, withoutOrder } from './taken-back.ts'

/** What replay found wrong with one line; `order` where its own row disagrees. */
export interface ReplayFault {
  readonly order: string | null
  readonly stored: unknown
  readonly replayed: unknown
}

/**
 * Works the clocks of a line out again from its opening, its events and its credited orders, in the order they were
 * applied, and compares: each order with the number clock it says it moved, and at the end the clocks as they stand.
 */
export function replayLine(policy: Policy, zone: string, history: ReadHistory): ReplayFault[] {
  const { clock, opening } = history
  if (opening === null) return [{ order: null, stored: clock.state, replayed: 'never opened' }]
  const { state, faults } = replayed(policy, zone, opening.state, history)
  return sameState(state, clock.state)
    ? faults
    : [...faults, { order: null, stored: clock.state, replayed: state }]
}

/** What a line's clocks came from, in the order it was applied; null: it was never opened. */
export function pastOf(policy: Policy, zone: string, history: ReadHistory): Past | null {
  const { opening } = history
  return opening && { opening: opening.state, moves: replayed(policy, zone, opening.state, history).moves }
}

function replayed(policy: Policy, zone: string, opening: PolicyState, history: ReadHistory) {
  const faults: ReplayFault[] = []
  const moves: Move[] = []
  const past: Past = { opening, moves }
  const pending = byInstant(history)
  let state = opening
  while (pending.length > 0) {
    const step = nextStep(policy, zone, state, pending, past)
    if (step.fault) faults.push(step.fault)
    moves.push(...pending.splice(step.at, 1))
    state = step.state
  }
  return { state, faults, moves }
}

/** By the real instant at which they were applied, then in the order their ids were made. */
function byInstant({ events, orders }: ReadHistory): Move[] {
  const moves: Move[] = [
    ...events.map((event) => ({ id: event[0], atMs: event[1], event })),
    ...orders.map((order) => ({ id: order[0], atMs: order[1], order })),
  ]
  return moves.sort((a, b) => a.atMs - b.atMs || (a.id < b.id ? -1 : 1))
}

interface Step {
  readonly at: number
  readonly state: PolicyState
  readonly fault: ReplayFault | null
}

/**
 * What was applied next. The instant of an event is read under the line's lock, so what is later came later. An order that
 * came earlier by its instant may have waited, past that event too: it says which number clock it found, so the one that
 * found this one comes before whatever moves it, and what leaves it alone comes first. If no order found it, it is the
 * event; without one, the earliest order, with its fault.
 */
function nextStep(
  policy: Policy,
  zone: string,
  state: PolicyState,
  pending: readonly Move[],
  past: Past,
): Step {
  const latestMs = (pending[0] as Move).atMs + WAITED_MS
  const stays = (next: PolicyState) =>
    clockUntil(policy, next, 'number') === clockUntil(policy, state, 'number')
  let moving: Step | undefined
  let faulty: Step | undefined
  const wentBack = pending.find((move) => 'event' in move && move.event[4] !== null)
  for (const [at, move] of pending.entries()) {
    if (move.atMs > latestMs) break
    if (wentBack && isAfter(move, wentBack)) continue
    if ('event' in move) {
      const [, , , onDay, taken] = move.event
      // Days go back after the orders that were there: what found this clock came before.
      if (taken)
        return moving ?? { at, state: withoutOrder(policy, zone, past, state, onDay, taken), fault: null }
      const next = extend(policy, state, plainEvent(move.event)).state
      // After an end no order is credited.
      const ends = next.ceasedOn !== null || next.standing === 'ported-out'
      return moving && (ends || !stays(next)) ? moving : { at, state: next, fault: null }
    }
    const next = extend(policy, state, orderEvent(policy, zone, move.order)).state
    const step = { at, state: next, fault: orderFault(policy, move.order, state, next) }
    if (step.fault) faulty ??= step
    else if (stays(next)) return step
    else moving ??= step
  }
  return (moving ?? faulty) as Step
}

/** Whether an order that came earlier by its instant waited past days that went back, which name those that did not. */
function isAfter(move: Move, wentBack: Move): boolean {
  if (!('order' in move) || !('event' in wentBack) || move.atMs <= wentBack.atMs - WAITED_MS) return false
  return wentBack.event[4]?.after.includes(move.id) === false
}

function orderFault(
  policy: Policy,
  [id, , , , , , , untilBefore, until]: ReadOrder,
  before: PolicyState,
  after: PolicyState,
): ReplayFault | null {
  const replayed = [clockUntil(policy, before, 'number'), clockUntil(policy, after, 'number')]
  if (replayed[0] === untilBefore && replayed[1] === until) return null
  return { order: id, stored: [untilBefore, until], replayed }
}
