import { idFromWire } from '../../../../contract/id.ts'
import { isoInstant, parseInstant } from '../../../platform/clock.ts'

const OFFSET_MS = 8 * 3_600_000

/** An instant as UnionPay writes times: `20261122140005`, always Beijing time, fractions of a second cut off. */
export function beijingTime(instantMs: number): string {
  return isoInstant(instantMs + OFFSET_MS)
    .slice(0, 19)
    .replaceAll(/[^0-9]/g, '')
}

/** The instant of such a text; null when it is not one. */
export function parseBeijingTime(text: unknown): number | null {
  if (typeof text !== 'string' || !/^\d{14}$/.test(text)) return null
  const [, day, time] = /^(\d{8})(\d{6})$/.exec(text) ?? []
  const pairs = (digits = '') => digits.match(/\d\d/g) ?? []
  const [century, year, month, date] = pairs(day)
  try {
    const instantMs = parseInstant(`${century}${year}-${month}-${date}T${pairs(time).join(':')}+08:00`)
    return beijingTime(instantMs) === text ? instantMs : null
  } catch {
    return null
  }
}

/**
 * `txnTime` of one of our numbers. UnionPay knows a transaction by its number *and* this time, so it must be the same in every
 * call about it: it is read off the number, a UUIDv7, whose first 48 bits are the milliseconds at which it was made.
 */
export function timeOf(number: string): string {
  return beijingTime(madeAtMs(number))
}

/** When one of our numbers was made. */
export function madeAtMs(number: string): number {
  const id = idFromWire(number)
  if (id === null) throw new Error(`${number} is none of our numbers`)
  return Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16)
}

const HALF_YEAR_MS = 183 * 86_400_000

/** `traceTime` (`MMDDhhmmss`, without its year) as the instant nearest after `txnTime`; null when it is none. */
export function traceInstant(traceTime: unknown, txnTime: unknown): number | null {
  const sentMs = parseBeijingTime(txnTime)
  if (sentMs === null || typeof traceTime !== 'string' || typeof txnTime !== 'string') return null
  const year = Number.parseInt(txnTime.slice(0, 4), 10)
  const sameYear = parseBeijingTime(`${year}${traceTime}`)
  // Sent in December, traced in January.
  const turned = sameYear === null || sameYear < sentMs - HALF_YEAR_MS
  return turned ? parseBeijingTime(`${year + 1}${traceTime}`) : sameYear
}
