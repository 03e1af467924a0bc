import pg from 'pg'
import { type Brand, type Brands, loadBrands } from '../server/brand/index.ts'
import { type Catalog, createCatalog, priceTablePresets } from '../server/catalog/index.ts'
import { createDealers } from '../server/dealer/index.ts'
import { openLines } from '../server/line/index.ts'
import { furnishBrand } from '../server/new-brand.ts'
import { type Clock, createClock } from '../server/platform/clock.ts'
import { createDb, type Db } from '../server/platform/db.ts'
import { createLog, type Log } from '../server/platform/log.ts'
import { dayAt, presetOf, validUntil } from '../server/policy/index.ts'
import { openDealerSeries } from '../server/receipt/index.ts'
import type { BenchCluster } from './cluster.ts'

export const LINES = 200_000
export const DEALERS = 100
const FLOAT_MINOR = 10n ** 13n

export interface World {
  readonly db: Db
  readonly clock: Clock
  readonly log: Log
  readonly brands: Brands
  readonly brand: Brand
  readonly catalog: Catalog
  readonly dealers: readonly string[]
}

export function benchMsisdn(line: number): string {
  return `86154${line.toString().padStart(8, '0')}`
}

/** The brand laika with 200,000 lines in service and 100 dealers with full floats. */
export async function buildWorld(cluster: BenchCluster): Promise<World> {
  const log = createLog('error')
  const clock = createClock()
  const db = createDb({ url: cluster.appUrl, connections: 12, log, applicationName: 'bench' })
  const brands = await loadBrands(db)
  const brand = brands.get('laika')
  const catalog = createCatalog({ db, clock, brands })
  await furnishBrand({ db, clock, catalog }, brand, priceTablePresets.laika)
  await addLines(db, clock, brand)
  const dealers = await addDealers(db, clock, brands, brand)
  const owner = new pg.Client({ connectionString: cluster.ownerUrl })
  await owner.connect()
  await owner.query('vacuum analyze')
  await owner.end()
  return { db, clock, log, brands, brand, catalog, dealers }
}

async function addLines(db: Db, clock: Clock, brand: Brand): Promise<void> {
  const today = dayAt(clock.business(brand.key), brand.zone)
  const policy = presetOf(brand.policy.preset, brand.policy.version)
  const chunk = 10_000
  for (let from = 0; from < LINES; from += chunk) {
    const lines = Array.from({ length: chunk }, (_, i) => ({
      msisdn: benchMsisdn(from + i),
      iccid: null,
      state: {
        standing: 'in-service' as const,
        ceasedOn: null,
        service: validUntil(today + 90),
        credit: null,
        number: null,
      },
      paidMinor: 0n,
      bonusMinor: 0n,
    }))
    await db.of(brand.key).tx((tx) => openLines(tx, { clock, brand, policy, today }, lines))
  }
}

async function addDealers(db: Db, clock: Clock, brands: Brands, brand: Brand): Promise<string[]> {
  const rooms = createDealers({ clock, brands, openDealerSeries })
  const ids: string[] = []
  for (let i = 0; i < DEALERS; i++) {
    await db.of(brand.key).tx(async (tx) => {
      const { id } = await rooms.createDealer(tx, { name: `dealer ${i + 1}`, commissionBp: 200 })
      await rooms.loadFloat(tx, { dealer: id, amountMinor: FLOAT_MINOR, from: 'opening' })
      ids.push(id)
    })
  }
  return ids
}
