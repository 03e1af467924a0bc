import {
  clockUntil,
  dayAt,
  extend,
  type Policy,
  type PolicyEvent,
  type PolicyState,
} from '../policy/index.ts'
import { sameState } from './line-clock.ts'
import { lineEventKinds } from './line-event.ts'
import type { ReadEvent, ReadHistory, ReadOrder } from './replay-store.ts'

/** What replay found wrong with one line; `order` where its own row disagrees. */
export interface ReplayFault {
  readonly order: string | null
  readonly stored: unknown
  readonly replayed: unknown
}

type Move =
  | { readonly id: string; readonly atMs: number; readonly event: ReadEvent }
  | { readonly id: string; readonly atMs: number; readonly order: ReadOrder }

/**
 * Works the clocks of a line out again from its opening, its events and its credited orders, in the order they were
 * applied, and compares: each order with the number clock it says it moved, and at the end the clocks as they stand.
 */
export function replayLine(policy: Policy, zone: string, history: ReadHistory): ReplayFault[] {
  const { clock, opening } = history
  if (opening === null) return [{ order: null, stored: clock.state, replayed: 'never opened' }]
  const faults: ReplayFault[] = []
  let { state } = opening
  for (const move of inOrder(history)) {
    const event = 'order' in move ? orderEvent(policy, zone, move.order) : plainEvent(move.event)
    const next = extend(policy, state, event).state
    if ('order' in move) {
      const fault = orderFault(policy, move.order, state, next)
      if (fault) faults.push(fault)
    }
    state = next
  }
  if (!sameState(state, clock.state)) faults.push({ order: null, stored: clock.state, replayed: state })
  return faults
}

/** By the real instant at which they were applied under the line's lock, then in the order their ids were made. */
function inOrder({ events, orders }: ReadHistory): Move[] {
  const moves: Move[] = [
    ...events
      .filter(([, , kind]) => kind !== 'opening' && lineEventKinds[kind].replayed)
      .map((event) => ({ id: event[0], atMs: event[1], event })),
    ...orders.map((order) => ({ id: order[0], atMs: order[1], order })),
  ]
  return moves.sort((a, b) => a.atMs - b.atMs || (a.id < b.id ? -1 : 1))
}

function plainEvent([, , kind, on]: ReadEvent): PolicyEvent {
  return { kind: kind as Exclude<PolicyEvent['kind'], 'top-up' | 'package'>, on }
}

function orderEvent(policy: Policy, zone: string, order: ReadOrder): PolicyEvent {
  const [, , offerKind, eventAtMs, face, months, days, , , balanceAfter] = order
  const on = dayAt(eventAtMs, zone, policy.changeHour)
  const length = { months, days }
  if (offerKind === 'package') return { kind: 'package', on, length }
  const amountMinor = BigInt(face)
  return { kind: 'top-up', on, amountMinor, balanceAfterMinor: BigInt(balanceAfter ?? 0), length }
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
