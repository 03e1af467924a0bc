import { dayAt, type EpochDay, formatDay, parseDay } from '../policy/index.ts'

/** The European Central Bank's own clock. */
const ZONE = 'Europe/Berlin'
/** Days of every year on which TARGET is closed (ECB, long-term calendar of TARGET closing days, since 2002). */
const CLOSED = ['01-01', '05-01', '12-25', '12-26'] as const
/** Good Friday and Easter Monday, from Easter Sunday. */
const CLOSED_AROUND_EASTER = [-2, 1] as const
/** Rates come at about 16:00; by this hour whoever imports them has done so. */
const ARRIVED_BY_HOUR = 18

/** Easter Sunday of a Gregorian year (Meeus, Jones and Butcher). */
export function easterOf(year: number): EpochDay {
  const a = year % 19
  const b = Math.floor(year / 100)
  const c = year % 100
  const d = Math.floor(b / 4)
  const e = b % 4
  const g = Math.floor((8 * b + 13) / 25)
  const h = (19 * a + b - d - g + 15) % 30
  const i = Math.floor(c / 4)
  const k = c % 4
  const l = (32 + 2 * e + 2 * i - h - k) % 7
  const m = Math.floor((a + 11 * h + 22 * l) / 451)
  const sum = h + l - 7 * m + 114
  const month = Math.floor(sum / 31)
  const day = (sum % 31) + 1
  const two = (part: number) => part.toString().padStart(2, '0')
  return parseDay(`${year}-${two(month)}-${two(day)}`)
}

/** Whether rates are published on a day: 1970-01-01, day 0, was a Thursday. */
export function isTargetDay(day: EpochDay): boolean {
  const weekday = (((day + 3) % 7) + 7) % 7
  if (weekday >= 5) return false
  const iso = formatDay(day)
  if (CLOSED.some((monthDay) => iso.endsWith(monthDay))) return false
  const easter = easterOf(Number.parseInt(iso.slice(0, 4), 10))
  return !CLOSED_AROUND_EASTER.some((from) => easter + from === day)
}

/**
 * Until when a reference rate of a day may be used: 18:00 in Frankfurt on the `days`-th TARGET day after it. Friday's, with one day,
 * holds until Monday 18:00, and Maundy Thursday's until the Tuesday after Easter.
 */
export function referenceHoldsUntil(day: EpochDay, days: number): number {
  let last = day
  for (let left = days; left > 0; ) if (isTargetDay(++last)) left--
  return hourOf(last, ARRIVED_BY_HOUR)
}

/** The day it is in Frankfurt. */
export function frankfurtDay(instantMs: number): EpochDay {
  return dayAt(instantMs, ZONE)
}

/** When rates of a day are published. */
export function publishedAt(day: EpochDay): number {
  return hourOf(day, 16)
}

/** The instant of an afternoon hour in Frankfurt, which is one or two hours ahead of UTC. */
function hourOf(day: EpochDay, hour: number): number {
  const inSummerMs = day * 86_400_000 + (hour - 2) * 3_600_000
  return dayAt(inSummerMs, ZONE, hour) === day ? inSummerMs : inSummerMs + 3_600_000
}
