import fc from 'fast-check'
import { Temporal } from 'temporal-polyfill'
import { describe, expect, test } from 'vitest'
import { formatDay, parseDay } from './day.ts'
import { dayAt } from './day-at.ts'

const zones = [
  'Africa/Cairo',
  'America/Sao_Paulo',
  'Australia/Lord_Howe',
  'Asia/Shanghai',
  'Europe/London',
  'UTC',
]

function dateAt(iso: string, zone: string, changeHour?: number): string {
  return formatDay(dayAt(Temporal.Instant.from(iso).epochMilliseconds, zone, changeHour))
}

describe('the local date of an instant', () => {
  test('in Shanghai turns eight hours before the date of UTC', () => {
    expect(dateAt('2025-12-31T15:59:59.999Z', 'Asia/Shanghai')).toBe('2025-12-31')
    expect(dateAt('2025-12-31T16:00:00Z', 'Asia/Shanghai')).toBe('2026-01-01')
    expect(dateAt('2026-01-01T00:00:00Z', 'Asia/Shanghai')).toBe('2026-01-01')
    expect(dateAt('2025-12-31T16:00:00Z', 'UTC')).toBe('2025-12-31')
  })

  test('in Cairo has no midnight on the day summer time begins', () => {
    expect(dateAt('2025-04-24T21:59:59Z', 'Africa/Cairo')).toBe('2025-04-24')
    expect(dateAt('2025-04-24T22:00:00Z', 'Africa/Cairo')).toBe('2025-04-25')
    expect(dateAt('2025-10-30T20:59:59Z', 'Africa/Cairo')).toBe('2025-10-30')
    expect(dateAt('2025-10-30T21:30:00Z', 'Africa/Cairo')).toBe('2025-10-30')
    expect(dateAt('2025-10-30T22:00:00Z', 'Africa/Cairo')).toBe('2025-10-31')
  })

  test('in Sao Paulo had no midnight while it kept summer time', () => {
    expect(dateAt('2018-11-04T02:59:59Z', 'America/Sao_Paulo')).toBe('2018-11-03')
    expect(dateAt('2018-11-04T03:00:00Z', 'America/Sao_Paulo')).toBe('2018-11-04')
    expect(dateAt('2025-11-04T02:59:59Z', 'America/Sao_Paulo')).toBe('2025-11-03')
    expect(dateAt('2025-11-04T03:00:00Z', 'America/Sao_Paulo')).toBe('2025-11-04')
  })

  test('on Lord Howe Island moves by half an hour', () => {
    expect(dateAt('2025-07-01T13:29:59Z', 'Australia/Lord_Howe')).toBe('2025-07-01')
    expect(dateAt('2025-07-01T13:30:00Z', 'Australia/Lord_Howe')).toBe('2025-07-02')
    expect(dateAt('2025-12-01T12:59:59Z', 'Australia/Lord_Howe')).toBe('2025-12-01')
    expect(dateAt('2025-12-01T13:00:00Z', 'Australia/Lord_Howe')).toBe('2025-12-02')
  })

  test('agrees with the zone database on any instant, with any hour of change', () => {
    const instants = fc.integer({
      min: Temporal.Instant.from('1990-01-01T00:00Z').epochMilliseconds,
      max: Temporal.Instant.from('2035-01-01T00:00Z').epochMilliseconds,
    })
    const hours = fc.integer({ min: 0, max: 23 })
    fc.assert(
      fc.property(fc.constantFrom(...zones), instants, hours, (zone, instantMs, changeHour) => {
        const local = Temporal.Instant.fromEpochMilliseconds(instantMs)
          .toZonedDateTimeISO(zone)
          .toPlainDateTime()
        const date = local.toPlainDate().subtract({ days: local.hour < changeHour ? 1 : 0 })
        expect(dayAt(instantMs, zone, changeHour)).toBe(parseDay(date.toString()))
      }),
    )
  })

  test('does not remember one instant for another', () => {
    const midnight = Temporal.Instant.from('2025-12-31T16:00:00Z').epochMilliseconds
    for (const zone of zones) {
      const fresh = dayAt(midnight, zone)
      for (const ms of [-1, 86_400_000, 900_000, -900_000, 0]) dayAt(midnight + ms, zone)
      expect(dayAt(midnight, zone)).toBe(fresh)
    }
    expect(dayAt(midnight, 'Asia/Shanghai') - dayAt(midnight - 1, 'Asia/Shanghai')).toBe(1)
  })

  test('refuses a zone that does not exist', () => {
    expect(() => dayAt(0, 'Asia/Nowhere')).toThrow(RangeError)
  })
})
