import { afterAll } from 'vitest'
import { createSwitches } from '../../server/brand/index.ts'
import { createPayments, type OpenInput, type Payments } from '../../server/payment/index.ts'
import { newId } from '../../server/platform/id.ts'
import { type AlipayStandIn, rsaPair, startAlipayStandIn } from './alipay-stand-in.ts'
import { type TestDatabase, testDatabase } from './database.ts'

export const APP_ID = '2021000000000001'
export const SELLER = '2088000000000001'
export const MASTER_KEY = Buffer.alloc(32, 7)

export interface PaymentRoom extends TestDatabase {
  readonly payments: Payments
  readonly alipay: AlipayStandIn
  /** An attempt of an order of its own, 49.80 CNY, half an hour to pay. */
  openAttempt(input?: Partial<OpenInput>): Promise<string>
  /** A second payment room on the same database, as another process has it. */
  anotherProcess(): Payments
}

/** The payment room on a database of its own, with one merchant of `laika` at a stand-in for Alipay. */
export async function paymentRoom(): Promise<PaymentRoom> {
  const house = await testDatabase()
  const { db, brands, clock, log } = house
  const ours = rsaPair()
  const alipay = await startAlipayStandIn(ours.publicKey)
  afterAll(() => alipay.close())
  const create = () =>
    createPayments({
      db,
      brands,
      switches: createSwitches({ db, clock }),
      clock,
      log,
      masterKey: MASTER_KEY,
      originOf: (brand) => `http://${brand}.test`,
    })
  const payments = create()
  await db.of('laika').tx((tx) =>
    payments.addMerchant(tx, {
      provider: 'alipay',
      id: APP_ID,
      seller: SELLER,
      currency: 'CNY',
      gateway: alipay.gateway,
      privateKey: ours.privateKey,
      providerKeys: [alipay.publicKey],
      enabled: true,
    }),
  )
  return {
    ...house,
    payments,
    alipay,
    anotherProcess: create,
    async openAttempt(input = {}) {
      const nowMs = clock.instant()
      const full: OpenInput = {
        id: newId(nowMs),
        order: newId(nowMs),
        provider: 'alipay',
        scene: 'page',
        amountMinor: 4980n,
        currency: 'CNY',
        caller: newId(nowMs),
        key: 'key-0001',
        hash: 'a',
        expiresAtMs: nowMs + 30 * 60_000,
        nowMs,
        ...input,
      }
      const outcome = await db.of('laika').tx((tx) => payments.open(tx, full))
      if (outcome.kind !== 'opened') throw new Error(`the attempt was not opened: ${outcome.kind}`)
      return full.id
    },
  }
}

/** What Alipay's notification of a payment carries. */
export function paidNotice(
  number: string,
  fields: Readonly<Record<string, string>> = {},
): Record<string, string> {
  return {
    notify_type: 'trade_status_sync',
    notify_id: '2026112200222140512099451234567890',
    notify_time: '2026-11-22 14:00:09',
    charset: 'utf-8',
    version: '1.0',
    app_id: APP_ID,
    auth_app_id: APP_ID,
    seller_id: SELLER,
    trade_no: '2026112222001451099412345678',
    out_trade_no: number,
    trade_status: 'TRADE_SUCCESS',
    subject: '莱卡保号 季度套餐 + 50%',
    buyer_id: '2088102122524333',
    buyer_logon_id: '159****5620',
    total_amount: '49.80',
    receipt_amount: '49.80',
    fund_bill_list: '[{"amount":"49.80","fundChannel":"ALIPAYACCOUNT"}]',
    gmt_create: '2026-11-22 14:00:01',
    gmt_payment: '2026-11-22 14:00:05',
    ...fields,
  }
}

/** Writes what settle would for a first payment: the attempt captured, its evidence applied. */
export async function capture(room: PaymentRoom): Promise<number> {
  const nowMs = room.clock.instant()
  return await room.db.of('laika').tx(async (tx) => {
    const evidence = await room.payments.takeEvidence(tx, 100)
    const paid = evidence.filter((row) => row.said === 'paid')
    const attempts = await room.payments.lockAttempts(
      tx,
      paid.map((row) => row.order),
    )
    const captured = attempts.filter((attempt) => attempt.captured === null)
    await room.payments.write(
      tx,
      {
        attempts: captured.map((attempt) => {
          const row = paid.find((e) => e.attempt === attempt.id)
          if (!row?.transaction || !row.amountMinor || !row.currency)
            throw new Error('paid evidence names its money')
          const { transaction, amountMinor, currency } = row
          return {
            id: attempt.id,
            state: 'captured',
            atMs: nowMs,
            capture: { transaction, amountMinor, currency, atMs: nowMs },
          }
        }),
        evidenceApplied: evidence.map((row) => row.id),
        newRefunds: [],
        refundChanges: [],
      },
      nowMs,
    )
    return evidence.length
  })
}

/** The attempt's row as it stands, read as the owner. */
export async function attemptRow(room: PaymentRoom, id: string): Promise<Record<string, unknown>> {
  const { rows } = await room.owner.query('select * from laika.attempt where id = $1', [id])
  return rows[0] as Record<string, unknown>
}

export async function evidenceRows(room: PaymentRoom, attempt: string): Promise<Record<string, unknown>[]> {
  const { rows } = await room.owner.query('select * from laika.evidence where attempt = $1 order by id', [
    attempt,
  ])
  return rows as Record<string, unknown>[]
}
