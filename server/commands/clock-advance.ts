import { loadBrands } from '../brand/index.ts'
import { createClock, isoInstant } from '../platform/clock.ts'
import { advanceClock, readOffsets } from '../platform/clock-offset.ts'
import type { Config } from '../platform/config.ts'
import type { Say } from '../serve.ts'
import { withDatabase } from './command-database.ts'

const MS_PER_DAY = 86_400_000

/** `baohao clock advance BRAND DAYS`. */
export async function advanceCommand(config: Config, brand: string, days: string, say: Say): Promise<void> {
  if (config.mode === 'production') throw new Error('The business clock moves by itself in production.')
  if (!/^[1-9]\d{0,3}$/.test(days)) throw new Error(`Days are a whole number from 1 to 9999, not "${days}".`)
  await withDatabase(config, async (db) => {
    const clock = createClock()
    ;(await loadBrands(db)).get(brand)
    await readOffsets(db, clock)
    await advanceClock(db, clock, brand, Number.parseInt(days, 10) * MS_PER_DAY)
    say(`${brand} is at ${isoInstant(clock.business(brand))}.`)
  })
}
