import { addLength, civilToDay, type Length } from './day.ts'

/** The fewest and the most days a length can be, over every day it may start on. Both infinite: unlimited. */
export interface Span {
  readonly fewest: number
  readonly most: number
}

const firstStart = civilToDay(2096, 1, 1)
const lastStart = civilToDay(2104, 12, 31) // nine years with a leap day, a skipped leap day and plain years

/** Tries every starting day, so it is exact and slow: for checking policies, never for a line. */
export function spanOf(length: Length | 'unlimited'): Span {
  if (length === 'unlimited') return { fewest: Infinity, most: Infinity }
  let fewest = Infinity
  let most = 0
  for (let start = firstStart; start <= lastStart; start++) {
    const days = addLength(start, length) - start
    fewest = Math.min(fewest, days)
    most = Math.max(most, days)
  }
  return { fewest, most }
}

/** Whether from every day the second ends later than the first, or the two are the same. */
export function rises(lower: Length | 'unlimited', upper: Length | 'unlimited'): boolean {
  if (lower === 'unlimited' || upper === 'unlimited') return upper === 'unlimited'
  if (upper.months >= lower.months && upper.days >= lower.days) return true
  return spanOf(upper).fewest > spanOf(lower).most
}
