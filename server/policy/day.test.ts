import fc from 'fast-check'
import { Temporal } from 'temporal-polyfill'
import { describe, expect, test } from 'vitest'
import { addLength, addMonths, formatDay, parseDay } from './day.ts'

const unixEpoch = Temporal.PlainDate.from('1970-01-01')
const anyDay = fc.integer({ min: parseDay('0001-01-01'), max: parseDay('9000-12-31') })

function plus(iso: string, months: number, days = 0): string {
  return formatDay(addLength(parseDay(iso), { months, days }))
}

describe('epoch days', () => {
  test('agree with the ISO calendar in both directions', () => {
    fc.assert(
      fc.property(anyDay, (day) => {
        const iso = unixEpoch.add({ days: day }).toString()
        expect(formatDay(day)).toBe(iso)
        expect(parseDay(iso)).toBe(day)
      }),
    )
  })

  test.each([
    '2025-02-29',
    '2100-02-29',
    '2025-13-01',
    '2025-00-10',
    '2025-04-31',
    '2025-1-1',
    '',
    '2025-01-01T00:00',
  ])('%j is no date', (text) => {
    expect(() => parseDay(text)).toThrow(RangeError)
  })

  test('a day without a four-digit year has no ISO form', () => {
    expect(() => formatDay(parseDay('9999-12-31') + 1)).toThrow(RangeError)
    expect(() => formatDay(Number.NaN)).toThrow(RangeError)
  })
})

describe('months', () => {
  test('clip to the end of the month from the original anchor', () => {
    expect(plus('2025-01-31', 1)).toBe('2025-02-28')
    expect(plus('2024-01-31', 1)).toBe('2024-02-29')
    expect(plus('2025-01-31', 2)).toBe('2025-03-31')
    expect(plus('2025-01-31', 3)).toBe('2025-04-30')
    expect(plus('2024-02-29', 12)).toBe('2025-02-28')
    expect(plus('2024-02-29', 48)).toBe('2028-02-29')
    expect(plus('2096-02-29', 48)).toBe('2100-02-28')
    expect(plus('2025-10-31', 4)).toBe('2026-02-28')
  })

  test('are clipped before the days are added', () => {
    expect(plus('2025-01-31', 1, 30)).toBe('2025-03-30')
  })

  test('agree with the ISO calendar', () => {
    fc.assert(
      fc.property(anyDay, fc.integer({ min: -600, max: 1200 }), (day, months) => {
        const expected = unixEpoch.add({ days: day }).add({ months }, { overflow: 'constrain' })
        expect(addMonths(day, months)).toBe(unixEpoch.until(expected, { largestUnit: 'days' }).days)
      }),
    )
  })
})
