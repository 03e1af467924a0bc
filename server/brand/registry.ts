import type { Db } from '../platform/db.ts'
import { defineErrors, refuse } from '../platform/error.ts'
import { type Brand, readBrand } from './brand.ts'
import { readBrands, readHosts } from './store.ts'

export const brandErrors = defineErrors({
  'brand-unknown': ['not-found', 'No such brand'],
})

/** All brands this deployment serves, read once; making one is an act of the command line and needs a restart. */
export interface Brands {
  readonly all: readonly Brand[]
  get(key: string): Brand
  find(key: string): Brand | undefined
  /** By lower-case host name without port. */
  byHost(host: string): Brand | undefined
}

export async function loadBrands(db: Db): Promise<Brands> {
  const [rows, hosts] = await Promise.all([readBrands(db.platform), readHosts(db.platform)])
  const all = rows.map((row) => readBrand(row.key, row.facts))
  const byKey = new Map(all.map((brand) => [brand.key, brand]))
  const byHost = new Map(hosts.map((row) => [row.host, byKey.get(row.brand)]))
  return {
    all,
    find: (key) => byKey.get(key),
    get(key) {
      const brand = byKey.get(key)
      if (!brand) throw refuse(brandErrors['brand-unknown'])
      return brand
    },
    byHost: (host) => byHost.get(host),
  }
}
