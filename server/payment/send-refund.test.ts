import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { idToWire } from '../../contract/id.ts'
import { evidenceRows, paymentRoom } from '../../test/support/payment.ts'
import { armFailpoints, disarmFailpoints } from '../platform/failpoint.ts'
import { newId } from '../platform/id.ts'
import type { NewRefund, RefundChange } from './index.ts'

const room = await paymentRoom()
const { payments, alipay, clock, db } = room
const REFUND = 'alipay.trade.refund'
const ASK = 'alipay.trade.fastpay.refund.query'

type Biz = Readonly<Record<string, unknown>>
const made = (biz: Biz) => ({
  code: '10000',
  trade_no: biz.trade_no,
  fund_change: 'Y',
  gmt_refund_pay: '2026-11-22 15:00:00',
})
const found = (biz: Biz) => ({
  code: '10000',
  trade_no: biz.trade_no,
  out_request_no: biz.out_request_no,
  refund_status: 'REFUND_SUCCESS',
  refund_amount: '49.80',
})
const calls = () => alipay.calls.filter((call) => call.method === REFUND || call.method === ASK)

let refund: NewRefund
beforeEach(async () => {
  await room.owner.query('update laika.refund set next_try_at = null')
  const nowMs = clock.instant()
  const order = newId(nowMs)
  const attempt = await room.openAttempt({ order })
  refund = {
    id: newId(nowMs),
    order,
    attempt,
    transaction: `2026${idToWire(attempt)}`,
    amountMinor: 4980n,
    currency: 'CNY',
    reason: 'amount-mismatch',
    automatic: true,
    atMs: nowMs,
  }
  await request(refund)
  alipay.calls.length = 0
})
afterEach(() => disarmFailpoints())

async function request(...newRefunds: NewRefund[]): Promise<void> {
  const writes = { attempts: [], evidenceApplied: [], newRefunds, refundChanges: [] }
  await db.of('laika').tx((tx) => payments.write(tx, writes, clock.instant()))
}
async function row(): Promise<Record<string, unknown>> {
  const { rows } = await room.owner.query('select * from laika.refund where id = $1', [refund.id])
  return rows[0] as Record<string, unknown>
}
async function sendAfter(ms: number): Promise<number> {
  clock.advance(ms)
  return await payments.sendRefunds('laika')
}

describe('sendRefunds', () => {
  test('sends a requested refund under its number; what is said comes by evidence', async () => {
    alipay.on(REFUND, ({ biz }) => made(biz))
    expect(await sendAfter(0)).toBe(1)
    expect(calls().map((call) => call.biz)).toEqual([
      {
        trade_no: refund.transaction,
        out_request_no: idToWire(refund.id),
        refund_amount: '49.80',
        refund_reason: 'amount-mismatch',
      },
    ])
    expect(await row()).toMatchObject({ state: 'sent', tries: 1 })
    expect(await evidenceRows(room, refund.attempt)).toMatchObject([
      {
        kind: 'refund',
        said: 'refunded',
        refund: refund.id,
        transaction: refund.transaction,
        amount: '4980',
      },
    ])
  })

  test('a refund that is done or refused is sent no more', async () => {
    alipay.on(REFUND, ({ biz }) => made(biz))
    await sendAfter(0)
    const atMs = clock.instant()
    const refundChanges = [{ id: refund.id, state: 'done', atMs, note: null }] as const
    await db
      .of('laika')
      .tx((tx) =>
        payments.write(tx, { attempts: [], evidenceApplied: [], newRefunds: [], refundChanges }, atMs),
      )
    expect(await sendAfter(3_600_000)).toBe(0)
    expect(await row()).toMatchObject({ state: 'done', next_try_at: null })
  })

  test('refused by the provider: the reason is evidence, and a person decides', async () => {
    alipay.on(REFUND, { code: '40004', sub_code: 'ACQ.TRADE_HAS_FINISHED' })
    await sendAfter(0)
    const [evidence] = await evidenceRows(room, refund.attempt)
    expect(evidence).toMatchObject({
      said: 'refund-refused',
      refund: refund.id,
      note: 'ACQ.TRADE_HAS_FINISHED',
    })
    expect(evidence?.fields).toMatchObject({ sub_code: 'ACQ.TRADE_HAS_FINISHED' })
  })

  test('no answer: asked about by our number, and found made', async () => {
    alipay.on(REFUND, 'cut')
    await sendAfter(0)
    expect(await row()).toMatchObject({ state: 'unknown', tries: 1 })
    expect(await sendAfter(13_000)).toBe(0)
    alipay.on(ASK, ({ biz }) => found(biz))
    expect(await sendAfter(4_000)).toBe(1)
    expect(calls().map((call) => call.method)).toEqual([REFUND, ASK])
    expect(new Set(calls().map((call) => call.biz.out_request_no))).toEqual(new Set([idToWire(refund.id)]))
    expect(await evidenceRows(room, refund.attempt)).toMatchObject([{ said: 'refunded', refund: refund.id }])
  })

  test('no answer, and never arrived: sent again under the same number', async () => {
    alipay.on(REFUND, 'http-500')
    await sendAfter(0)
    alipay.on(ASK, { code: '10000' })
    alipay.on(REFUND, ({ biz }) => made(biz))
    await sendAfter(17_000)
    expect(calls().map((call) => call.method)).toEqual([REFUND, ASK, REFUND])
    expect(new Set(calls().map((call) => call.biz.out_request_no)).size).toBe(1)
    expect(await evidenceRows(room, refund.attempt)).toHaveLength(1)
  })

  test('while nobody answers, nothing is sent a second time, and in the end it is left for a person', async () => {
    alipay.on(REFUND, 'wrong-signature')
    alipay.on(ASK, 'cut')
    await sendAfter(0)
    let rounds = 0
    while ((await row()).next_try_at !== null) {
      await sendAfter(30 * 3_600_000)
      expect(++rounds).toBeLessThan(20)
    }
    expect(calls().filter((call) => call.method === REFUND)).toHaveLength(1)
    expect(await row()).toMatchObject({ state: 'unknown' })
    expect(await evidenceRows(room, refund.attempt)).toEqual([])
  })

  test.each([
    ['payment.refund-taken', [ASK, REFUND]],
    ['payment.refund-answered', [REFUND, ASK]],
    ['payment.refund-recorded', [REFUND, ASK]],
  ])('a process that dies at %s is followed after its lease, once', async (place, methods) => {
    alipay.on(REFUND, ({ biz }) => made(biz))
    const refunded = () => calls().some((call) => call.method === REFUND)
    alipay.on(ASK, ({ biz }) => (refunded() ? found(biz) : { code: '10000' }))
    armFailpoints(`${place}:1:throw`)
    await sendAfter(0).catch(() => 0)
    expect(await sendAfter(59_000)).toBe(0)
    expect(await sendAfter(1_000)).toBe(1)
    expect(calls().map((call) => call.method)).toEqual(methods)
    expect(await evidenceRows(room, refund.attempt)).toHaveLength(1)
  })

  test('two processes never send the same refund', async () => {
    alipay.on(REFUND, ({ biz }) => made(biz))
    const more = Array.from({ length: 9 }, (_, i) => ({
      ...refund,
      id: newId(clock.instant()),
      transaction: `${refund.transaction}${i}`,
    }))
    await request(...more)
    const counts = await Promise.all([
      payments.sendRefunds('laika'),
      room.anotherProcess().sendRefunds('laika'),
    ])
    expect((counts[0] ?? 0) + (counts[1] ?? 0)).toBe(10)
    expect(new Set(calls().map((call) => call.biz.out_request_no)).size).toBe(10)
    expect(calls()).toHaveLength(10)
  })
})

describe('refunds in the database', () => {
  test('the house refunds one payment once for one reason; people may refund more often', async () => {
    const again = { ...refund, id: newId(clock.instant()) }
    await expect(request(again)).rejects.toMatchObject({ constraint: 'refund_automatic' })
    await request({ ...again, transaction: `${refund.transaction}X` })
    const asked = { ...refund, automatic: false, reason: 'asked' }
    await request({ ...asked, id: newId(clock.instant()) }, { ...asked, id: newId(clock.instant()) })
  })

  test('refundsOf locks and lists an order’s refunds', async () => {
    const rows = await db.of('laika').tx((tx) => payments.refundsOf(tx, [refund.order]))
    expect(rows).toEqual([
      {
        id: refund.id,
        order: refund.order,
        attempt: refund.attempt,
        transaction: refund.transaction,
        amountMinor: 4980n,
        currency: 'CNY',
        orderMinor: 4980n,
        reason: 'amount-mismatch',
        automatic: true,
        state: 'requested',
        requestedAtMs: refund.atMs,
        doneAtMs: null,
        hold: refund.id,
      },
    ])
  })

  test('done stays done, though a refusal comes after it', async () => {
    const atMs = clock.instant()
    for (const state of ['done', 'abnormal'] as const) {
      const refundChanges = [{ id: refund.id, state, atMs, note: state === 'abnormal' ? 'late' : null }]
      await db
        .of('laika')
        .tx((tx) =>
          payments.write(tx, { attempts: [], evidenceApplied: [], newRefunds: [], refundChanges }, atMs),
        )
    }
    expect(await row()).toMatchObject({ state: 'done', note: null })
  })

  test('done and come back is held under another id, and may be sent again', async () => {
    const write = (change: Pick<RefundChange, 'state' | 'hold'>) =>
      db.of('laika').tx((tx) => {
        const atMs = clock.instant()
        const refundChanges: RefundChange[] = [{ id: refund.id, atMs, note: null, ...change }]
        return payments.write(tx, { attempts: [], evidenceApplied: [], newRefunds: [], refundChanges }, atMs)
      })
    const hold = newId(clock.instant())
    await write({ state: 'done' })
    await write({ state: 'abnormal', hold })
    expect(await row()).toMatchObject({ state: 'abnormal', hold, returned_at: expect.anything() })
    await write({ state: 'requested' })
    expect(await row()).toMatchObject({ state: 'requested', hold, next_try_at: expect.anything() })
  })
})
