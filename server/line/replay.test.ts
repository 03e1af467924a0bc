import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  clockUntil,
  extend,
  type Policy,
  type PolicyEvent,
  type PolicyState,
  parseDay,
  preActive,
  presets,
  untilOf,
} from '../policy/index.ts'
import type { LineEventKind } from './line-event.ts'
import { replayLine } from './replay.ts'
import type { Move } from './replay-move.ts'
import type { ReadEvent, ReadHistory, ReadOrder } from './replay-store.ts'
import { lately, type TakenBack, withoutOrder } from './taken-back.ts'

const ZONE = 'Asia/Shanghai'
const DAY_MS = 86_400_000
const begin = parseDay('2027-03-01')
/** Noon in the zone. */
const noonOf = (day: number) => day * DAY_MS + 4 * 3_600_000

interface Act {
  readonly days: number
  readonly ms: number
  /** How long an order waited for its line after its instant was read. */
  readonly waitedMs: number
  readonly does: 'use' | 'package' | 'ceased' | 'back' | bigint
}

const acts: fc.Arbitrary<Act[]> = fc.array(
  fc.record({
    days: fc.constantFrom(0, 0, 0, 1, 20, 70),
    ms: fc.integer({ min: 0, max: 40_000 }),
    waitedMs: fc.integer({ min: 0, max: 20_000 }),
    does: fc.constantFrom(
      'use' as const,
      'use' as const,
      'package' as const,
      'ceased' as const,
      'back' as const,
      'back' as const,
      1000n,
      3000n,
      10_000n,
    ),
  }),
  { maxLength: 14 },
)

/** What the rows say after these acts were applied one after the other. */
function live(policy: Policy, given: readonly Act[]): ReadHistory {
  const events: ReadEvent[] = []
  const orders: ReadOrder[] = []
  const moves: Move[] = []
  let state: PolicyState = preActive
  let balance = 0n
  let day = begin
  let offsetMs = 0
  for (const [i, act] of given.entries()) {
    day += act.days
    offsetMs = act.days > 0 ? act.ms : offsetMs + act.ms
    const id = String(i).padStart(4, '0')
    const appliedMs = noonOf(day) + offsetMs
    if (act.does === 'back') {
      const taken = takenBack(act, orders, moves, appliedMs)
      if (!taken || state.ceasedOn !== null) continue
      const event: ReadEvent = [id, appliedMs, 'validity-taken-back', day, taken]
      const next = withoutOrder(policy, ZONE, { opening: preActive, moves }, state, day, taken)
      expectNoLater(state, next, day + (taken.mayEnd ? 0 : 1))
      state = next
      events.push(event)
      moves.push({ id, atMs: appliedMs, event })
      continue
    }
    const event = eventOf({ ...act, does: act.does }, day, balance)
    const done = extend(policy, state, event)
    if (!done.accepted) continue
    if (event.kind === 'top-up' || event.kind === 'package') {
      if (event.kind === 'top-up') balance = event.balanceAfterMinor
      const atMs = appliedMs - act.waitedMs
      const untils = [clockUntil(policy, state, 'number'), clockUntil(policy, done.state, 'number')] as const
      const face = event.kind === 'top-up' ? event.amountMinor.toString() : '0'
      const months = event.kind === 'package' ? 3 : 0
      const kind = event.kind === 'package' ? 'package' : 'free-amount'
      const order: ReadOrder = [id, atMs, kind, atMs, face, months, 0, ...untils, balance.toString()]
      orders.push(order)
      moves.push({ id, atMs, order })
    } else {
      const read: ReadEvent = [id, appliedMs, event.kind as LineEventKind, day, null]
      events.push(read)
      moves.push({ id, atMs: appliedMs, event: read })
    }
    state = done.state
  }
  const clock = {
    ...{ line: 'l', msisdn: '1', epoch: 1, policy: policy.id, policyVersion: policy.version, state },
    ...{ stageTold: 'active' as const, nextDueOn: null, limitDay: 0, limitDayMinor: 0n, limitMonthMinor: 0n },
  }
  return { clock, opening: { state: preActive, stage: 'pre-active' }, events, orders }
}

/** Of an order some days ago, all of its credit or a half. */
function takenBack(
  { ms }: Act,
  orders: readonly ReadOrder[],
  moves: readonly Move[],
  atMs: number,
): TakenBack | null {
  const order = orders[ms % Math.max(1, orders.length)]
  if (!order) return null
  const kept = ms % 3 === 0 ? BigInt(order[4]) / 2n : 0n
  return {
    order: order[0],
    keptMinor: kept.toString(),
    mayEnd: ms % 2 === 0,
    after: lately({ opening: preActive, moves }, atMs),
  }
}

/** No clock got later, and none that held ends before `least`. */
function expectNoLater(before: PolicyState, after: PolicyState, least: number): void {
  const far = Number.MAX_SAFE_INTEGER
  for (const name of ['service', 'credit', 'number'] as const) {
    const [was, is] = [before[name], after[name]].map((clock) =>
      clock === null ? null : clock === 'unlimited' ? far : untilOf(clock),
    )
    expect((was ?? null) === null).toBe((is ?? null) === null)
    if (typeof was !== 'number' || typeof is !== 'number') continue
    expect(is <= was && is >= Math.min(was, least)).toBe(true)
  }
}

function eventOf(
  { does }: Act & { readonly does: Exclude<Act['does'], 'back'> },
  on: number,
  balance: bigint,
): PolicyEvent {
  if (does === 'use') return { kind: 'chargeable-use', on }
  if (does === 'ceased') return { kind: 'ceased', on }
  if (does === 'package') return { kind: 'package', on, length: { months: 3, days: 0 } }
  const length = { months: 0, days: 0 }
  return { kind: 'top-up', on, amountMinor: does, balanceAfterMinor: balance + does, length }
}

describe.each(presets.map((policy) => [policy.id, policy] as const))('%s', (_, policy) => {
  it('a line is what its rows say, however its orders waited for one another', () => {
    fc.assert(
      fc.property(acts, (given) => {
        expect(replayLine(policy, ZONE, live(policy, given))).toEqual([])
      }),
      { numRuns: 300 },
    )
  })

  it('an order that says another date is found', () => {
    fc.assert(
      fc.property(acts, fc.nat(), (given, pick) => {
        const history = live(policy, given)
        fc.pre(history.orders.length > 0)
        const at = pick % history.orders.length
        const orders = history.orders.map((order, i): ReadOrder => {
          if (i !== at) return order
          const [id, atMs, kind, eventAtMs, face, months, days, before, until, after] = order
          return [id, atMs, kind, eventAtMs, face, months, days, before, (until ?? 0) + 1, after]
        })
        const faults = replayLine(policy, ZONE, { ...history, orders })
        expect(faults.map((fault) => fault.order)).toContain(history.orders[at]?.[0])
      }),
      { numRuns: 100 },
    )
  })
})
