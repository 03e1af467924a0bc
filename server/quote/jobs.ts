import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { Brands } from '../brand/index.ts'
import type { Clock } from '../platform/clock.ts'
import { FileRefused } from '../platform/csv-file.ts'
import type { Db } from '../platform/db.ts'
import type { Log } from '../platform/log.ts'
import { type Loop, startLoop } from '../platform/loop.ts'
import { importRates, readRates } from './import-rates.ts'

export interface WatchDeps {
  readonly db: Db
  readonly clock: Clock
  readonly log: Log
  readonly brands: Brands
  /** A file in the form of the ECB's daily rates that somebody keeps up to date; undefined: none is watched. */
  readonly ratesFile: string | undefined
}

const PAUSE_MS = 60_000

/** Imports the watched file for every brand that quotes, whenever it has changed. A file that is refused is said once. */
export function startWatching({ ratesFile, log, ...deps }: WatchDeps): Loop[] {
  if (ratesFile === undefined) return []
  const round = createRound({ ...deps, log, ratesFile })
  return [startLoop('exchange rates', PAUSE_MS, round, log)]
}

/** One look at the file; for tests, without the loop. */
export function createRound({
  db,
  clock,
  log,
  brands,
  ratesFile,
}: WatchDeps & { readonly ratesFile: string }): () => Promise<void> {
  let seen = ''
  return async () => {
    const bytes = await readFile(ratesFile).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error
      return null
    })
    const digest = bytes === null ? '' : createHash('sha256').update(bytes).digest('hex')
    if (bytes === null || digest === seen) return
    try {
      const rates = readRates(bytes, null)
      for (const brand of brands.all)
        if (brand.quotes) await importRates(db.of(brand.key), clock, rates, 'job rates')
    } catch (error) {
      if (!(error instanceof FileRefused)) throw error
      log.error({ file: ratesFile, reason: error.message }, 'a file of exchange rates is refused')
    }
    seen = digest
  }
}
