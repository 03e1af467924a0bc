import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { idToWire } from '../../contract/id.ts'
import { attemptRow, capture, evidenceRows, paymentRoom } from '../../test/support/payment.ts'
import { armFailpoints, disarmFailpoints } from '../platform/failpoint.ts'
import { newId } from '../platform/id.ts'
import type { OpenInput } from './index.ts'

const room = await paymentRoom()
const { payments, alipay, clock, db } = room
beforeEach(() => room.owner.query('update laika.attempt set next_query_at = null'))
afterEach(() => disarmFailpoints())

const input = { subject: '莱卡保号', returnUrl: 'http://laika.test/orders/1', locale: 'zh-CN' } as const
const PRECREATE = 'alipay.trade.precreate'
const QUERY = 'alipay.trade.query'
const qrFor = (biz: Readonly<Record<string, unknown>>) => ({
  code: '10000',
  out_trade_no: biz.out_trade_no,
  qr_code: `https://qr.alipay.com/${biz.out_trade_no}`,
})
const start = (id: string) => payments.start('laika', id, input)

function openInput(change: Partial<OpenInput> = {}): OpenInput {
  const nowMs = clock.instant()
  return {
    id: newId(nowMs),
    order: newId(nowMs),
    provider: 'alipay',
    scene: 'qr',
    amountMinor: 100n,
    currency: 'CNY',
    caller: newId(nowMs),
    key: 'key-0001',
    hash: 'a',
    expiresAtMs: nowMs + 60_000,
    nowMs,
    ...change,
  }
}
const open = (wanted: OpenInput) => db.of('laika').tx((tx) => payments.open(tx, wanted))

describe('open', () => {
  test('the same key gives the same attempt for the same request, and none for another', async () => {
    const first = openInput()
    expect(await open(first)).toMatchObject({ kind: 'opened', attempt: first.id })
    const again = { ...first, id: newId(clock.instant()) }
    expect(await open(again)).toEqual({ kind: 'replay', attempt: first.id })
    expect(await open({ ...again, hash: 'b' })).toEqual({ kind: 'key-reused' })
  })

  test('of many at once with one key exactly one opens', async () => {
    const first = openInput()
    const outcomes = await Promise.all(
      Array.from({ length: 8 }, () => open({ ...first, id: newId(clock.instant()) })),
    )
    const opened = outcomes.filter((outcome) => outcome.kind === 'opened')
    expect(opened).toHaveLength(1)
    expect(new Set(outcomes.map((outcome) => 'attempt' in outcome && outcome.attempt)).size).toBe(1)
  })

  test('a currency that no merchant takes is not offered', async () => {
    expect(await open(openInput({ currency: 'GBP' }))).toEqual({ kind: 'not-offered' })
  })
})

describe('start', () => {
  test('gives the way on, and the same one again without another call', async () => {
    alipay.on(PRECREATE, ({ biz }) => qrFor(biz))
    const id = await room.openAttempt({ scene: 'qr' })
    const calls = alipay.calls.length
    const first = await start(id)
    expect(first).toEqual({
      kind: 'started',
      started: {
        attemptId: idToWire(id),
        qr: `https://qr.alipay.com/${idToWire(id)}`,
        expiresAt: '2026-11-22T06:30:00.000Z',
      },
    })
    expect(await start(id)).toEqual(first)
    expect(alipay.calls).toHaveLength(calls + 1)
    expect(await attemptRow(room, id)).toMatchObject({ state: 'pending' })
  })

  test('a page names our notification address and the attempt’s own number', async () => {
    const id = await room.openAttempt({ scene: 'page' })
    const outcome = await start(id)
    if (outcome.kind !== 'started') throw new Error(outcome.kind)
    const params = new URL(outcome.started.redirectUrl as string).searchParams
    expect(params.get('notify_url')).toBe('http://laika.test/v1/notifications/alipay/laika/2021000000000001')
    expect(JSON.parse(params.get('biz_content') as string)).toMatchObject({ out_trade_no: idToWire(id) })
  })

  test('a refusal closes the attempt, and is given again', async () => {
    alipay.on(PRECREATE, { code: '40004', sub_code: 'ACQ.INVALID_PARAMETER' })
    const id = await room.openAttempt({ scene: 'qr' })
    expect(await start(id)).toEqual({ kind: 'no', reason: 'ACQ.INVALID_PARAMETER' })
    expect(await start(id)).toEqual({ kind: 'no', reason: 'ACQ.INVALID_PARAMETER' })
    expect(await attemptRow(room, id)).toMatchObject({ state: 'closed' })
  })

  test('no answer leaves it unknown; a query finds the payment made meanwhile', async () => {
    alipay.on(PRECREATE, 'cut')
    const id = await room.openAttempt({ scene: 'qr' })
    expect(await start(id)).toEqual({ kind: 'unknown' })
    expect(await attemptRow(room, id)).toMatchObject({ state: 'unknown', started: null })
    alipay.on(QUERY, ({ biz }) => ({
      code: '10000',
      out_trade_no: biz.out_trade_no,
      trade_no: `2026112222001451090000${id.slice(-6)}`,
      trade_status: 'TRADE_SUCCESS',
      total_amount: '49.80',
      send_pay_date: '2026-11-22 14:00:05',
    }))
    clock.advance(6_000)
    await payments.queryDue('laika')
    expect(await evidenceRows(room, id)).toMatchObject([{ kind: 'query', said: 'paid', amount: '4980' }])
    await capture(room)
    expect(await attemptRow(room, id)).toMatchObject({
      state: 'captured',
      captured: '4980',
      next_query_at: null,
    })
  })

  test('after no answer the same number is tried again, and a no then may be about the first call', async () => {
    alipay.on(PRECREATE, 'http-500')
    const id = await room.openAttempt({ scene: 'qr' })
    expect(await start(id)).toEqual({ kind: 'unknown' })
    alipay.on(PRECREATE, { code: '40004', sub_code: 'ACQ.INVALID_PARAMETER' })
    expect(await start(id)).toEqual({ kind: 'unknown' })
    alipay.on(PRECREATE, ({ biz }) => qrFor(biz))
    expect(await start(id)).toMatchObject({ kind: 'started' })
    const numbers = alipay.calls
      .filter((call) => call.method === PRECREATE)
      .map((call) => call.biz.out_trade_no)
    expect(numbers.slice(-3)).toEqual(Array(3).fill(idToWire(id)))
  })

  test('while one call is out, another with the same attempt is told so', async () => {
    const { promise: held, resolve: release } = Promise.withResolvers<void>()
    alipay.on(PRECREATE, async ({ biz }) => {
      await held
      return qrFor(biz)
    })
    const id = await room.openAttempt({ scene: 'qr' })
    const first = start(id)
    await expect.poll(() => alipay.calls.at(-1)?.biz.out_trade_no).toBe(idToWire(id))
    expect(await start(id)).toEqual({ kind: 'in-progress' })
    release()
    expect(await first).toMatchObject({ kind: 'started' })
  })

  test.each(['payment.create-calling', 'payment.create-answered'])(
    'a process that dies at %s blocks the attempt for 15 s, then the same number goes out again',
    async (place) => {
      alipay.on(PRECREATE, ({ biz }) => qrFor(biz))
      const id = await room.openAttempt({ scene: 'qr' })
      armFailpoints(`${place}:1:throw`)
      await expect(start(id)).rejects.toThrow(place)
      expect(await start(id)).toEqual({ kind: 'in-progress' })
      clock.advance(15_000)
      expect(await start(id)).toMatchObject({ kind: 'started' })
      expect(alipay.calls.at(-1)?.biz.out_trade_no).toBe(idToWire(id))
    },
  )

  test('a payment faster than the answer to our call stands', async () => {
    const id = await room.openAttempt({ scene: 'qr' })
    alipay.on(QUERY, ({ biz }) => ({
      code: '10000',
      out_trade_no: biz.out_trade_no,
      trade_no: `2026112222001451099900${id.slice(-6)}`,
      trade_status: 'TRADE_SUCCESS',
      total_amount: '49.80',
    }))
    alipay.on(PRECREATE, async ({ biz }) => {
      clock.advance(11_000)
      await payments.queryDue('laika')
      await capture(room)
      return qrFor(biz)
    })
    expect(await start(id)).toMatchObject({ kind: 'started' })
    expect(await attemptRow(room, id)).toMatchObject({ state: 'captured', next_query_at: null })
  })

  test('nobody is called after the time limit', async () => {
    const id = await room.openAttempt({ scene: 'qr' })
    clock.advance(30 * 60_000)
    const calls = alipay.calls.length
    expect(await start(id)).toEqual({ kind: 'over' })
    expect(alipay.calls).toHaveLength(calls)
  })
})
