import type { Brand } from '../brand/index.ts'
import { type AroundDeps, type ReadOrder, readAround } from './shown-order.ts'
import { readOrder } from './store.ts'

/** Any order of the brand with what was tried, captured, sent back and told, for whoever answers for it; null: there is none. */
export async function orderInContext(deps: AroundDeps, brand: Brand, id: string): Promise<ReadOrder | null> {
  const order = await readOrder(deps.db.of(brand.key), id)
  const [read] = order ? await readAround(deps, brand, [order]) : []
  return read ?? null
}
