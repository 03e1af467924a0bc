import type { Brand, Brands } from '../brand/index.ts'
import type { Clock } from '../platform/clock.ts'
import type { Db } from '../platform/db.ts'
import type { Log } from '../platform/log.ts'
import { type Loop, startLoop } from '../platform/loop.ts'
import { earnPackages } from './earn-packages.ts'

export interface EarningDeps {
  readonly db: Db
  readonly clock: Clock
  readonly log: Log
  readonly brands: Brands
  /** The business date in the brand's zone, as days since 1970-01-01. */
  readonly todayOf: (brand: Brand) => number
}

/** A day that has ended is earned within this; a round without work is one look at an index. */
const PAUSE_MS = 60_000

/** One loop a brand, so that none waits for another. */
export function startEarning({ db, clock, log, brands, todayOf }: EarningDeps): Loop[] {
  return brands.all.map((brand) =>
    startLoop(
      `packages of ${brand.key}`,
      PAUSE_MS,
      () => earnPackages(db.of(brand.key), clock, todayOf(brand)),
      log,
    ),
  )
}
