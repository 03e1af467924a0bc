import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { testDatabase } from '../../test/support/database.ts'
import { createClock, isoInstant, monotonicMs, parseInstant } from './clock.ts'
import { advanceClock, readOffsets } from './clock-offset.ts'

const DAY_MS = 86_400_000
const { db } = await testDatabase()

describe('a clock', () => {
  it('of business is ahead of the real one by its brand’s offset, and by nobody else’s', () => {
    let now = 1000
    const clock = createClock(() => now)
    clock.setOffset('laika', 50)
    expect([clock.instant(), clock.business('laika'), clock.business('harbour')]).toEqual([1000, 1050, 1000])
    now = 2000
    expect([clock.instant(), clock.business('laika'), clock.business('harbour')]).toEqual([2000, 2050, 2000])
  })

  it('goes forward only', () => {
    const clock = createClock(() => 0)
    for (const offsetMs of [50, 49, -1]) clock.setOffset('laika', offsetMs)
    clock.setOffset('harbour', -1)
    expect([clock.business('laika'), clock.business('harbour')]).toEqual([50, 0])
  })

  it('is the machine’s where no other is given', () => {
    const before = parseInstant(isoInstant(createClock().instant()))
    expect(createClock().instant()).toBeGreaterThanOrEqual(before)
    const started = monotonicMs()
    expect(monotonicMs()).toBeGreaterThanOrEqual(started)
  })
})

describe('an instant as text', () => {
  it('is read back as it was written', () => {
    fc.assert(
      fc.property(fc.integer({ min: -62_135_596_800_000, max: 253_402_300_799_999 }), (ms) => {
        expect(parseInstant(isoInstant(ms))).toBe(ms)
      }),
    )
  })

  it.each<[string, number]>([
    ['2026-11-22T15:23:08.123Z', Date.UTC(2026, 10, 22, 15, 23, 8, 123)],
    ['2026-11-22T15:23:08Z', Date.UTC(2026, 10, 22, 15, 23, 8)],
    ['2026-11-22T23:23:08+08:00', Date.UTC(2026, 10, 22, 15, 23, 8)],
    ['2026-11-22T15:23:08.123456Z', Date.UTC(2026, 10, 22, 15, 23, 8, 123)],
  ])('%s is understood', (text, ms) => {
    expect(parseInstant(text)).toBe(ms)
  })

  it.each([
    '',
    'now',
    '0',
    '1795361000123',
    '2026-11-22',
    '22 Nov 2026 15:23:08 GMT',
    '2026-11-22T15:23:08',
    '2026-11-22 15:23:08Z',
    '2026-13-22T15:23:08Z',
    '2026-11-22T25:23:08Z',
    '2026-02-30T00:00:00Z',
    ' 2026-11-22T15:23:08Z',
  ])('%j is not', (text) => {
    expect(() => parseInstant(text)).toThrow(`not an instant: ${text}`)
  })
})

describe('the offset in the database', () => {
  it('moves every process’s clock that reads it, by all advances together', async () => {
    const [ours, theirs] = [createClock(() => 0), createClock(() => 0)]
    expect(await advanceClock(db, ours, 'laika', DAY_MS)).toBe(DAY_MS)
    expect(ours.business('laika')).toBe(DAY_MS)
    expect(theirs.business('laika')).toBe(0)
    await readOffsets(db, theirs)
    expect(theirs.business('laika')).toBe(DAY_MS)
    await Promise.all([1, 2, 3, 4].map((days) => advanceClock(db, theirs, 'laika', days * DAY_MS)))
    await readOffsets(db, ours)
    expect([ours.business('laika'), theirs.business('laika')]).toEqual([11 * DAY_MS, 11 * DAY_MS])
    expect(ours.business('harbour')).toBe(0)
  })

  it('takes a thousand years', async () => {
    const clock = createClock(() => 0)
    const years = 1000 * 365 * DAY_MS
    expect(await advanceClock(db, clock, 'harbour', years)).toBe(years)
    const other = createClock(() => 0)
    await readOffsets(db, other)
    expect(other.business('harbour')).toBe(years)
  })

  it.each([0, -1, Number.NaN])('does not move by %d', async (ms) => {
    await expect(advanceClock(db, createClock(), 'laika', ms)).rejects.toThrow('forward only')
  })
})
