import type { Payments } from '../payment/index.ts'
import type { Tx } from '../platform/db.ts'
import { idAt } from '../platform/id.ts'
import { readUncredited } from './due-store.ts'

/** Longer than this an order that nobody has paid keeps no line from losing its stage. */
const UNKNOWN_KEEPS_LINE_MS = 72 * 3_600_000

/** Those of the lines for which money was paid, or may have been, and is not credited yet. */
export async function linesWithMoneyUnderWay(
  tx: Tx,
  payments: Pick<Payments, 'read'>,
  lines: readonly string[],
  nowMs: number,
): Promise<ReadonlySet<string>> {
  const orders = await readUncredited(tx, lines, idAt(nowMs - UNKNOWN_KEEPS_LINE_MS))
  const { attempts } = await payments.read(
    tx,
    orders.map((order) => order.id),
  )
  const paid = new Set(
    attempts.filter(({ state }) => state === 'captured' || state === 'unknown').map(({ order }) => order),
  )
  const kept = orders.filter(({ id, state }) => state === 'paid' || state === 'held' || paid.has(id))
  return new Set(kept.map((order) => order.line))
}
