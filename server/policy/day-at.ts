import { civilToDay, type EpochDay } from './day.ts'

const quarterHourMs = 900_000

interface LocalHour {
  readonly date: EpochDay
  readonly hour: number
}

interface Zone {
  readonly formatter: Intl.DateTimeFormat
  quarterHour: number
  localHour: LocalHour
}

const zones = new Map<string, Zone>()

function readLocalHour(formatter: Intl.DateTimeFormat, instantMs: number): LocalHour {
  let year = 0
  let month = 0
  let day = 0
  let hour = 0
  for (const part of formatter.formatToParts(instantMs)) {
    if (part.type === 'year') year = Number(part.value)
    else if (part.type === 'month') month = Number(part.value)
    else if (part.type === 'day') day = Number(part.value)
    else if (part.type === 'hour') hour = Number(part.value)
  }
  return { date: civilToDay(year, month, day), hour }
}

function openZone(zone: string, instantMs: number): Zone {
  const formatter = new Intl.DateTimeFormat('en-US', {
    calendar: 'gregory',
    numberingSystem: 'latn',
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
  })
  const quarterHour = Math.floor(instantMs / quarterHourMs)
  const opened = { formatter, quarterHour, localHour: readLocalHour(formatter, instantMs) }
  zones.set(zone, opened)
  return opened
}

/**
 * The local date an instant belongs to in an IANA zone. With a policy's `changeHour` above zero its day runs
 * from that local hour to the same hour of the next date, so the small hours still belong to the day before.
 * `instantMs` is milliseconds since 1970-01-01T00:00Z, from 1973 on: since then every zone's hours begin and
 * its offset changes on a quarter of an hour of UTC, so what was read for one instant holds for its quarter.
 * Throws RangeError on a zone that does not exist.
 */
export function dayAt(instantMs: number, zone: string, changeHour = 0): EpochDay {
  const known = zones.get(zone) ?? openZone(zone, instantMs)
  const quarterHour = Math.floor(instantMs / quarterHourMs)
  if (known.quarterHour !== quarterHour) {
    known.localHour = readLocalHour(known.formatter, instantMs)
    known.quarterHour = quarterHour
  }
  const { date, hour } = known.localHour
  return hour < changeHour ? date - 1 : date
}
