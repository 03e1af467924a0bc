/**
 * Local dates as integers, so that validity is plain arithmetic: no time of day, no zone, no daylight saving.
 * The calendar is the proleptic Gregorian one (ISO 8601).
 */

/** Whole days since 1970-01-01: a local date in the brand's zone. */
export type EpochDay = number

/** A number of whole calendar months and then of days. Neither is negative. */
export interface Length {
  readonly months: number
  readonly days: number
}

const daysPerEra = 146_097 // 400 Gregorian years
const eraBeginsOn = -719_468 // 0000-03-01: years counted from March put the leap day last

interface CivilDate {
  readonly year: number
  readonly month: number
  readonly day: number
}

/** Year, month (1-12) and day (1-31) to an epoch day. The day must exist in that month. */
export function civilToDay(year: number, month: number, day: number): EpochDay {
  const marchYear = month > 2 ? year : year - 1
  const era = Math.floor(marchYear / 400)
  const yearOfEra = marchYear - era * 400
  const marchMonth = month > 2 ? month - 3 : month + 9
  const dayOfYear = Math.floor((153 * marchMonth + 2) / 5) + day - 1
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear
  return era * daysPerEra + dayOfEra + eraBeginsOn
}

function dayToCivil(epochDay: EpochDay): CivilDate {
  const shifted = epochDay - eraBeginsOn
  const era = Math.floor(shifted / daysPerEra)
  const dayOfEra = shifted - era * daysPerEra
  const leapCorrected =
    dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)
  const yearOfEra = Math.floor(leapCorrected / 365)
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const marchMonth = Math.floor((5 * dayOfYear + 2) / 153)
  const day = dayOfYear - Math.floor((153 * marchMonth + 2) / 5) + 1
  const month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
  return { year: era * 400 + yearOfEra + (month <= 2 ? 1 : 0), month, day }
}

function daysInMonth(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31
}

const isoDate = /^(\d{4})-(\d{2})-(\d{2})$/

/** `2025-01-31` to an epoch day. Throws RangeError on any other form and on a day that does not exist. */
export function parseDay(iso: string): EpochDay {
  const match = isoDate.exec(iso)
  const year = Number(match?.[1])
  const month = Number(match?.[2])
  const day = Number(match?.[3])
  if (!match || month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month))
    throw new RangeError(`not a date: ${iso}`)
  return civilToDay(year, month, day)
}

/** An epoch day to `2025-01-31`. Throws RangeError outside the years 0000 to 9999. */
export function formatDay(day: EpochDay): string {
  const civil = dayToCivil(day)
  if (!(civil.year >= 0 && civil.year <= 9999)) throw new RangeError(`no ISO date for the day ${day}`)
  const year = String(civil.year).padStart(4, '0')
  const month = String(civil.month).padStart(2, '0')
  return `${year}-${month}-${String(civil.day).padStart(2, '0')}`
}

/** The same day of the month so many months later, or that month's last day: 31 Jan + 1 = 28 or 29 Feb, + 2 = 31 Mar. */
export function addMonths(anchor: EpochDay, months: number): EpochDay {
  if (months === 0) return anchor
  const civil = dayToCivil(anchor)
  const monthIndex = civil.year * 12 + civil.month - 1 + months
  const year = Math.floor(monthIndex / 12)
  const month = monthIndex - year * 12 + 1
  return civilToDay(year, month, Math.min(civil.day, daysInMonth(year, month)))
}

/** The anchor plus the months, clipped once, and then plus the days. */
export function addLength(anchor: EpochDay, length: Length): EpochDay {
  return addMonths(anchor, length.months) + length.days
}
