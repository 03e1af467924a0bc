import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ladderMs, planQuery } from './query-plan.ts'

const NOW = Date.UTC(2026, 10, 22, 6)
const open = { state: 'pending', expiresAtMs: NOW + 60_000, watchedUntilMs: null, rung: 0 } as const

describe('planQuery', () => {
  test('an open attempt is asked about every 10 s, every 3 s while watched', () => {
    expect(planQuery(open, true, NOW, 0.5)).toEqual({ atMs: NOW + 10_000, rung: 0 })
    expect(planQuery({ ...open, watchedUntilMs: NOW + 1 }, true, NOW, 0.5)).toEqual({
      atMs: NOW + 3_000,
      rung: 0,
    })
    expect(planQuery({ ...open, watchedUntilMs: NOW }, true, NOW, 0.5)).toEqual({
      atMs: NOW + 10_000,
      rung: 0,
    })
  })

  test('an answer brings an unknown one off the ladder', () => {
    expect(planQuery({ ...open, state: 'unknown', rung: 7 }, true, NOW, 0.5)).toEqual({
      atMs: NOW + 10_000,
      rung: 0,
    })
  })

  test.each([
    ['unanswered', open, false],
    ['past its time limit', { ...open, expiresAtMs: NOW }, true],
  ] as const)(
    '%s, it climbs 5 s, 15 s, 1 m, 5 m … 24 h and is then left for a person',
    (_, attempt, answered) => {
      const pauses: number[] = []
      let rung = 0
      let plan = planQuery({ ...attempt, rung }, answered, NOW, 0.5)
      while (plan.atMs !== null) {
        pauses.push(plan.atMs - NOW)
        rung = plan.rung
        plan = planQuery({ ...attempt, rung }, answered, NOW, 0.5)
      }
      expect(pauses).toEqual([...ladderMs])
      expect(pauses.slice(0, 4)).toEqual([5_000, 15_000, 60_000, 300_000])
      expect(pauses.at(-1)).toBe(86_400_000)
    },
  )

  test('a closed one is asked about for an hour', () => {
    expect(planQuery({ ...open, state: 'closed', rung: 5 }, true, NOW, 0.5).atMs).toBe(NOW + 3_600_000)
    expect(planQuery({ ...open, state: 'closed', rung: 6 }, true, NOW, 0.5).atMs).toBeNull()
  })

  test('jitter moves the moment by at most a tenth, always into the future', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 0.999, noNaN: true }), fc.boolean(), (jitter, answered) => {
        const exact = planQuery(open, answered, NOW, 0.5).atMs as number
        const at = planQuery(open, answered, NOW, jitter).atMs as number
        expect(Math.abs(at - exact)).toBeLessThanOrEqual((exact - NOW) / 10 + 1)
        expect(at).toBeGreaterThan(NOW)
      }),
    )
  })
})
