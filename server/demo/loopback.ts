import type { House } from '../house.ts'
import { listMerchants } from '../payment/index.ts'
import { ConfigProblems } from '../platform/config.ts'

const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]'])

/**
 * A demo calls nobody but its own machine. Throws ConfigProblems naming every merchant of the database that would have it do
 * so: the data are then some operator's, and no demo is to be made of them.
 */
export async function demandLoopback({ db, brands }: Pick<House, 'db' | 'brands'>): Promise<void> {
  const problems: string[] = []
  for (const brand of brands.all)
    for (const { provider, id, gateway } of await listMerchants(db.of(brand.key)))
      if (!LOOPBACK.has(new URL(gateway).hostname))
        problems.push(
          `BAOHAO_MODE is demo, but ${brand.key} has the merchant ${provider} ${id} at ${gateway}: use a database of the demo's own`,
        )
  if (problems.length > 0) throw new ConfigProblems(problems)
}
