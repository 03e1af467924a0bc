import { createBatcher } from '../platform/batcher.ts'
import type { Clock } from '../platform/clock.ts'
import { type BrandDb, isConnectionLoss } from '../platform/db.ts'
import { failpoint } from '../platform/failpoint.ts'
import type { DeliveryReceipt } from './delivery-receipt.ts'
import {
  judgeDelivery,
  lockMessages,
  saveParts,
  saveReceipts,
  saveResults,
  type TakenPart,
  type TryResult,
} from './store.ts'

type Entry =
  | { readonly kind: 'result'; readonly result: TryResult; readonly taken: readonly TakenPart[] }
  | { readonly kind: 'receipt'; readonly receipt: DeliveryReceipt }

/** Where a brand's sending writes down what it learned; many results and receipts share a transaction. */
export interface Journal {
  /** Resolves after commit. */
  result(result: TryResult, taken: readonly TakenPart[]): Promise<void>
  /** Resolves after commit: the receipt may then be acknowledged. */
  receipt(receipt: DeliveryReceipt): Promise<void>
  drained(): Promise<void>
}

const MAX_BATCH = 200
const MAX_QUEUE = 4_000

export function createJournal(db: BrandDb, clock: Clock): Journal {
  const batcher = createBatcher<Entry, void>({
    name: `message journal ${db.brand}`,
    maxBatch: MAX_BATCH,
    maxQueue: MAX_QUEUE,
    isOutage: isConnectionLoss,
    async run(entries) {
      await failpoint('messaging.record')
      await write(db, entries, clock.instant())
      return entries.map(() => undefined)
    },
  })
  return {
    result: (result, taken) => batcher.submit({ kind: 'result', result, taken }),
    receipt: (receipt) => batcher.submit({ kind: 'receipt', receipt }),
    drained: () => batcher.drained(),
  }
}

/** Locks in one order: parts by the SMSC's id, then messages by theirs. */
async function write(db: BrandDb, entries: readonly Entry[], nowMs: number): Promise<void> {
  const results = entries.flatMap((entry) => (entry.kind === 'result' ? entry.result : []))
  const taken = entries.flatMap((entry) => (entry.kind === 'result' ? entry.taken : []))
  const receipts = entries.flatMap((entry) => (entry.kind === 'receipt' ? entry.receipt : []))
  await db.tx(async (tx) => {
    const concerned = new Set<string>()
    // Two rows of one id cannot go into one statement; of repeated receipts the one for delivery counts.
    const parts = [...new Map(taken.map((part) => [part.smscId, part])).values()]
    const last = new Map(receipts.map((receipt) => [receipt.smscId, receipt]))
    for (const receipt of receipts) if (receipt.outcome === 'delivered') last.set(receipt.smscId, receipt)
    if (parts.length > 0) for (const id of await saveParts(tx, parts, nowMs)) concerned.add(id)
    if (last.size > 0) for (const id of await saveReceipts(tx, [...last.values()], nowMs)) concerned.add(id)
    const touched = [...new Set([...concerned, ...results.map(({ id }) => id)])]
    if (touched.length === 0) return
    await lockMessages(tx, touched)
    if (results.length > 0) await saveResults(tx, results, nowMs)
    if (concerned.size > 0) await judgeDelivery(tx, [...concerned], nowMs)
  })
}
