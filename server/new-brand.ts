import type { Brand } from './brand/index.ts'
import { type Catalog, readPriceTable } from './catalog/index.ts'
import { openSystemAccounts } from './ledger/index.ts'
import type { Clock } from './platform/clock.ts'
import type { Db } from './platform/db.ts'
import { openOnlineSeries } from './receipt/index.ts'

/** What a migrated brand needs before its first sale: system accounts, the online receipt series, a price table. */
export async function furnishBrand(
  deps: { readonly db: Db; readonly clock: Clock; readonly catalog: Catalog },
  brand: Brand,
  priceTable: unknown,
): Promise<void> {
  await deps.db.of(brand.key).tx(async (tx) => {
    await openSystemAccounts(tx, deps.clock, brand.currency)
    await openOnlineSeries(tx, brand.receiptPrefix)
    await deps.catalog.publish(tx, readPriceTable(priceTable))
  })
}
