import type { Brands } from '../brand/index.ts'
import type { Clock } from '../platform/clock.ts'
import { brokenConstraint, type Tx } from '../platform/db.ts'
import { refuse } from '../platform/error.ts'
import { newId } from '../platform/id.ts'
import { catalogErrors } from './errors.ts'
import type { NewPriceTable } from './offer.ts'
import { insertVersion } from './store.ts'

/**
 * Publishes a new version for the transaction's brand and answers its number. Throws `currency-mismatch` when the
 * table is not in the brand's currency, `price-table-conflict` when another was published meanwhile: publish again.
 */
export async function publish(
  deps: { readonly clock: Clock; readonly brands: Brands },
  tx: Tx,
  table: NewPriceTable,
): Promise<string> {
  const { currency } = deps.brands.get(tx.brand)
  if (table.currency !== currency) throw refuse(catalogErrors['currency-mismatch'], { currency })
  const publishedAtMs = deps.clock.instant()
  const offers = table.offers.map((offer) => ({ ...offer, id: newId(publishedAtMs) }))
  try {
    return String(await insertVersion(tx, table.validFrom, publishedAtMs, offers))
  } catch (error) {
    if (brokenConstraint(error) === 'price_table_pkey') throw refuse(catalogErrors['price-table-conflict'])
    throw error
  }
}
