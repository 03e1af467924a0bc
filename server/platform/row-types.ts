import pg from 'pg'

const MS_PER_DAY = 86_400_000
const [INT8, DATE, TIMESTAMPTZ, NUMERIC] = [20, 1082, 1184, 1700]

/** `2026-11-22` to days since 1970-01-01. What a day's number cannot say (infinity, BC) is refused, not read as NaN. */
function epochDay(text: string): number {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) throw new Error(`not a date that a day can say: ${text}`)
  return Date.parse(`${text}T00:00:00Z`) / MS_PER_DAY
}

/** `2026-11-22 06:00:00.123456+00` to milliseconds since 1970-01-01T00:00Z; microseconds are dropped. */
function instantMs(text: string): number {
  const [, day, time] = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d(?:\.\d+)?)\+00$/.exec(text) ?? []
  if (!day) throw new Error(`not an instant in UTC: ${text}`)
  return Date.parse(`${day}T${time}Z`)
}

/**
 * How columns are read: `bigint` and `numeric` as bigint (a fraction is refused), `date` as days since 1970-01-01, written
 * as `date '1970-01-01' + $n::int`, `timestamptz` as milliseconds, all else as the driver does. The session's zone is UTC.
 */
export const rowTypes = {
  getTypeParser(oid: number, format?: 'text' | 'binary') {
    if (format !== 'binary') {
      if (oid === INT8 || oid === NUMERIC) return BigInt
      if (oid === DATE) return epochDay
      if (oid === TIMESTAMPTZ) return instantMs
    }
    return pg.types.getTypeParser(oid, format as 'text')
  },
}
