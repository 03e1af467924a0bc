import { brandPresets, loadBrands } from './brand/index.ts'
import { everyCheck, fsck, type Violation } from './fsck.ts'
import { migrateBrands } from './new-brand.ts'
import { createClock, isoInstant, monotonicMs } from './platform/clock.ts'
import { advanceClock, readOffsets } from './platform/clock-offset.ts'
import type { Config } from './platform/config.ts'
import { createDb, type Db } from './platform/db.ts'
import { createLog } from './platform/log.ts'
import { presetOf } from './policy/index.ts'
import { openDatabase, type Say } from './serve.ts'

const MS_PER_DAY = 86_400_000

async function withDatabase<T>(config: Config, work: (db: Db, ownerUrl: string) => Promise<T>): Promise<T> {
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

/** `baohao migrate`: says what was applied. */
export async function migrateCommand(config: Config, say: Say): Promise<void> {
  await withDatabase(config, async (_db, ownerUrl) => {
    if (ownerUrl === '')
      throw new Error('Set DATABASE_ADMIN_URL to the owner of the database, who may create tables.')
    const done = await migrateBrands(ownerUrl, config.mode === 'production' ? [] : brandPresets)
    for (const file of done) say(`applied ${file}`)
    say(
      done.length === 0
        ? 'Nothing to apply: the database is at this version.'
        : `${done.length} migrations applied.`,
    )
  })
}

/** `baohao fsck`: true when every invariant of every brand holds. */
export async function fsckCommand(config: Config, json: boolean, say: Say): Promise<boolean> {
  return await withDatabase(config, async (db) => {
    const startedAt = monotonicMs()
    const clock = createClock()
    await readOffsets(db, clock)
    const brands = await loadBrands(db)
    const keys = brands.all.map((brand) => brand.key)
    const checks = everyCheck({ clock, brands, policyOf: presetOf })
    const violations = await fsck(db, keys, checks)
    const seconds = (monotonicMs() - startedAt) / 1000
    if (json) say(JSON.stringify({ brands: keys, checks: checks.length, violations }, digits))
    else describe(violations, `${keys.join(', ')}: ${checks.length} checks each in ${inWords(seconds)}`, say)
    return violations.length === 0
  })
}

function describe(violations: readonly Violation[], work: string, say: Say): void {
  for (const { brand, id, sentence, rows, count } of violations) {
    say(`${brand} ${id} does not hold: ${sentence}`)
    for (const row of rows) say(`    ${JSON.stringify(row, digits)}`)
    if (count > rows.length) say(`    and ${count - rows.length} more`)
  }
  const verdict = violations.length === 0 ? 'every invariant holds' : `${violations.length} do not hold`
  say(`${work}, ${verdict}.`)
}

function inWords(seconds: number): string {
  return `${seconds.toLocaleString('en', { maximumFractionDigits: 1 })} s`
}

/** JSON has no bigint. */
function digits(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value
}

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
