import { describe, expect, test } from 'vitest'
import { formatDay, parseDay } from './day.ts'
import { type Base, type Clock, extendClock, lastSafeDay, untilOf, validUntil } from './validity.ts'

const day = parseDay
const clock = (anchor: string, months: number, days = 0): Clock => ({ anchor: day(anchor), months, days })

function extended(
  from: Base,
  current: Clock,
  now: string,
  months: number,
  days = 0,
  capDays?: number,
): string {
  const cap = capDays === undefined ? null : { months: 0, days: capDays }
  const next = extendClock(current, day(now), from, { months, days }, cap)
  const until = untilOf(next)
  return until === null ? String(next) : formatDay(until)
}

describe('an extension', () => {
  test.each([
    ['now', clock('2025-01-01', 0, 30), '2025-01-15', '2025-02-14'],
    ['now', clock('2025-01-01', 0, 90), '2025-01-15', '2025-04-01'],
    ['later', clock('2025-01-01', 0, 30), '2025-01-15', '2025-03-02'],
    ['later', clock('2025-01-01', 0, 30), '2025-01-31', '2025-03-02'],
    ['later', clock('2025-01-01', 0, 30), '2025-02-10', '2025-03-12'],
    ['end', clock('2025-01-01', 0, 30), '2025-01-15', '2025-03-02'],
    ['end', clock('2025-01-01', 0, 30), '2025-02-10', '2025-03-02'],
  ] as const)('from %s of %o on %s by 30 days ends %s', (from, current, now, until) => {
    expect(extended(from, current, now, 0, 30)).toBe(until)
  })

  test('starts a clock that does not run', () => {
    for (const from of ['now', 'end', 'later'] as const)
      expect(extended(from, null, '2025-01-31', 1)).toBe('2025-02-28')
  })

  test('keeps months and days apart, so that their order does not matter', () => {
    const now = day('2025-01-31')
    const month = { months: 1, days: 0 }
    const thirty = { months: 0, days: 30 }
    const one = extendClock(extendClock(null, now, 'later', month, null), now, 'later', thirty, null)
    const other = extendClock(extendClock(null, now, 'later', thirty, null), now, 'later', month, null)
    expect(one).toEqual({ anchor: now, months: 1, days: 30 })
    expect(other).toEqual(one)
  })

  test('by months clips from the original anchor, however many there were', () => {
    const once = extendClock(null, day('2025-01-31'), 'later', { months: 1, days: 0 }, null)
    expect(extended('later', once, '2025-02-20', 1)).toBe('2025-03-31')
  })

  test('stops at the cap, counted from its own day', () => {
    expect(extended('later', clock('2025-01-01', 0, 100), '2025-01-01', 0, 30, 120)).toBe('2025-05-01')
    expect(extended('later', clock('2025-01-01', 0, 100), '2025-01-31', 0, 30, 120)).toBe('2025-05-11')
    expect(extended('now', clock('2025-01-01', 0, 100), '2025-01-01', 0, 200, 120)).toBe('2025-05-01')
  })

  test('that ends together with another one leaves the same clock in either order', () => {
    const now = day('2025-04-01')
    const month = { months: 1, days: 0 }
    const thirty = { months: 0, days: 30 }
    for (const cap of [null, thirty, month]) {
      const one = extendClock(extendClock(null, now, 'now', month, cap), now, 'now', thirty, cap)
      const other = extendClock(extendClock(null, now, 'now', thirty, cap), now, 'now', month, cap)
      expect(other).toEqual(one)
      const earlier = extendClock(null, now - 1, 'now', { months: 0, days: 31 }, null)
      expect(extendClock(earlier, now, 'now', thirty, null)).toEqual({ anchor: now, months: 0, days: 30 })
      expect(extendClock({ anchor: now, ...thirty }, now - 1, 'now', { months: 0, days: 31 }, null)).toEqual({
        anchor: now,
        ...thirty,
      })
    }
  })

  test('forgets its parts at the cap, reached or passed', () => {
    const now = day('2025-04-01')
    const cap = { months: 0, days: 30 }
    for (const length of [
      { months: 1, days: 0 },
      { months: 2, days: 0 },
    ])
      expect(extendClock(null, now, 'later', length, cap)).toEqual({ anchor: now, ...cap })
  })

  test('leaves a clock that already reaches beyond the cap', () => {
    for (const from of ['now', 'end', 'later'] as const)
      expect(extended(from, clock('2025-01-01', 0, 300), '2025-01-01', 0, 30, 120)).toBe('2025-10-28')
  })

  test('to unlimited, and of unlimited, is unlimited', () => {
    expect(extendClock(clock('2025-01-01', 1), day('2025-01-01'), 'now', 'unlimited', null)).toBe('unlimited')
    expect(extended('later', 'unlimited', '2025-01-01', 0, 30, 120)).toBe('unlimited')
  })
})

test('the last safe day is the one before the end', () => {
  expect(lastSafeDay(day('2025-03-01'))).toBe(day('2025-02-28'))
  expect(lastSafeDay(null)).toBeNull()
})

test('a clock known by its end alone ends then', () => {
  expect(untilOf(validUntil(day('2025-03-01')))).toBe(day('2025-03-01'))
})
