import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ProviderName } from './port.ts'
import { firstQueryMs, type Planned, planQuery } from './query-plan.ts'
import { ladderMs, querySchedules } from './query-schedule.ts'

const NOW = Date.UTC(2026, 10, 22, 6)
const MINUTE = 60_000
const open: Planned = {
  ...{ provider: 'alipay', state: 'pending', createdAtMs: NOW, expiresAtMs: NOW + 30 * MINUTE },
  ...{ watchedUntilMs: null, rung: 0 },
}
const everyRail = Object.keys(querySchedules) as ProviderName[]
const often = everyRail.filter((provider) => querySchedules[provider].by === 'pauses')
const jitter = fc.double({ min: 0, max: 0.999, noNaN: true })

/** All moments at which an attempt is asked about from its beginning on, each of them answered or not. */
function asked(attempt: Planned, answered: boolean, jitters: () => number, untilMs: number): number[] {
  const moments: number[] = []
  let rung = attempt.rung
  for (let atMs: number | null = firstQueryMs(attempt); atMs !== null && atMs < untilMs; ) {
    moments.push(atMs)
    const plan = planQuery({ ...attempt, rung }, answered, atMs, jitters())
    expect(plan.atMs ?? Number.POSITIVE_INFINITY).toBeGreaterThan(atMs)
    atMs = plan.atMs
    rung = plan.rung
  }
  return moments
}

describe('a rail that is asked as often as we like', () => {
  test('open: every 10 s, every 3 s while watched', () => {
    expect(planQuery(open, true, NOW, 0.5)).toEqual({ atMs: NOW + 10_000, rung: 0 })
    const watched = planQuery({ ...open, watchedUntilMs: NOW + 1 }, true, NOW, 0.5)
    expect(watched).toEqual({ atMs: NOW + 3_000, rung: 0 })
    expect(planQuery({ ...open, watchedUntilMs: NOW }, true, NOW, 0.5).atMs).toBe(NOW + 10_000)
  })

  test('an answer brings an unknown one off the ladder', () => {
    const unknown: Planned = { ...open, state: 'unknown', rung: 7 }
    expect(planQuery(unknown, true, NOW, 0.5)).toEqual({ atMs: NOW + 10_000, rung: 0 })
  })

  test.each([
    ['unanswered', open, false],
    ['past its time limit', { ...open, expiresAtMs: NOW }, true],
  ] as const)('%s: climbs 5 s, 15 s, 1 m, 5 m … 24 h and is left for a person', (_, attempt, answered) => {
    const pauses: number[] = []
    let plan = planQuery(attempt, answered, NOW, 0.5)
    while (plan.atMs !== null) {
      pauses.push(plan.atMs - NOW)
      plan = planQuery({ ...attempt, rung: plan.rung }, answered, NOW, 0.5)
    }
    expect(pauses).toEqual([...ladderMs])
    expect(pauses.slice(0, 4)).toEqual([5_000, 15_000, 60_000, 300_000])
    expect(pauses.at(-1)).toBe(86_400_000)
  })

  test('closed: is asked about for an hour', () => {
    const closed: Planned = { ...open, state: 'closed' }
    expect(planQuery({ ...closed, rung: 5 }, true, NOW, 0.5).atMs).toBe(NOW + 3_600_000)
    expect(planQuery({ ...closed, rung: 6 }, true, NOW, 0.5).atMs).toBeNull()
  })

  test('jitter moves the moment by at most a tenth, always into the future', () => {
    fc.assert(
      fc.property(jitter, fc.boolean(), (by, answered) => {
        const exact = planQuery(open, answered, NOW, 0.5).atMs as number
        const at = planQuery(open, answered, NOW, by).atMs as number
        expect(Math.abs(at - exact)).toBeLessThanOrEqual((exact - NOW) / 10 + 1)
        expect(at).toBeGreaterThan(NOW)
      }),
    )
  })

  // What a round of queries, its answer and the sweep of its evidence take on top is far below the eight seconds left.
  test.each(often)(
    '%s: no payment of an open attempt waits longer than 12 s to be asked about',
    (provider) => {
      fc.assert(
        fc.property(
          fc.infiniteStream(jitter),
          fc.integer({ min: 0, max: 30 * MINUTE - 12_000 }),
          (jitters, paidMs) => {
            const next = () => jitters.next().value as number
            const attempt: Planned = { ...open, provider }
            const moments = asked(attempt, true, next, attempt.expiresAtMs)
            const found = moments.find((atMs) => atMs >= NOW + paidMs) ?? Number.POSITIVE_INFINITY
            expect(found - (NOW + paidMs)).toBeLessThanOrEqual(12_000)
          },
        ),
        { numRuns: 50 },
      )
    },
  )
})

describe('UnionPay', () => {
  const unionpay: Planned = { ...open, provider: 'unionpay' }
  const minutes = (moments: readonly number[]) => moments.map((atMs) => (atMs - NOW) / MINUTE)

  test.each([true, false])(
    'is asked 5, 10, 30, 60, 120 minutes after the beginning; answered: %s',
    (answered) => {
      const moments = asked(unionpay, answered, () => 0, NOW + 10 * 24 * 60 * MINUTE)
      expect(minutes(moments).map(Math.floor)).toEqual([5, 10, 30, 60, 120, 360, 720, 1440])
    },
  )

  test('whatever the jitter, each moment is asked at once and within a minute of it', () => {
    fc.assert(
      fc.property(fc.infiniteStream(jitter), (jitters) => {
        const moments = asked(unionpay, true, () => jitters.next().value as number, NOW + 3 * 3_600_000)
        expect(minutes(moments).map(Math.floor)).toEqual([5, 10, 30, 60, 120])
      }),
    )
  })

  test('every 3 s for as long as the payer is just back, then by its moments again', () => {
    const back: Planned = { ...unionpay, watchedUntilMs: NOW + 2 * MINUTE }
    expect(planQuery(back, true, NOW + MINUTE, 0.5).atMs).toBe(NOW + MINUTE + 3_000)
    expect(planQuery(back, false, NOW + MINUTE, 0).atMs).toBe(NOW + 5 * MINUTE)
    expect(planQuery(back, true, NOW + 2 * MINUTE, 0).atMs).toBe(NOW + 5 * MINUTE)
  })

  test('closed: still asked at 60 and 120 minutes, as "not found" may have been too early', () => {
    const closed: Planned = { ...unionpay, state: 'closed' }
    expect(planQuery(closed, true, NOW + 31 * MINUTE, 0).atMs).toBe(NOW + 60 * MINUTE)
    expect(planQuery(closed, true, NOW + 61 * MINUTE, 0).atMs).toBe(NOW + 120 * MINUTE)
    expect(planQuery(closed, true, NOW + 121 * MINUTE, 0).atMs).toBeNull()
  })
})
