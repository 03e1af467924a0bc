import type { Tx } from '../platform/db.ts'
import { assert } from '../platform/error.ts'
import { onlineSeries } from './receipt-number.ts'
import { insertNextSeries, insertSeries, lockRows } from './store.ts'

/** Opens the series of the brand's own pages; one that is open stays as it is. Answers its key. */
export async function openOnlineSeries(tx: Tx, receiptPrefix: string): Promise<string> {
  const key = onlineSeries(receiptPrefix)
  await insertSeries(tx, key)
  return key
}

/** Opens a series for a dealer's API: `LK-1`, `LK-2` and so on. Answers its key. */
export async function openDealerSeries(tx: Tx, receiptPrefix: string): Promise<string> {
  for (;;) {
    // Every turn after the first means that another transaction has opened one, so this ends.
    const key = await insertNextSeries(tx, receiptPrefix)
    if (key !== undefined) return key
  }
}

/**
 * Locks series in key order, the last locks of any transaction; answers the last number given in each. Each must have
 * been opened.
 */
export async function lockSeries(tx: Tx, keys: readonly string[]): Promise<Map<string, bigint>> {
  if (keys.length === 0) return new Map()
  const rows = await lockRows(tx, keys)
  const lasts = new Map(rows.map(({ key, last }) => [key, last]))
  for (const key of keys) assert(lasts.has(key), `the receipt series ${key} is open`)
  return lasts
}
