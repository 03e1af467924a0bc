import { writeAudit } from '../platform/audit.ts'
import type { Clock } from '../platform/clock.ts'
import { FileRefused } from '../platform/csv-file.ts'
import type { BrandDb } from '../platform/db.ts'
import { type EpochDay, formatDay } from '../policy/index.ts'
import { MOST_BYTES, type StatedRate } from './rate-file.ts'
import { readEcb } from './read-ecb.ts'
import { readRateCsv } from './read-rate-csv.ts'
import { contradicted, insertRates } from './store.ts'
import { frankfurtDay } from './target-days.ts'

/** Reads a file of rates: the ECB's XML, or with the name of an acquirer its CSV. Throws FileRefused, in a sentence. */
export function readRates(bytes: Buffer, acquirer: string | null): StatedRate[] {
  if (bytes.length > MOST_BYTES) throw new FileRefused('A file of rates is at most 1 MiB long.')
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new FileRefused('The file is not UTF-8.')
  }
  const rates = acquirer === null ? readEcb(text) : readRateCsv(text, acquirer)
  if (rates.length === 0) throw new FileRefused('The file holds no rate.')
  return rates
}

export interface ImportedRates {
  /** Rates that are new to the brand; those it knew are left. */
  readonly added: number
  readonly newest: EpochDay
}

/**
 * Adds rates to a brand's history, all or none. What was published once stands: another value for the same moment is refused as
 * FileRefused, and so is a day that has not begun in Frankfurt.
 */
export async function importRates(
  db: BrandDb,
  clock: Clock,
  rates: readonly StatedRate[],
  actor: string,
): Promise<ImportedRates> {
  const atMs = clock.instant()
  const newest = Math.max(...rates.map(({ day }) => day))
  const tomorrow = rates.find(({ kind, day }) => kind === 'reference' && day > frankfurtDay(atMs))
  if (tomorrow) throw new FileRefused(`Rates of ${formatDay(tomorrow.day)} cannot be out yet.`)
  return await db.tx(async (tx) => {
    const added = await insertRates(tx, rates, actor, atMs)
    const [other] = await contradicted(tx, rates)
    if (other)
      throw new FileRefused(
        `${other.source} said before that 1 ${other.base} was ${other.was} ${other.currency} from ${formatDay(other.day)} on; the file says something else of it. Nothing was changed.`,
      )
    if (added > 0) {
      const detail = { added, newest: formatDay(newest) }
      await writeAudit(tx, { actor, act: 'rates imported', subject: rates[0]?.source ?? '', detail }, atMs)
    }
    return { added, newest }
  })
}
