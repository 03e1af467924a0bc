import type { Reader } from '../platform/db.ts'
import { readOrders } from './store.ts'
import type { TopUp } from './top-up.ts'

/** The newest orders for a line, whoever placed them. */
export async function newestOrdersOf(db: Reader, line: string, limit: number): Promise<TopUp[]> {
  const rows = await db.query<{ id: string }>(
    'select id from {{brand}}.top_up where line = $1 order by id desc limit $2',
    [line, limit],
  )
  const orders = await readOrders(
    db,
    rows.map(({ id }) => id),
  )
  return orders.sort((a, b) => (a.id < b.id ? 1 : -1))
}
