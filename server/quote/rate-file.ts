import type { EpochDay } from '../policy/index.ts'

/** A rate as a file states it. */
export interface StatedRate {
  /** `reference`: a central bank's, of a day; `dealing`: an acquirer's, from an instant until another. */
  readonly kind: 'reference' | 'dealing'
  readonly source: string
  readonly base: string
  readonly currency: string
  /** Units of the currency for one of the base, in the digits of the file. */
  readonly value: string
  readonly day: EpochDay
  readonly sinceMs: number
  /** Null: a reference rate, which a brand uses for as long as it says. */
  readonly untilMs: number | null
}

/** No file of rates is longer: ninety days of the ECB's are a fifth of it. */
export const MOST_BYTES = 1 << 20
