import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { idToWire } from '../../contract/id.ts'
import { attemptRow, capture, evidenceRows, paymentRoom } from '../../test/support/payment.ts'
import { armFailpoints, disarmFailpoints } from '../platform/failpoint.ts'
import { newId } from '../platform/id.ts'

const room = await paymentRoom()
const { payments, alipay, clock } = room
const CLOSE = 'alipay.trade.close'
const QUERY = 'alipay.trade.query'
const OVER = { code: '40004', sub_code: 'ACQ.TRADE_STATUS_ERROR' }
const NOT_EXIST = { code: '40004', sub_code: 'ACQ.TRADE_NOT_EXIST' }
const HALF_HOUR = 30 * 60_000

type Biz = Readonly<Record<string, unknown>>
const trade = (biz: Biz, status: string, fields: Biz = {}) => ({
  code: '10000',
  out_trade_no: biz.out_trade_no,
  trade_no: `2026${String(biz.out_trade_no)}`,
  trade_status: status,
  total_amount: '49.80',
  ...fields,
})

let order: string
let id: string
beforeEach(async () => {
  order = newId(clock.instant())
  id = await room.openAttempt({ order })
  await payments.start('laika', id, { subject: '莱卡保号', returnUrl: 'http://laika.test/', locale: 'zh-CN' })
})
afterEach(() => disarmFailpoints())
const closeOpen = () => payments.closeOpen('laika', order)

describe('closeOpen', () => {
  test('an order without attempts has nothing to close', async () => {
    expect(await payments.closeOpen('laika', newId(clock.instant()))).toBe('closed')
  })

  test('closed at the provider is evidence', async () => {
    alipay.on(CLOSE, ({ biz }) => ({ code: '10000', out_trade_no: biz.out_trade_no }))
    expect(await closeOpen()).toBe('closed')
    expect(await evidenceRows(room, id)).toMatchObject([{ kind: 'close', said: 'closed', amount: null }])
    expect(await closeOpen()).toBe('closed')
    expect(await evidenceRows(room, id)).toHaveLength(1)
  })

  test('"already paid" is in the inbox before it is answered', async () => {
    alipay.on(CLOSE, OVER)
    alipay.on(QUERY, ({ biz }) => trade(biz, 'TRADE_SUCCESS', { send_pay_date: '2026-11-22 14:00:05' }))
    expect(await closeOpen()).toBe('paid')
    expect(await evidenceRows(room, id)).toMatchObject([{ kind: 'query', said: 'paid', amount: '4980' }])
    await capture(room)
    expect(await closeOpen()).toBe('paid')
  })

  test('closed by the provider’s own time limit is closed', async () => {
    alipay.on(CLOSE, OVER)
    alipay.on(QUERY, ({ biz }) => trade(biz, 'TRADE_CLOSED'))
    expect(await closeOpen()).toBe('closed')
    expect(await evidenceRows(room, id)).toMatchObject([{ kind: 'query', said: 'closed' }])
  })

  test('over, and no answer what it came to, is unknown', async () => {
    alipay.on(CLOSE, OVER)
    alipay.on(QUERY, 'cut')
    expect(await closeOpen()).toBe('unknown')
  })

  test('what was never begun can still be begun until the time limit, and not after it', async () => {
    alipay.on(CLOSE, NOT_EXIST)
    expect(await closeOpen()).toBe('not-begun')
    expect(await attemptRow(room, id)).toMatchObject({ state: 'pending' })
    clock.advance(HALF_HOUR)
    expect(await closeOpen()).toBe('closed')
    expect(await evidenceRows(room, id)).toEqual([])
  })

  test('one never begun weighs less than one not answered', async () => {
    const second = await room.openAttempt({ order, key: 'key-0002' })
    alipay.on(CLOSE, ({ biz }) => (biz.out_trade_no === idToWire(second) ? 'http-500' : NOT_EXIST))
    expect(await closeOpen()).toBe('unknown')
  })

  test('a close that is not answered leaves the attempt unknown and asked about', async () => {
    alipay.on(CLOSE, 'http-500')
    clock.advance(HALF_HOUR)
    expect(await closeOpen()).toBe('unknown')
    expect(await attemptRow(room, id)).toMatchObject({ state: 'unknown' })
    expect((await attemptRow(room, id)).next_query_at).not.toBeNull()
  })

  test('of several attempts every one must be closed; one paid decides', async () => {
    const second = await room.openAttempt({ order })
    const answers = new Map([
      [idToWire(id), { code: '10000', out_trade_no: idToWire(id) }],
      [idToWire(second), { ...OVER, out_trade_no: idToWire(second) }],
    ])
    alipay.on(CLOSE, ({ biz }) => answers.get(String(biz.out_trade_no)) ?? 'cut')
    alipay.on(QUERY, 'cut')
    expect(await closeOpen()).toBe('unknown')
    alipay.on(QUERY, ({ biz }) => trade(biz, 'TRADE_SUCCESS'))
    expect(await closeOpen()).toBe('paid')
  })

  test.each(['payment.close-calling', 'payment.close-answered'])(
    'dying at %s loses nothing',
    async (place) => {
      alipay.on(CLOSE, ({ biz }) => ({ code: '10000', out_trade_no: biz.out_trade_no }))
      armFailpoints(`${place}:1:throw`)
      await expect(closeOpen()).rejects.toThrow(place)
      alipay.on(CLOSE, OVER)
      alipay.on(QUERY, ({ biz }) => trade(biz, 'TRADE_CLOSED'))
      expect(await closeOpen()).toBe('closed')
    },
  )
})
