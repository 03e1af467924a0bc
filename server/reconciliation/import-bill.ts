import { createHash } from 'node:crypto'
import { idToWire } from '../../contract/id.ts'
import type { ProviderName } from '../payment/index.ts'
import { writeAudit } from '../platform/audit.ts'
import type { Clock } from '../platform/clock.ts'
import { FileRefused } from '../platform/csv-file.ts'
import type { BrandDb, Tx } from '../platform/db.ts'
import { failpoint } from '../platform/failpoint.ts'
import { newId } from '../platform/id.ts'
import type { BillExpected, BillRow, ReadBill } from './bill.ts'
import type { BillSource } from './bill-source.ts'
import { insertBill, insertBillRows, lockBillDay, readBill, strangerAmong } from './bill-store.ts'
import { readAlipayBill } from './read-alipay.ts'
import { readCardBill } from './read-card.ts'
import { readUnionpayBill } from './read-unionpay.ts'
import { readWechatBill } from './read-wechat.ts'

/** Who reads which rail's bill; a rail without one is reconciled by its bank statement or not yet. */
const readers: Partial<Readonly<Record<ProviderName, ReadBill>>> = {
  alipay: readAlipayBill,
  wechat: readWechatBill,
  card: readCardBill,
  unionpay: readUnionpayBill,
}

export interface BillImport extends BillExpected {
  /** Null: the provider says that nothing happened on that day, and makes no bill of it. */
  readonly source: BillSource | null
  readonly provider: ProviderName
  /** Who imports, for the audit. */
  readonly actor: string
  /** Told after each part of the file: how much of 1 was read, and how many rows. */
  readonly onProgress?: (part: number, rows: number) => void
}

export interface ImportedBill {
  readonly id: string
  readonly rows: number
  /** False: the same bill was there already, and nothing was changed. */
  readonly added: boolean
}

/**
 * Imports a bill in one transaction, whole or not at all: whatever is wrong with it is thrown as FileRefused. The same bill once
 * more changes nothing; one of the same day that says something else is refused.
 */
export async function importBill(db: BrandDb, clock: Clock, bill: BillImport): Promise<ImportedBill> {
  const read = readers[bill.provider]
  if (!read) throw new FileRefused(`Bills of ${bill.provider} cannot be read.`)
  return await db.tx(async (tx) => {
    await lockBillDay(tx, bill.provider, bill.merchant, bill.day)
    const before = await readBill(tx, bill.provider, bill.merchant, bill.day)
    const id = before?.id ?? newId(clock.instant())
    const tally = await readRows(tx, bill, read, before ? null : id)
    if (before) {
      if (before.digest.equals(tally.digest)) return { id, rows: before.rows, added: false }
      throw new FileRefused(
        `A bill of ${bill.provider} ${bill.merchant} for ${bill.day} was imported before, and ${bill.source?.name ?? 'what came now'} says something else: ${before.rows} rows there, ${tally.rows} here or other ones. Nothing was changed.`,
      )
    }
    const { provider, merchant, day, currency, actor } = bill
    await insertBill(
      tx,
      { id, provider, merchant, day, currency, importedBy: actor, ...tally },
      clock.instant(),
    )
    const detail = { file: bill.source?.name ?? null, rows: tally.rows, bill: idToWire(id) }
    const subject = `${provider}:${merchant} ${day}`
    await writeAudit(tx, { actor, act: 'bill imported', subject, detail }, clock.instant())
    await failpoint('reconciliation.imported')
    return { id, rows: tally.rows, added: true }
  })
}

interface Tally {
  readonly digest: Buffer
  readonly rows: number
  readonly paidMinor: bigint
  readonly refundedMinor: bigint
  readonly feeMinor: bigint
  readonly feeReturnedMinor: bigint
  readonly otherMinor: bigint
}

/** Reads every row, and writes it under `id`; null: only looks. One part is written while the next is read. */
async function readRows(tx: Tx, bill: BillImport, read: ReadBill, id: string | null): Promise<Tally> {
  const hash = createHash('sha256')
  const sums = { paidMinor: 0n, refundedMinor: 0n, feeMinor: 0n, feeReturnedMinor: 0n, otherMinor: 0n }
  const { source } = bill
  let rows = 0
  let writing: Promise<void> = Promise.resolve()
  try {
    for await (const part of source === null ? [] : read(source, bill)) {
      if (part.length === 0) continue
      if (rows === 0) await demandOwn(tx, bill, part)
      hash.update(part.map(canonical).join(''))
      for (const row of part) add(sums, row)
      await writing
      if (id !== null) writing = insertBillRows(tx, id, rows + 1, part)
      // Heard when it is awaited; until then it must not count as heard by nobody.
      writing.catch(() => undefined)
      rows += part.length
      if (source) bill.onProgress?.(Math.min(1, source.streamed() / source.size), rows)
    }
  } finally {
    await writing
  }
  return { ...sums, rows, digest: hash.digest() }
}

/** A bill that names no merchant is known by whose payments are in it. */
async function demandOwn(tx: Tx, bill: BillImport, rows: readonly BillRow[]): Promise<void> {
  const numbers = rows.flatMap(({ kind, number }) => (kind === 'payment' && number !== null ? [number] : []))
  const stranger = await strangerAmong(tx, bill.provider, bill.merchant, numbers)
  if (!stranger) return
  throw new FileRefused(
    `${bill.source?.name} holds payments of ${stranger.provider} ${stranger.merchant}: it is not a bill of ${bill.provider} ${bill.merchant}.`,
  )
}

function canonical(row: BillRow): string {
  return `${row.kind}|${row.key}|${row.number}|${row.amountMinor}|${row.feeMinor}|${row.currency}|${row.atMs}|${row.final}\n`
}

function add(sums: { -readonly [K in Exclude<keyof Tally, 'digest' | 'rows'>]: bigint }, row: BillRow): void {
  if (row.feeMinor > 0n) sums.feeMinor += row.feeMinor
  else sums.feeReturnedMinor -= row.feeMinor
  switch (row.kind) {
    case 'payment':
      sums.paidMinor += row.amountMinor
      return
    case 'refund':
    case 'revocation':
      sums.refundedMinor += row.amountMinor
      return
    case 'fee':
      return
    case 'other':
      sums.otherMinor += row.amountMinor
  }
}
