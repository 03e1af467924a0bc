import { alipayBill } from '../../sandbox/statement/alipay-bill.ts'
import { cardReport } from '../../sandbox/statement/card-report.ts'
import type { Trade } from '../../sandbox/statement/trade.ts'
import { wechatBill } from '../../sandbox/statement/wechat-bill.ts'
import { type TestDatabase, testDatabase } from '../../test/support/database.ts'
import type { BillExpected, BillRow, ReadBill } from './bill.ts'
import { billBytes } from './bill-source.ts'
import { type FixtureMerchant, plantBooks, plantMerchant } from './books-fixture.ts'
import type { Break } from './break.ts'
import { readBreaks } from './break-store.ts'
import { reconciliationChecks } from './checks.ts'
import { type ImportedBill, importBill } from './import-bill.ts'
import { type Matched, matchBill } from './match-bill.ts'

export const ACTOR = 'operator test'

export const alipay: FixtureMerchant = {
  provider: 'alipay',
  id: '2021000000000001',
  seller: '2088000000000001',
  currency: 'CNY',
}
export const wechat: FixtureMerchant = {
  provider: 'wechat',
  id: '1900000109',
  seller: '1900000109',
  currency: 'CNY',
}
export const card: FixtureMerchant = { provider: 'card', id: 'acct_1', seller: 'acct_1', currency: 'CNY' }

/** The room over a database of its own, with merchants of `laika` whose books are planted and bills written by the test. */
export interface ReconciliationRoom extends TestDatabase {
  books(merchant: FixtureMerchant, trades: readonly Trade[]): Promise<void>
  /** Imports the bill that the rail would write of these trades, and matches it. */
  bill(merchant: FixtureMerchant, day: string, trades: readonly Trade[]): Promise<Matched>
  take(merchant: FixtureMerchant, day: string, bytes: Buffer): Promise<ImportedBill>
  match(bill: string): Promise<Matched>
  breaks(): Promise<Break[]>
  balance(kind: string, subject?: string): Promise<bigint>
  /** The sentences of this room's invariants that do not hold. */
  broken(): Promise<string[]>
}

export function written(merchant: FixtureMerchant, day: string, trades: readonly Trade[]): Buffer {
  const { provider, id, seller } = merchant
  const exportedAt = Date.UTC(2026, 11, 31)
  if (provider === 'alipay') return alipayBill({ seller, day, exportedAt }, trades)
  if (provider === 'wechat')
    return wechatBill({ mchId: id, appId: 'wx8888888888888888', rate: '0.60%' }, trades).bytes
  return cardReport(trades, merchant.currency.toLowerCase())
}

export async function reconciliationRoom(): Promise<ReconciliationRoom> {
  const house = await testDatabase()
  const { db, owner, clock } = house
  const laika = db.of('laika')
  for (const merchant of [alipay, wechat, card]) await plantMerchant(owner, 'laika', merchant)
  const room: ReconciliationRoom = {
    ...house,
    books: (merchant, trades) => plantBooks(owner, 'laika', merchant, trades),
    async bill(merchant, day, trades) {
      const { id } = await room.take(merchant, day, written(merchant, day, trades))
      return await room.match(id)
    },
    async take({ provider, id: merchant, seller, currency }, day, bytes) {
      const source = billBytes('the bill', bytes)
      return await importBill(laika, clock, {
        provider,
        merchant,
        seller,
        currency,
        day,
        source,
        actor: ACTOR,
      })
    },
    match: (bill) => matchBill(laika, clock, bill, { actor: ACTOR }),
    breaks: () => readBreaks(laika, true, 100_000),
    async balance(kind, subject = '') {
      const rows = await laika.query<{ balance: bigint }>(
        'select balance from {{brand}}.account where kind = $1 and subject = $2',
        [kind, subject],
      )
      return rows[0]?.balance as bigint
    },
    async broken() {
      const sentences: string[] = []
      for (const check of reconciliationChecks) {
        const rows = 'sql' in check ? await laika.query(check.sql) : await check.find(laika)
        if (rows.length > 0) sentences.push(check.sentence)
      }
      return sentences
    },
  }
  return room
}

let made = 0

/** A payment at a time of a day in Shanghai, with numbers of its own. */
export function payment(at: string, amountMinor = 4980n, more: Partial<Trade> = {}): Trade {
  made++
  return {
    kind: 'payment',
    outTradeNo: `01KAZZZZZZZZZZZZZZZZ${made.toString().padStart(6, '0')}`,
    transaction: `20261121220010${made.toString().padStart(14, '0')}`,
    amountMinor,
    feeMinor: 30n,
    at: Date.parse(`${at.replace(' ', 'T')}+08:00`),
    ...more,
  }
}

export function refundOf(paid: Trade, at: string, amountMinor = paid.amountMinor): Trade {
  made++
  return {
    ...paid,
    kind: 'refund',
    outRefundNo: `01KAYYYYYYYYYYYYYYYY${made.toString().padStart(6, '0')}`,
    amountMinor,
    feeMinor: 0n,
    at: Date.parse(`${at.replace(' ', 'T')}+08:00`),
  }
}

/** All rows that a reader makes of a bill's bytes. */
export async function readAll(
  reader: ReadBill,
  bytes: Buffer,
  expected: BillExpected,
  name = 'bill.zip',
): Promise<BillRow[]> {
  const rows: BillRow[] = []
  for await (const part of reader(billBytes(name, bytes), expected)) rows.push(...part)
  return rows
}
