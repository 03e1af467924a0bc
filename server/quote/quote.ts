import type { EpochDay } from '../policy/index.ts'
import type { Rate } from './rate.ts'

/** What an order costs in another currency, frozen until an instant; its row never changes. Amounts in minor units. */
export interface Quote {
  readonly id: string
  readonly order: string
  /** The order's own price and currency. */
  readonly priceMinor: bigint
  readonly currency: string
  /** What is paid instead. */
  readonly amountMinor: bigint
  readonly payCurrency: string
  /** Minor units of `payCurrency` for one of `currency`, before the margin. */
  readonly rate: Rate
  readonly marginBp: number
  /** What the amount is worth at the rate above the price, in the order's currency. */
  readonly marginMinor: bigint
  /** Who published the rate, and of which day. */
  readonly source: string
  readonly rateDay: EpochDay
  readonly madeAtMs: number
  readonly untilMs: number
}

/** A rate of major units that may be used now, and by whom and of when it is. */
export interface UsableRate {
  readonly rate: Rate
  readonly source: string
  readonly day: EpochDay
}
