import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { anyDay, anyLife, anyPolicy, anyState, eventOn, topUpOn } from './arbitrary-policy.ts'
import type { EpochDay } from './day.ts'
import { extend, replay } from './extend.ts'
import { type Policy, type PolicyState, preActive, type TopUpEvent } from './policy.ts'
import { presets } from './presets.ts'
import { simulate } from './simulate.ts'
import { balanceAt, clockUntil, ladderOf, nextDueOn, stageAt } from './stage.ts'
import { type Clock, clockNames, untilOf } from './validity.ts'

const runs = { numRuns: 400 }

/** The end of a clock as a number; one that has no end is later than any. */
function endOf(clock: Clock): number {
  return untilOf(clock) ?? Infinity
}

describe('clocks', () => {
  test('are never shortened by any event', () => {
    const cases = fc
      .tuple(anyPolicy, anyState, anyDay)
      .chain(([policy, state, on]) => fc.tuple(fc.constant(policy), fc.constant(state), eventOn(on)))
    fc.assert(
      fc.property(cases, ([policy, state, event]) => {
        const done = extend(policy, state, event)
        for (const clock of clockNames)
          if (state[clock] !== null)
            expect(endOf(done.state[clock])).toBeGreaterThanOrEqual(endOf(state[clock]))
        if (!done.accepted) expect(done.state).toBe(state)
      }),
      { numRuns: 2000 },
    )
  })

  test('that are unlimited stay so', () => {
    const lives = fc.tuple(anyPolicy, anyLife)
    fc.assert(
      fc.property(lives, ([policy, events]) => {
        let state: PolicyState = {
          standing: 'in-service',
          ceasedOn: null,
          service: 'unlimited',
          credit: 'unlimited',
          number: 'unlimited',
        }
        for (const event of events) state = extend(policy, state, event).state
        for (const clock of clockNames) expect(state[clock]).toBe('unlimited')
      }),
      runs,
    )
  })
})

describe('two top-ups of one instant', () => {
  /** Both orders, each top-up seeing the balance that the one before it left. */
  function bothOrders(policy: Policy, state: PolicyState, held: bigint, a: TopUpEvent, b: TopUpEvent) {
    return [
      [a, b],
      [b, a],
    ].map((order) => {
      let balance = held
      let now = state
      let accepted = true
      for (const topUp of order) {
        const rule = balanceAt(policy, now, topUp.on)
        balance = (rule.startsWith('forfeited') ? 0n : balance) + topUp.amountMinor
        const done = extend(policy, now, { ...topUp, balanceAfterMinor: balance })
        accepted &&= done.accepted
        now = done.state
      }
      return { accepted, state: now, balance }
    })
  }

  test('give the same clocks in either order', () => {
    const cases = fc
      .tuple(anyPolicy, anyState, anyDay, fc.bigInt({ min: 0n, max: 9000n }))
      .chain(([policy, state, on, held]) =>
        fc.tuple(fc.constant(policy), fc.constant(state), fc.constant(held), topUpOn(on), topUpOn(on)),
      )
    let accepted = 0
    fc.assert(
      fc.property(cases, ([policy, state, held, a, b]) => {
        const [one, other] = bothOrders(policy, state, held, a, b)
        if (!one?.accepted || !other?.accepted) return
        accepted++
        expect(other).toEqual(one)
      }),
      { numRuns: 2000 },
    )
    expect(accepted).toBeGreaterThan(500)
  })
})

describe('replay', () => {
  test('from nothing equals going event by event', () => {
    fc.assert(
      fc.property(anyPolicy, anyLife, (policy, events) => {
        let state = preActive
        for (const event of events) state = extend(policy, state, event).state
        expect(replay(policy, events)).toEqual(state)
      }),
      runs,
    )
  })
})

const downwards = [
  'pre-active',
  'active',
  'outbound-barred',
  'fully-barred',
  'quarantined',
  'ceased',
  'ported-out',
]

/** Every day on which a line that nothing touches changes, found the slow way. */
function changesByDay(policy: Policy, state: PolicyState, from: EpochDay, to: EpochDay): EpochDay[] {
  const days: EpochDay[] = []
  for (let day = from + 1; day <= to; day++) {
    const moved = stageAt(policy, state, day) !== stageAt(policy, state, day - 1)
    if (moved || balanceAt(policy, state, day) !== balanceAt(policy, state, day - 1)) days.push(day)
  }
  return days
}

describe('a line that nothing touches', () => {
  const span = 900

  test('only ever goes down the ladder', () => {
    fc.assert(
      fc.property(anyPolicy, anyState, anyDay, (policy, state, from) => {
        let rank = 0
        for (let day = from; day < from + span; day++) {
          const next = downwards.indexOf(stageAt(policy, state, day))
          expect(next).toBeGreaterThanOrEqual(rank)
          rank = next
        }
      }),
      { numRuns: 60 },
    )
  })

  test('is due on every day that it changes', () => {
    fc.assert(
      fc.property(anyPolicy, anyState, anyDay, (policy, state, from) => {
        const due: EpochDay[] = []
        for (let day = nextDueOn(policy, state, from); day !== null && day <= from + span; ) {
          due.push(day)
          day = nextDueOn(policy, state, day)
        }
        expect(due).toEqual([...new Set(due)].sort((a, b) => a - b))
        for (const day of changesByDay(policy, state, from, from + span)) expect(due).toContain(day)
      }),
      { numRuns: 60 },
    )
  })

  test('has the stages its dated ladder tells, and keeps its number to the day that says', () => {
    fc.assert(
      fc.property(anyPolicy, anyState, (policy, drawn) => {
        const state: PolicyState = { ...drawn, standing: 'in-service' }
        for (const step of ladderOf(policy, state)) {
          expect(stageAt(policy, state, step.begins)).toBe(step.stage)
          if (step.until !== null) expect(stageAt(policy, state, step.until - 1)).toBe(step.stage)
        }
        const until = policy.hasNumberClock ? null : clockUntil(policy, state, 'number')
        if (until === null) return
        expect(stageAt(policy, state, until)).toBe('ceased')
        expect(stageAt(policy, state, until - 1)).not.toBe('ceased')
      }),
      runs,
    )
  })
})

describe('a simulated life', () => {
  test('ends where extend alone ends and tells each stage once, on its day', () => {
    const withoutFee = anyPolicy.filter((policy) => policy.retentionFeeMinor === null)
    fc.assert(
      fc.property(withoutFee, anyLife, fc.nat(400), (policy, events, rest) => {
        const begins = events[0]?.on ?? 20_000
        const ends = (events.at(-1)?.on ?? begins) + rest
        const life = simulate(policy, { on: begins, state: preActive, balanceMinor: 0n }, events, ends)
        let told = 'pre-active'
        for (const happening of life.happenings) {
          if (happening.kind !== 'stage') continue
          expect(happening.from).toBe(told)
          told = happening.to
        }
        expect(told).toBe(stageAt(policy, life.state, ends))
        expect(life.balanceMinor).toBeGreaterThanOrEqual(0n)
      }),
      runs,
    )
  })

  test('under a retention fee loses exactly the fees from its balance', () => {
    const policy = presets.find(({ id }) => id === 'trai-in')
    if (!policy) throw new Error('trai-in is shipped')
    fc.assert(
      fc.property(anyDay, fc.bigInt({ min: 0n, max: 50_000n }), fc.nat(900), (on, balanceMinor, days) => {
        const state = { ...preActive, standing: 'in-service' as const }
        const life = simulate(policy, { on, state, balanceMinor }, [{ kind: 'incoming-use', on }], on + days)
        const fees = life.happenings.filter(({ kind }) => kind === 'retention-fee')
        const expected = days < 90 ? 0n : BigInt(Math.floor((days - 90) / 30) + 1)
        const affordable = balanceMinor / 2000n
        expect(BigInt(fees.length)).toBe(expected < affordable ? expected : affordable)
        expect(life.balanceMinor).toBe(balanceMinor - BigInt(fees.length) * 2000n)
      }),
      runs,
    )
  })
})
