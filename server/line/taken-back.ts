import {
  type ClockName,
  type EpochDay,
  extend,
  type Policy,
  type Clock as PolicyClock,
  type PolicyEvent,
  type PolicyState,
  untilOf,
  validUntil,
} from '../policy/index.ts'
import { type Move, orderEvent, plainEvent } from './replay-move.ts'

/** The detail of a `validity-taken-back` event. */
export interface TakenBack {
  /** The order whose money went back. */
  readonly order: string
  /** Its credit that the line keeps, as digits; it counts as a top-up of that much. Zero: it counts no more. */
  readonly keptMinor: string
  /** A person has said yes to the number ending today. */
  readonly mayEnd: boolean
  /** Of the orders of the last minute those that were credited before: an order's instant alone does not tell (`lately`). */
  readonly after: readonly string[]
}

/** An order's instant is read before its line is locked, so one that waited for another may carry the earlier instant. */
export const WAITED_MS = 60_000

/** What a line's clocks came from, in the order it was applied. */
export interface Past {
  readonly opening: PolicyState
  readonly moves: readonly Move[]
}

/** The orders of the last minute before an instant that was read under the line's lock. */
export function lately(past: Past, atMs: number): string[] {
  return past.moves.flatMap((move) => ('order' in move && move.atMs > atMs - WAITED_MS ? move.id : []))
}

/**
 * The clocks once the days that an order gave go back with its money: what all else gives, the order counted as a top-up of the
 * credit that is kept, without the length that its offer carried. Never later than they stand, and without a person's yes never
 * before the end of `onDay`; with it the line ends on that day and not before, so that its ladder begins there.
 */
export function withoutOrder(
  policy: Policy,
  zone: string,
  past: Past,
  current: PolicyState,
  onDay: EpochDay,
  taken: TakenBack,
): PolicyState {
  const kept = new Map<string, bigint>()
  for (const move of past.moves) {
    const before = 'event' in move ? move.event[4] : null
    if (before) kept.set(before.order, BigInt(before.keptMinor))
  }
  kept.set(taken.order, BigInt(taken.keptMinor))
  let other = past.opening
  // By their own instants: which of two that waited for each other came first is not always known afterwards.
  for (const move of past.moves.toSorted(byInstant)) other = otherwise(policy, zone, other, move, kept)
  const least = taken.mayEnd ? onDay : onDay + 1
  const clock = (name: ClockName) => sooner(current[name], other[name] ?? validUntil(onDay), least)
  return { ...current, service: clock('service'), credit: clock('credit'), number: clock('number') }
}

function byInstant(a: Move, b: Move): number {
  return a.atMs - b.atMs || (a.id < b.id ? -1 : 1)
}

/** One move as it would have gone, had the refunded orders been what is kept of them. */
function otherwise(
  policy: Policy,
  zone: string,
  state: PolicyState,
  move: Move,
  kept: ReadonlyMap<string, bigint>,
): PolicyState {
  if ('event' in move) return move.event[4] ? state : asItWas(policy, state, plainEvent(move.event))
  const event = orderEvent(policy, zone, move.order)
  const left = kept.get(move.id)
  if (left === undefined) return asItWas(policy, state, event)
  if (left === 0n || event.kind === 'package') return state
  const balanceAfterMinor = event.balanceAfterMinor - event.amountMinor + left
  const smaller = { ...event, amountMinor: left, balanceAfterMinor, length: null }
  return left === event.amountMinor ? asItWas(policy, state, event) : extend(policy, state, smaller).state
}

/**
 * An event that did count goes on counting. Without the order the line might have been lost by then and the event refused; it was
 * there, so the event gives what it gives to a line that would end that day.
 */
function asItWas(policy: Policy, state: PolicyState, event: PolicyEvent): PolicyState {
  const extension = extend(policy, state, event)
  if (extension.accepted) return extension.state
  const there = extend(policy, stillThere(policy, state, event.on), event)
  return there.accepted ? there.state : state
}

function stillThere(policy: Policy, state: PolicyState, on: EpochDay): PolicyState {
  const clock = (name: ClockName): PolicyClock => {
    if (!Object.values(policy.rules).some((rules) => rules[name].length > 0)) return state[name]
    const now = state[name]
    if (now === 'unlimited') return now
    return now !== null && untilOf(now) > on ? now : validUntil(on + 1)
  }
  return {
    standing: 'in-service',
    ceasedOn: null,
    service: clock('service'),
    credit: clock('credit'),
    number: clock('number'),
  }
}

/** The other clock where it ends no later, but not before `least`. */
function sooner(current: PolicyClock, other: PolicyClock, least: EpochDay): PolicyClock {
  if (current === null || other === null || other === 'unlimited') return current
  const now = current === 'unlimited' ? Number.MAX_SAFE_INTEGER : untilOf(current)
  const until = untilOf(other)
  if (until > now) return current
  if (until >= least) return other
  return now <= least ? current : validUntil(least)
}
