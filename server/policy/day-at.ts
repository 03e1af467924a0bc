import { civilToDay, type EpochDay } from './day.ts'

const formatters = new Map<string, Intl.DateTimeFormat>()

/** A formatter costs a thousand times what using it does, so each zone's is made once. */
function formatterOf(zone: string): Intl.DateTimeFormat {
  let formatter = formatters.get(zone)
  if (!formatter) {
    formatter = new Intl.DateTimeFormat('en-US', {
      calendar: 'gregory',
      numberingSystem: 'latn',
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
    })
    formatters.set(zone, formatter)
  }
  return formatter
}

/**
 * The local date an instant belongs to in an IANA zone. With a policy's `changeHour` above zero its day runs
 * from that local hour to the same hour of the next date, so the small hours still belong to the day before.
 * `instantMs` is milliseconds since 1970-01-01T00:00Z. Throws RangeError on a zone that does not exist.
 */
export function dayAt(instantMs: number, zone: string, changeHour = 0): EpochDay {
  let year = 0
  let month = 0
  let day = 0
  let hour = 0
  for (const part of formatterOf(zone).formatToParts(instantMs)) {
    if (part.type === 'year') year = Number(part.value)
    else if (part.type === 'month') month = Number(part.value)
    else if (part.type === 'day') day = Number(part.value)
    else if (part.type === 'hour') hour = Number(part.value)
  }
  const localDate = civilToDay(year, month, day)
  return hour < changeHour ? localDate - 1 : localDate
}
