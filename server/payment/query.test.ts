import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { idToWire } from '../../contract/id.ts'
import { attemptRow, capture, evidenceRows, paymentRoom } from '../../test/support/payment.ts'
import { armFailpoints, disarmFailpoints } from '../platform/failpoint.ts'

const room = await paymentRoom()
const { payments, alipay, clock, db } = room
const QUERY = 'alipay.trade.query'
const input = { subject: '莱卡保号', returnUrl: 'http://laika.test/orders/1', locale: 'zh-CN' } as const

let payment = 0
const paid = (biz: Readonly<Record<string, unknown>>, status = 'TRADE_SUCCESS') => ({
  code: '10000',
  out_trade_no: biz.out_trade_no,
  trade_no: `20261122220014510994${String(payment).padStart(8, '0')}`,
  trade_status: status,
  total_amount: '49.80',
  send_pay_date: '2026-11-22 14:00:05',
})
const waiting = (biz: Readonly<Record<string, unknown>>) => ({
  code: '10000',
  out_trade_no: biz.out_trade_no,
  trade_no: '1',
  trade_status: 'WAIT_BUYER_PAY',
  total_amount: '49.80',
})

/** A page payment, begun. */
async function begun(): Promise<string> {
  const id = await room.openAttempt()
  await payments.start('laika', id, input)
  return id
}
async function asksWithin(ms: number): Promise<number> {
  clock.advance(ms)
  return await payments.queryDue('laika')
}

beforeEach(async () => {
  payment++
  // Each test asks about its own attempts alone.
  await room.owner.query('update laika.attempt set next_query_at = null')
})
afterEach(() => disarmFailpoints())

describe('queryDue', () => {
  test('a payment without any notification is in the inbox within 20 s', async () => {
    alipay.on(QUERY, ({ biz }) => paid(biz))
    const id = await begun()
    expect(await asksWithin(8_000)).toBe(0)
    expect(await asksWithin(4_000)).toBe(1)
    const rows = await evidenceRows(room, id)
    expect(rows).toMatchObject([
      { kind: 'query', said: 'paid', amount: '4980', currency: 'CNY', applied_at: null },
    ])
    const answer: unknown = JSON.parse(String(rows[0]?.raw))
    expect(answer).toMatchObject({ sign: expect.any(String) })
  })

  test('the same answer twice is one row; FINISHED after SUCCESS is another saying of the same payment', async () => {
    alipay.on(QUERY, ({ biz }) => paid(biz))
    const id = await begun()
    await asksWithin(12_000)
    await asksWithin(31_000)
    alipay.on(QUERY, ({ biz }) => paid(biz, 'TRADE_FINISHED'))
    await asksWithin(31_000)
    const rows = await evidenceRows(room, id)
    expect(rows.map((row) => row.provider_id)).toEqual([
      expect.stringContaining('/TRADE_SUCCESS'),
      expect.stringContaining('/TRADE_FINISHED'),
    ])
    expect(new Set(rows.map((row) => row.transaction)).size).toBe(1)
  })

  test('a captured attempt is asked about no more', async () => {
    alipay.on(QUERY, ({ biz }) => paid(biz))
    await begun()
    await asksWithin(12_000)
    await capture(room)
    expect(await asksWithin(3_600_000)).toBe(0)
  })

  test('an attempt that was never started is known to nobody, and stays open', async () => {
    alipay.on(QUERY, { code: '40004', sub_code: 'ACQ.TRADE_NOT_EXIST' })
    const id = await room.openAttempt()
    expect(await asksWithin(12_000)).toBe(1)
    expect(await attemptRow(room, id)).toMatchObject({ state: 'created' })
    expect(await asksWithin(12_000)).toBe(1)
  })

  test('an unknown one that the provider knows is pending', async () => {
    alipay.on('alipay.trade.precreate', 'cut')
    const id = await room.openAttempt({ scene: 'qr' })
    await payments.start('laika', id, input)
    alipay.on(QUERY, ({ biz }) => waiting(biz))
    await asksWithin(6_000)
    expect(await attemptRow(room, id)).toMatchObject({ state: 'pending', query_rung: 0 })
  })

  test('an unanswered query stores nothing and is asked again along the ladder, by the same number', async () => {
    alipay.on(QUERY, 'wrong-signature')
    const id = await begun()
    const calls = alipay.calls.length
    const asked = [12_000, 6_000, 17_000, 67_000]
    for (const ms of asked) expect(await asksWithin(ms)).toBe(1)
    expect(await evidenceRows(room, id)).toEqual([])
    expect(await attemptRow(room, id)).toMatchObject({ state: 'pending', query_rung: 4 })
    expect(alipay.calls.slice(calls).map((call) => call.biz.out_trade_no)).toEqual(
      asked.map(() => idToWire(id)),
    )
  })

  test('past its time limit it is asked along the ladder to its end, then left to a person', async () => {
    alipay.on(QUERY, { code: '40004', sub_code: 'ACQ.TRADE_NOT_EXIST' })
    const id = await begun()
    clock.advance(30 * 60_000)
    let asks = 0
    while (((await attemptRow(room, id)).next_query_at ?? null) !== null) {
      asks += await asksWithin(30 * 3_600_000)
      expect(asks).toBeLessThan(20)
    }
    expect(asks).toBe(11)
  })

  test('watched, it is asked every 3 s; back from the provider, at once', async () => {
    alipay.on(QUERY, ({ biz }) => waiting(biz))
    const id = await begun()
    await payments.watch('laika', [id], 'listening')
    expect(await asksWithin(2_900)).toBe(0)
    expect(await asksWithin(200)).toBe(1)
    expect(await asksWithin(3_400)).toBe(1)
    await payments.watch('laika', [id], 'returned')
    expect(await payments.queryDue('laika')).toBe(1)
    expect(await asksWithin(3_400)).toBe(1)
  })

  test('watching says so at most once in five seconds', async () => {
    const id = await begun()
    await payments.watch('laika', [id], 'listening')
    const { watched_until: first } = await attemptRow(room, id)
    clock.advance(4_000)
    await payments.watch('laika', [id], 'listening')
    expect((await attemptRow(room, id)).watched_until).toEqual(first)
    clock.advance(2_000)
    await payments.watch('laika', [id], 'listening')
    expect((await attemptRow(room, id)).watched_until).not.toEqual(first)
  })

  test('one merchant is asked at most 50 times a second', async () => {
    alipay.on(QUERY, ({ biz }) => waiting(biz))
    for (let i = 0; i < 120; i++) await room.openAttempt()
    const process = room.anotherProcess()
    const round = async (ms: number) => {
      clock.advance(ms)
      return await process.queryDue('laika')
    }
    expect(await round(12_000)).toBe(50)
    expect(await round(0)).toBe(0)
    expect(await round(500)).toBe(25)
    expect(await round(1_000)).toBe(45)
  })

  test('two processes share the work and ask nobody twice', async () => {
    alipay.on(QUERY, ({ biz }) => waiting(biz))
    const ids = await Promise.all(Array.from({ length: 30 }, () => room.openAttempt()))
    clock.advance(12_000)
    const calls = alipay.calls.length
    const counts = await Promise.all([payments.queryDue('laika'), room.anotherProcess().queryDue('laika')])
    const first = (counts[0] ?? 0) + (counts[1] ?? 0)
    expect(first).toBe(30)
    const numbers = alipay.calls.slice(calls).map((call) => call.biz.out_trade_no)
    expect(new Set(numbers)).toEqual(new Set(ids.map(idToWire)))
    expect(numbers).toHaveLength(30)
  })

  test.each([
    'payment.query-taken',
    'payment.query-answered',
    'payment.evidence-writing',
    'payment.evidence-committed',
  ])('a process that dies at %s is followed by another after the lease: one row', async (place) => {
    alipay.on(QUERY, ({ biz }) => paid(biz))
    const id = await begun()
    clock.advance(12_000)
    armFailpoints(`${place}:1:throw`)
    await payments.queryDue('laika').catch(() => 0)
    expect(await payments.queryDue('laika')).toBe(0)
    expect(await asksWithin(30_000)).toBe(1)
    expect(await evidenceRows(room, id)).toHaveLength(1)
  })

  test('a payment after we closed is found by query for an hour', async () => {
    const id = await begun()
    await db.of('laika').tx(async (tx) => {
      await payments.write(
        tx,
        {
          attempts: [{ id, state: 'closed', atMs: clock.instant() }],
          evidenceApplied: [],
          newRefunds: [],
          refundChanges: [],
        },
        clock.instant(),
      )
    })
    const closed = ({ biz }: { biz: Readonly<Record<string, unknown>> }) => ({
      code: '10000',
      out_trade_no: biz.out_trade_no,
      trade_status: 'TRADE_CLOSED',
      total_amount: '49.80',
    })
    alipay.on(QUERY, closed)
    expect(await asksWithin(6_000)).toBe(1)
    alipay.on(QUERY, ({ biz }) => paid(biz))
    expect(await asksWithin(20_000)).toBe(1)
    await capture(room)
    expect(await attemptRow(room, id)).toMatchObject({ state: 'captured' })
  })

  test('a closed attempt rests after an hour', async () => {
    const id = await begun()
    await db.of('laika').tx((tx) =>
      payments.write(
        tx,
        {
          attempts: [{ id, state: 'closed', atMs: clock.instant() }],
          evidenceApplied: [],
          newRefunds: [],
          refundChanges: [],
        },
        clock.instant(),
      ),
    )
    alipay.on(QUERY, { code: '40004', sub_code: 'ACQ.TRADE_NOT_EXIST' })
    let asks = 0
    for (const ms of [6_000, 17_000, 67_000, 330_000, 990_000, 4_000_000, 12_000_000])
      asks += await asksWithin(ms)
    expect(asks).toBe(6)
    expect(await attemptRow(room, id)).toMatchObject({ state: 'closed', next_query_at: null })
  })

  test('a captured attempt changes no more, whoever says so', async () => {
    alipay.on(QUERY, ({ biz }) => paid(biz))
    const id = await begun()
    await asksWithin(12_000)
    await capture(room)
    const atMs = clock.instant()
    const writes = {
      attempts: [{ id, state: 'closed', atMs }],
      evidenceApplied: [],
      newRefunds: [],
      refundChanges: [],
    } as const
    await expect(db.of('laika').tx((tx) => payments.write(tx, writes, atMs))).rejects.toThrow(
      'changes no more',
    )
  })
})

describe('takeEvidence', () => {
  test('what one settle holds another skips, and a rollback gives back', async () => {
    alipay.on(QUERY, ({ biz }) => paid(biz))
    await begun()
    await asksWithin(12_000)
    await expect(
      db.of('laika').tx(async (tx) => {
        expect(await payments.takeEvidence(tx, 10)).toHaveLength(1)
        await db.of('laika').tx(async (other) => expect(await payments.takeEvidence(other, 10)).toEqual([]))
        throw new Error('rolled back')
      }),
    ).rejects.toThrow('rolled back')
    expect(await capture(room)).toBe(1)
    expect(await capture(room)).toBe(0)
  })

  test('listeners hear of committed evidence', async () => {
    const heard: string[] = []
    payments.onEvidence((brand) => heard.push(brand))
    alipay.on(QUERY, ({ biz }) => paid(biz))
    await begun()
    await asksWithin(12_000)
    expect(heard).toEqual(['laika'])
  })
})

describe('a rail that is asked at moments of its own', async () => {
  const minutes = async (id: string) => {
    const { created_at: begun, next_query_at: next } = await attemptRow(room, id)
    return next === null ? null : ((next as Date).getTime() - (begun as Date).getTime()) / 60_000
  }
  await room.owner.query(
    `insert into laika.merchant (provider, id, seller, currency, gateway, provider_keys, enabled, created_at)
     values ('unionpay', '777290058110048', '777290058110048', 'CNY', 'http://127.0.0.1:9', '{}', true, now())`,
  )

  test('is not asked sooner for a page that listens, but for a payer who is back', async () => {
    const id = await room.openAttempt({ provider: 'unionpay' })
    expect(await minutes(id)).toBeCloseTo(5.5)
    await payments.watch('laika', [id], 'listening')
    expect(await minutes(id)).toBeCloseTo(5.5)
    await payments.watch('laika', [id], 'returned')
    expect(await minutes(id)).toBe(0)
  })

  test('closed, it is asked at what is left of them', async () => {
    const id = await room.openAttempt({ provider: 'unionpay' })
    const close = async (atMs: number) =>
      await db.of('laika').tx((tx) =>
        payments.write(
          tx,
          {
            ...{ attempts: [{ id, state: 'closed', atMs }], evidenceApplied: [] },
            ...{ newRefunds: [], refundChanges: [] },
          },
          atMs,
        ),
      )
    await close(clock.instant() + 31 * 60_000)
    expect(await minutes(id)).toBe(60)
    await close(clock.instant() + 121 * 60_000)
    expect(await minutes(id)).toBeNull()
  })
})
