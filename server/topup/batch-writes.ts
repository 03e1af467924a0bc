import {
  type Shift,
  sendLots,
  sendLotsTaken,
  sendPackageTerms,
  sendTermsEnded,
  sendWrites,
} from '../ledger/index.ts'
import { sendClocks, sendEvents, sendFlags, sendFlagsLifted } from '../line/index.ts'
import type { Sent, Tx } from '../platform/db.ts'
import { assert } from '../platform/error.ts'
import { type Series, takeNumbers } from '../receipt/index.ts'
import type { Outcome } from './command.ts'
import { sendDisputes } from './dispute-store.ts'
import { sendRecalls } from './recall-store.ts'
import { sendRequestChanges } from './refund-request-store.ts'
import { sendRefusals } from './refusal-store.ts'
import { sendAgentOrders, sendOrderChanges } from './store.ts'
import type { TopUp } from './top-up.ts'
import type { State, Writes } from './work.ts'

/** Where what a batch moved unlocked stands after it. */
export interface Written {
  readonly series: Sent<Series>
  readonly shifts: Sent<Shift>
}

/** Everything a batch writes, sent together; the answers come with the commit's. */
export function sendAll(tx: Tx, state: State, writes: Writes): Written {
  const { nowMs, businessMs } = state
  const counts = new Map(writes.taken.map(({ key, count }) => [key, count]))
  const behind = ({ id, receiptSeries, receiptNo }: TopUp) => {
    const has = state.orders.get(id)?.receiptNo ?? null
    return receiptNo === null || has !== null ? null : (counts.get(receiptSeries ?? '') ?? 0n) - receiptNo
  }
  sendRefusals(tx, writes.refusals, nowMs)
  sendLots(tx, writes.lots)
  sendPackageTerms(tx, writes.packageTerms)
  sendLotsTaken(tx, writes.lotsTaken)
  sendTermsEnded(tx, writes.termsEnded)
  sendRequestChanges(tx, writes.requestChanges, nowMs)
  sendRecalls(tx, writes.recalls, nowMs)
  sendDisputes(tx, writes.disputes)
  if (writes.lineEvents.length > 0) sendEvents(tx, writes.lineEvents, state.refunding.lockedAtMs)
  sendFlags(tx, writes.flags)
  sendFlagsLifted(tx, writes.flagsLifted, nowMs)
  sendClocks(tx, writes.clocks)
  // From here on batches meet: those of one series, then all of the brand at its own accounts.
  const series = takeNumbers(tx, writes.taken)
  sendAgentOrders(tx, writes.newOrders, behind, nowMs, businessMs)
  sendOrderChanges(tx, writes.changedOrders, behind)
  const shifts = sendWrites(tx, writes.ledger, businessMs, nowMs)
  return { series, shifts }
}

/** The answers with receipt numbers and floats as the rows have them. */
export async function asWritten(
  outcomes: readonly Outcome[],
  writes: Writes,
  state: State,
  { series, shifts }: Written,
): Promise<Outcome[]> {
  const counts = new Map(writes.taken.map(({ key, count }) => [key, count]))
  const before = new Map((await series.rows()).map(({ key, last }) => [key, last - (counts.get(key) ?? 0n)]))
  const shiftOf = new Map((await shifts.rows()).map(({ account, shiftMinor }) => [account, shiftMinor]))
  const sold = new Set(writes.newOrders)
  return outcomes.map((outcome) => {
    if (outcome.outcome !== 'credited' || !sold.has(outcome.order)) return outcome
    const { order, floatAfterMinor } = outcome
    const first = before.get(order.receiptSeries ?? '')
    const float = state.dealers.get(order.dealer ?? '')?.float
    assert(first !== undefined && order.receiptNo !== null && float, 'a sale has its dealer and its number')
    return {
      ...outcome,
      order: { ...order, receiptNo: first + order.receiptNo },
      floatAfterMinor: floatAfterMinor + (shiftOf.get(float.id) ?? 0n),
    }
  })
}
