import { readFile } from 'node:fs/promises'
import type { Config } from '../platform/config.ts'
import { FileRefused } from '../platform/csv-file.ts'
import { formatDay } from '../policy/index.ts'
import { importRates, readRates } from '../quote/index.ts'
import type { Say } from '../serve.ts'
import { withBrands } from './command-database.ts'
import { operator } from './operator.ts'
import { CommandRefused, UsageError } from './usage.ts'

export interface RateImportOptions {
  readonly brand?: string
  readonly acquirer?: string
}

/** `baohao rate import FILE`: adds rates to the history of brands that quote. */
export async function rateImportCommand(
  config: Config,
  file: string,
  { brand: only, acquirer }: RateImportOptions,
  say: Say,
): Promise<void> {
  if (acquirer !== undefined && !/^\S.{0,62}\S$/.test(acquirer))
    throw new UsageError('--acquirer is a name of 2 to 64 characters.')
  const bytes = await readFile(file)
  await withBrands(config, async ({ db, clock, brands }) => {
    const asked = only === undefined ? brands.all : brands.all.filter(({ key }) => key === only)
    if (asked.length === 0) throw new UsageError(`There is no brand "${only}".`)
    const quoting = asked.filter(({ quotes }) => quotes)
    if (quoting.length === 0)
      throw new CommandRefused('No brand quotes: its file needs "quotes" (baohao brand update).')
    try {
      const rates = readRates(bytes, acquirer ?? null)
      for (const brand of quoting) {
        const { added, newest } = await importRates(db.of(brand.key), clock, rates, operator())
        const what = added === 0 ? 'knows these rates already' : `has ${added} new rates`
        say(`${brand.key} ${what}; the newest are of ${formatDay(newest)}.`)
      }
    } catch (error) {
      if (error instanceof FileRefused) throw new CommandRefused(`${file}: ${error.message}`)
      throw error
    }
  })
}
