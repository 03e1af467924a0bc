import type { Brands, Switches } from '../brand/index.ts'
import type { Clock } from '../platform/clock.ts'
import type { Db, Tx } from '../platform/db.ts'
import type { EpochDay, NewPriceTable } from './offer.ts'
import { type PriceTable, withoutOffers } from './price-table.ts'
import { createPriceTables } from './price-tables.ts'
import { publish } from './publish.ts'

export { catalogErrors } from './errors.ts'
export type {
  NewPriceTable,
  OfferTerms,
} from './offer.ts'
export { noAllowances } from './offer.ts'
export { readOfferCsv } from './offer-csv.ts'
export { denominationExample, freeAmountExample, packageExample } from './offer-examples.ts'
export { priceTablePresets } from './presets.ts'
export type { PriceTable } from './price-table.ts'
export { type OfferChange, priceTableChanges } from './price-table-changes.ts'
export { readPriceTable } from './read-price-table.ts'
export { catalogRoutes } from './routes.ts'
export { terms } from './terms.ts'
export { viewDenomination, viewPackage } from './view-price-table.ts'

export interface Catalog {
  /**
   * What the brand sells on a business date, without the offers that are switched off. Held in memory: a version published, or an
   * offer switched, elsewhere is seen within a second.
   * Throws `price-table-missing` when no version has begun by then.
   */
  priceTable(brand: string, day: EpochDay): Promise<PriceTable>
  /**
   * Publishes a new version for the transaction's brand and answers it. Throws `currency-mismatch`, and
   * `price-table-conflict` when another was published at the same moment.
   */
  publish(tx: Tx, table: NewPriceTable): Promise<string>
}

export function createCatalog(deps: {
  readonly db: Db
  readonly clock: Clock
  readonly brands: Brands
  readonly switches: Pick<Switches, 'off'>
}): Catalog {
  const tables = createPriceTables(deps)
  const { switches } = deps
  return {
    async priceTable(brand, day) {
      const [table, off] = await Promise.all([tables(brand, day), switches.off(brand)])
      const offers = off.filter(({ kind }) => kind === 'offer')
      return withoutOffers(table, new Set(offers.map(({ name }) => name)))
    },
    publish: (tx, table) => publish(deps, tx, table),
  }
}
