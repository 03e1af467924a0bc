import { type Brand, insertBrands, readBrand } from './brand/index.ts'
import { type Catalog, readPriceTable } from './catalog/index.ts'
import { openSystemAccounts } from './ledger/index.ts'
import type { Clock } from './platform/clock.ts'
import type { Db } from './platform/db.ts'
import { migrate } from './platform/migrate.ts'
import { openOnlineSeries } from './receipt/index.ts'

/** Brands of the database and those to be added, all brought to the newest migration. Connects as the owner. */
export async function migrateBrands(
  ownerUrl: string,
  added: readonly { readonly key: string; readonly facts: unknown }[],
): Promise<string[]> {
  for (const { key, facts } of added) readBrand(key, facts)
  const done = await migrate(ownerUrl, [])
  const known = await insertBrands(ownerUrl, added)
  return [...done, ...(await migrate(ownerUrl, known))]
}

/** What a migrated brand needs before money moves: system accounts and the online receipt series. Run again, it adds what is missing. */
export async function openBooks(db: Db, clock: Clock, brand: Brand): Promise<void> {
  await db.of(brand.key).tx(async (tx) => {
    await openSystemAccounts(tx, clock, brand.currency)
    await openOnlineSeries(tx, brand.receiptPrefix)
  })
}

/** What a migrated brand needs before its first sale: its books, and a price table. */
export async function furnishBrand(
  deps: { readonly db: Db; readonly clock: Clock; readonly catalog: Catalog },
  brand: Brand,
  priceTable: unknown,
): Promise<void> {
  await openBooks(deps.db, deps.clock, brand)
  await deps.db.of(brand.key).tx(async (tx) => {
    await deps.catalog.publish(tx, readPriceTable(priceTable))
  })
}
