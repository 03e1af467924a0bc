import { type Brand, type Brands, loadBrands } from '../brand/index.ts'
import { openDatabase } from '../open-database.ts'
import { type Clock, createClock } from '../platform/clock.ts'
import { readOffsets } from '../platform/clock-offset.ts'
import type { Config } from '../platform/config.ts'
import { createDb, type Db } from '../platform/db.ts'
import { createLog } from '../platform/log.ts'
import { UsageError } from './usage.ts'

/** The database of the configuration for as long as `work` runs; the owner's URL is '' where none is configured. */
export async function withDatabase<T>(
  config: Config,
  work: (db: Db, ownerUrl: string) => Promise<T>,
): Promise<T> {
  const log = createLog(config.logLevel)
  const database = await openDatabase(config, log)
  const db = createDb({ url: database.appUrl, connections: 2, log, applicationName: 'baohao command' })
  try {
    return await work(db, database.ownerUrl)
  } finally {
    await db.close()
    await database.stop()
  }
}

/** What a command on one brand works with. */
export interface BrandRoom {
  readonly db: Db
  readonly clock: Clock
  readonly brands: Brands
  readonly brand: Brand
}

/** The database with all of its brands. */
export async function withBrands<T>(
  config: Config,
  work: (room: Omit<BrandRoom, 'brand'>) => Promise<T>,
): Promise<T> {
  return await withDatabase(config, async (db) => {
    const clock = createClock()
    const brands = await loadBrands(db)
    await readOffsets(db, clock)
    return await work({ db, clock, brands })
  })
}

/** The database and a brand of it; throws UsageError when there is no such brand. */
export async function withBrand<T>(
  config: Config,
  key: string,
  work: (room: BrandRoom) => Promise<T>,
): Promise<T> {
  return await withBrands(config, async ({ db, clock, brands }) => {
    const brand = brands.find(key)
    if (!brand) {
      const keys = brands.all.map((each) => each.key).join(', ')
      throw new UsageError(
        `There is no brand "${key}". ${keys === '' ? 'None was created yet: baohao brand create.' : `There are: ${keys}.`}`,
      )
    }
    return await work({ db, clock, brands, brand })
  })
}
