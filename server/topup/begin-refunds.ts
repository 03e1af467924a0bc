import type { Reader } from '../platform/db.ts'
import { readApproved } from './refund-request-store.ts'
import type { Settler } from './settle.ts'

const REFUNDS_PER_ROUND = 100

/** Has settle begin the refunds that were approved; answers how many there were. One that is busy is there in the next round too. */
export async function beginRefunds(db: Reader, settler: Settler): Promise<number> {
  const approved = await readApproved(db, REFUNDS_PER_ROUND)
  await Promise.all(approved.map(({ id, order }) => settler.settle({ kind: 'refund', request: id, order })))
  return approved.length
}
