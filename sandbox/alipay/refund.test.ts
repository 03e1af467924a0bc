import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { nextOrder, openTrade, paidTrade } from '../testing/trades.ts'
import { appId, startWorld, type World } from '../testing/world.ts'

let world: World

beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.end())
beforeEach(() => world.knobs({ reset: true }))

describe('close and cancel', () => {
  test('close ends an unpaid trade once, and never a paid one', async () => {
    const outTradeNo = nextOrder()
    await openTrade(world, outTradeNo)
    expect(await world.ask('alipay.trade.close', { out_trade_no: outTradeNo })).toMatchObject({
      code: '10000',
      outTradeNo,
    })
    const paid = await paidTrade(world)
    for (const number of [outTradeNo, paid]) {
      expect(await world.ask('alipay.trade.close', { out_trade_no: number })).toMatchObject({
        code: '40004',
        subCode: 'ACQ.TRADE_STATUS_ERROR',
      })
    }
  })

  test('cancel closes what is unpaid, refunds what is paid, and may be repeated', async () => {
    const unpaid = nextOrder()
    await openTrade(world, unpaid)
    const paid = await paidTrade(world)
    for (const [outTradeNo, action] of [
      [unpaid, 'close'],
      [paid, 'refund'],
    ] as const) {
      for (let time = 0; time < 2; time += 1) {
        expect(await world.ask('alipay.trade.cancel', { out_trade_no: outTradeNo })).toMatchObject({
          code: '10000',
          action,
        })
      }
      expect(await world.ask('alipay.trade.query', { out_trade_no: outTradeNo })).toMatchObject({
        tradeStatus: 'TRADE_CLOSED',
      })
    }
  })
})

const refund = (outTradeNo: string, requestNo: string | undefined, amount: string) =>
  world.ask('alipay.trade.refund', {
    out_trade_no: outTradeNo,
    refund_amount: amount,
    ...(requestNo ? { out_request_no: requestNo } : {}),
  })

test('in parts, each once, never more than was paid; the last part closes the trade', async () => {
  const outTradeNo = await paidTrade(world)
  expect(await refund(outTradeNo, 'R1', '9.80')).toMatchObject({
    fundChange: 'Y',
    refundFee: '9.80',
    sendBackFee: '9.80',
  })
  expect(await refund(outTradeNo, 'R1', '9.80')).toMatchObject({ fundChange: 'N', refundFee: '9.80' })
  expect(await refund(outTradeNo, 'R1', '9.81')).toMatchObject({ subCode: 'ACQ.DISCORDANT_REPEAT_REQUEST' })
  expect(await refund(outTradeNo, 'R2', '40.01')).toMatchObject({
    subCode: 'ACQ.REFUND_AMT_NOT_EQUAL_TOTAL',
  })
  expect(await world.ask('alipay.trade.query', { out_trade_no: outTradeNo })).toMatchObject({
    tradeStatus: 'TRADE_SUCCESS',
  })
  expect(await refund(outTradeNo, 'R2', '40.00')).toMatchObject({ fundChange: 'Y', refundFee: '49.80' })
  expect(await world.ask('alipay.trade.query', { out_trade_no: outTradeNo })).toMatchObject({
    tradeStatus: 'TRADE_CLOSED',
  })
  expect(await refund(outTradeNo, 'R2', '40.00')).toMatchObject({ code: '10000', fundChange: 'N' })
  expect(await refund(outTradeNo, 'R3', '0.01')).toMatchObject({ subCode: 'ACQ.TRADE_HAS_CLOSE' })
})

test('two requests at once with one number refund once', async () => {
  const outTradeNo = await paidTrade(world)
  const answers = await Promise.all([1, 2, 3, 4].map(() => refund(outTradeNo, 'SAME', '10.00')))
  expect(answers.filter((answer) => answer.fundChange === 'Y')).toHaveLength(1)
  expect(answers.map((answer) => answer.refundFee)).toEqual(Array(4).fill('10.00'))
})

test('of an unpaid or finished trade is refused', async () => {
  const unpaid = nextOrder()
  await openTrade(world, unpaid)
  expect(await refund(unpaid, 'R', '1.00')).toMatchObject({ subCode: 'ACQ.TRADE_STATUS_ERROR' })
  const finished = await paidTrade(world)
  await world.control('POST', `/control/alipay/${appId}/trades/${finished}/finish`)
  expect(await refund(finished, 'R', '1.00')).toMatchObject({ subCode: 'ACQ.TRADE_HAS_FINISHED' })
  expect(await refund('NOBODY', 'R', '1.00')).toMatchObject({ subCode: 'ACQ.TRADE_NOT_EXIST' })
})

test('without a request number goes under the order, so only once', async () => {
  const outTradeNo = await paidTrade(world)
  expect(await refund(outTradeNo, undefined, '49.80')).toMatchObject({ fundChange: 'Y' })
  const found = await world.ask('alipay.trade.fastpay.refund.query', {
    out_trade_no: outTradeNo,
    out_request_no: outTradeNo,
  })
  expect(found).toMatchObject({
    refundStatus: 'REFUND_SUCCESS',
    refundAmount: '49.80',
    totalAmount: '49.80',
  })
})

test('a refund never made is 10000 without a status', async () => {
  const outTradeNo = await paidTrade(world)
  const found = await world.ask('alipay.trade.fastpay.refund.query', {
    out_trade_no: outTradeNo,
    out_request_no: 'NEVER',
  })
  expect(found.code).toBe('10000')
  expect(found).not.toHaveProperty('refundStatus')
})

test('refused by a knob, it moves nothing, and goes through under its number once the knob is turned back', async () => {
  const outTradeNo = await paidTrade(world)
  await world.knobs({ refundRefused: true })
  expect(await refund(outTradeNo, 'R', '1.00')).toMatchObject({ subCode: 'ACQ.TRADE_NOT_ALLOW_REFUND' })
  await world.knobs({ refundRefused: false })
  expect(await refund(outTradeNo, 'R', '1.00')).toMatchObject({ fundChange: 'Y', refundFee: '1.00' })
})
