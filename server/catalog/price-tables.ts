import type { Brands } from '../brand/index.ts'
import type { Clock } from '../platform/clock.ts'
import type { Db } from '../platform/db.ts'
import { refuse } from '../platform/error.ts'
import { catalogErrors } from './errors.ts'
import type { EpochDay } from './offer.ts'
import { type PriceTable, priceTableOn, type Version } from './price-table.ts'
import { readVersions } from './store.ts'

const CHECK_EVERY_MS = 1000

/** What this process holds of one brand's versions, which never change: it only ever reads those it lacks. */
interface Held {
  versions: readonly Version[]
  checkedAtMs: number
  /** The check under way, which all callers of that moment wait for. */
  checking: Promise<void> | undefined
  /** The last table made and its day: nearly every caller asks for today's. */
  last: { readonly day: EpochDay; readonly table: PriceTable } | undefined
}

export type PriceTables = (brand: string, day: EpochDay) => Promise<PriceTable>

/** Price tables by brand and day, held in memory; a version published by any process is seen within a second. */
export function createPriceTables(deps: {
  readonly db: Db
  readonly clock: Clock
  readonly brands: Brands
}): PriceTables {
  const heldByBrand = new Map<string, Held>()

  function heldOf(brand: string): Held {
    let held = heldByBrand.get(brand)
    if (!held) {
      held = { versions: [], checkedAtMs: Number.NEGATIVE_INFINITY, checking: undefined, last: undefined }
      heldByBrand.set(brand, held)
    }
    return held
  }

  async function check(brand: string, held: Held): Promise<void> {
    const checkedAtMs = deps.clock.instant()
    try {
      const added = await readVersions(deps.db.of(brand), held.versions.at(-1)?.number ?? 0)
      held.checkedAtMs = checkedAtMs
      if (added.length === 0) return
      held.versions = [...held.versions, ...added]
      held.last = undefined
    } finally {
      held.checking = undefined
    }
  }

  return async (brand, day) => {
    const { currency } = deps.brands.get(brand)
    const held = heldOf(brand)
    if (deps.clock.instant() - held.checkedAtMs >= CHECK_EVERY_MS) {
      held.checking ??= check(brand, held)
      await held.checking
    }
    if (held.last?.day === day) return held.last.table
    const table = priceTableOn(held.versions, day, currency)
    if (!table) throw refuse(catalogErrors['price-table-missing'])
    held.last = { day, table }
    return table
  }
}
