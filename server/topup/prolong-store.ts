import { isoInstant } from '../platform/clock.ts'
import type { Tx } from '../platform/db.ts'

/** A locked order waits for its payment until later than it was placed for: a transfer to the bank takes days. */
export async function prolong(tx: Tx, id: string, payByMs: number): Promise<void> {
  await tx.query('update {{brand}}.top_up set pay_by = $2 where id = $1', [id, isoInstant(payByMs)])
}
