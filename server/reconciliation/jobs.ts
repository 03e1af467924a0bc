import type { Brands } from '../brand/index.ts'
import { type Loop, startLoop } from '../platform/loop.ts'
import { type FetchDeps, fetchBills } from './fetch-bills.ts'

/** A bill that is late is asked for this often; a round without one is two small reads. */
const PAUSE_MS = 10 * 60_000

/** One loop a brand, so that none waits for another's provider. */
export function startFetching(deps: FetchDeps & { readonly brands: Brands }): Loop[] {
  return deps.brands.all.map(({ key }) =>
    startLoop(`bills of ${key}`, PAUSE_MS, () => fetchBills(deps, key), deps.log),
  )
}
