import { describe, expect, it } from 'vitest'
import { formatDay, parseDay } from '../policy/index.ts'
import { easterOf, isTargetDay, publishedAt, referenceHoldsUntil } from './target-days.ts'

const until = (day: string, days = 1) => new Date(referenceHoldsUntil(parseDay(day), days)).toISOString()

describe('days on which rates are published', () => {
  // The dates as the Ecclesiastical Calendar has them.
  it.each(['2025-04-20', '2026-04-05', '2027-03-28', '2028-04-16', '2030-04-21', '2035-03-25', '2038-04-25'])(
    'Easter is on %s',
    (day) => {
      expect(formatDay(easterOf(Number.parseInt(day, 10)))).toBe(day)
    },
  )

  it('are all of the week but its end, and none that TARGET is closed on', () => {
    const closed = [
      '2026-01-01',
      '2026-04-03',
      '2026-04-06',
      '2026-05-01',
      '2026-12-25',
      '2026-11-21',
      '2026-11-22',
    ]
    for (const day of closed) expect(isTargetDay(parseDay(day)), day).toBe(false)
    for (const day of ['2026-11-20', '2026-11-23', '2026-12-24', '2026-12-31', '2026-05-25'])
      expect(isTargetDay(parseDay(day)), day).toBe(true)
  })

  it('have their rates at 16:00 in Frankfurt, in winter and in summer', () => {
    expect(new Date(publishedAt(parseDay('2026-11-20'))).toISOString()).toBe('2026-11-20T15:00:00.000Z')
    expect(new Date(publishedAt(parseDay('2026-07-20'))).toISOString()).toBe('2026-07-20T14:00:00.000Z')
  })
})

describe('a reference rate holds', () => {
  it.each([
    ['on a working day until the next', '2026-11-18', '2026-11-19T17:00:00.000Z'],
    ['from Friday until Monday', '2026-11-20', '2026-11-23T17:00:00.000Z'],
    ['over Easter until Tuesday', '2026-04-02', '2026-04-07T16:00:00.000Z'],
    ['over Christmas and a week-end until Monday', '2026-12-24', '2026-12-28T17:00:00.000Z'],
    ['over New Year', '2026-12-31', '2027-01-04T17:00:00.000Z'],
    ['over the change of the clocks', '2026-03-27', '2026-03-30T16:00:00.000Z'],
  ])('%s', (_, day, end) => {
    expect(until(day)).toBe(end)
  })

  it('for as many working days as a brand says', () => {
    expect(until('2026-11-20', 3)).toBe('2026-11-25T17:00:00.000Z')
  })
})
