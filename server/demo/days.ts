import { dayAt, type EpochDay } from '../policy/index.ts'

const QUARTER_HOUR_MS = 900_000
const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

/**
 * When each local day of a zone begins, in milliseconds of the business clock, from the first to the last. Found by stepping
 * from one midnight to the next, which is an hour off only where clocks are changed.
 */
export function midnights(zone: string, from: EpochDay, to: EpochDay): ReadonlyMap<EpochDay, number> {
  // No zone is further east than 14 hours.
  let atMs = from * DAY_MS - 14 * HOUR_MS
  while (dayAt(atMs, zone) < from) atMs += QUARTER_HOUR_MS
  const found = new Map([[from, atMs]])
  for (let day = from + 1; day <= to; day++) {
    atMs += DAY_MS
    if (dayAt(atMs, zone) < day) atMs += HOUR_MS
    else if (dayAt(atMs - HOUR_MS, zone) === day) atMs -= HOUR_MS
    found.set(day, atMs)
  }
  return found
}
