import type { BrandDb } from '../platform/db.ts'
import { readDisputesDue } from './dispute-store.ts'
import type { Settler } from './settle.ts'

const A_ROUND = 200

/** Lets the ledger follow what was said of disputes; answers how many it looked at. One that must wait is found again. */
export async function applyDisputes(db: BrandDb, settler: Settler): Promise<number> {
  const due = await readDisputesDue(db, A_ROUND)
  await Promise.all(due.map((one) => settler.settle({ kind: 'dispute', ...one })))
  return due.length
}
