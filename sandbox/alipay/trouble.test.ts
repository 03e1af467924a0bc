import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { chinaTime, createClock } from '../clock.ts'
import { nextOrder, openTrade, paidTrade } from '../testing/trades.ts'
import { appId, now, press, sdkFor, startWorld, until, type World } from '../testing/world.ts'

let world: World

beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.end())
beforeEach(() => world.knobs({ reset: true }))

describe('faults of the gateway', () => {
  test('HTTP 500 and silence come after the act was done', async () => {
    const outTradeNo = await paidTrade(world)
    const refund = (requestNo: string) =>
      world.ask('alipay.trade.refund', {
        out_trade_no: outTradeNo,
        refund_amount: '1.00',
        out_request_no: requestNo,
      })
    await world.knobs({ fault: 'http-500', faultMethod: 'alipay.trade.refund' })
    await expect(refund('LOST1')).rejects.toThrow('500')
    await world.knobs({ fault: 'time-out' })
    await expect(refund('LOST2')).rejects.toThrow()
    // The fault is for refunds only, so the query gets through.
    for (const requestNo of ['LOST1', 'LOST2']) {
      expect(
        await world.ask('alipay.trade.fastpay.refund.query', {
          out_trade_no: outTradeNo,
          out_request_no: requestNo,
        }),
      ).toMatchObject({ refundStatus: 'REFUND_SUCCESS' })
    }
  })

  test('a query finds nothing n times, then the truth', async () => {
    const outTradeNo = await paidTrade(world)
    await world.knobs({ notFoundFirst: 2 })
    const states: unknown[] = []
    for (let time = 0; time < 3; time += 1) {
      const answer = await world.ask('alipay.trade.query', { out_trade_no: outTradeNo })
      states.push(answer.subCode ?? answer.tradeStatus)
    }
    expect(states).toEqual(['ACQ.TRADE_NOT_EXIST', 'ACQ.TRADE_NOT_EXIST', 'TRADE_SUCCESS'])
  })

  test('a slow gateway answers late but rightly', async () => {
    const outTradeNo = await paidTrade(world)
    await world.knobs({ slowReceiverSeconds: 1 })
    const clock = createClock()
    const from = clock.now()
    expect(await world.ask('alipay.trade.query', { out_trade_no: outTradeNo })).toMatchObject({
      code: '10000',
    })
    expect(clock.now() - from).toBeGreaterThanOrEqual(990)
  })

  test("Alipay's clock may run ahead: stamps follow it, and far enough ahead it refuses ours", async () => {
    await world.knobs({ clockSkewSeconds: 600 })
    const outTradeNo = await paidTrade(world)
    const { sendPayDate } = await world.ask('alipay.trade.query', { out_trade_no: outTradeNo })
    expect(sendPayDate > chinaTime(createClock().now() + 500_000)).toBe(true)
    await world.knobs({ clockSkewSeconds: 3_600 })
    expect(await world.ask('alipay.trade.query', { out_trade_no: outTradeNo })).toMatchObject({
      subCode: 'isv.invalid-timestamp',
    })
  })

  test('after a key rotation the old public key no longer verifies, the new one does', async () => {
    const outTradeNo = await paidTrade(world)
    const query = () => world.ask('alipay.trade.query', { out_trade_no: outTradeNo })
    await world.control('POST', `/control/merchants/${appId}/rotate-key`)
    await expect(query()).rejects.toThrow('验签失败')
    world.sdk = sdkFor(world.sandbox)
    expect(await query()).toMatchObject({ tradeStatus: 'TRADE_SUCCESS' })
  })
})

describe('money that comes when it should not', () => {
  test('a closed trade can be paid while the knob says so', async () => {
    const outTradeNo = nextOrder()
    const walletPage = await openTrade(world, outTradeNo)
    await world.ask('alipay.trade.close', { out_trade_no: outTradeNo })
    const status = async () =>
      (await world.ask('alipay.trade.query', { out_trade_no: outTradeNo })).tradeStatus as string
    await press(walletPage, 'confirm')
    expect(await status()).toBe('TRADE_CLOSED')
    await world.knobs({ paidAfterClose: true })
    await press(walletPage, 'confirm')
    expect(await status()).toBe('TRADE_SUCCESS')
  })

  test('paid twice: a second trade_no under one number, each refundable by its own', async () => {
    await world.knobs({ paidTwice: true })
    const outTradeNo = await paidTrade(world)
    const notifications = () =>
      world.receiver.got.filter((notification) => notification.out_trade_no === outTradeNo)
    await until('both notifications', () => notifications().length === 2)
    const [first, second] = notifications().map((notification) => notification.trade_no)
    expect(first).not.toBe(second)
    const refunded = await world.ask('alipay.trade.refund', { trade_no: second, refund_amount: '49.80' })
    expect(refunded).toMatchObject({ tradeNo: second, fundChange: 'Y' })
    expect(await world.ask('alipay.trade.query', { trade_no: first })).toMatchObject({
      tradeStatus: 'TRADE_SUCCESS',
    })
  })

  test('a wrong amount really paid is told alike by notification and query, and can be refunded in full', async () => {
    await world.knobs({ paidAmount: '0.01' })
    const outTradeNo = await paidTrade(world)
    await until('the notification', () =>
      world.receiver.got.some((notification) => notification.out_trade_no === outTradeNo),
    )
    const notification = world.receiver.got.find((item) => item.out_trade_no === outTradeNo)
    expect(notification).toMatchObject({ total_amount: '0.01', receipt_amount: '0.01' })
    expect(await world.ask('alipay.trade.query', { out_trade_no: outTradeNo })).toMatchObject({
      totalAmount: '0.01',
    })
    expect(
      await world.ask('alipay.trade.refund', { out_trade_no: outTradeNo, refund_amount: '0.01' }),
    ).toMatchObject({ fundChange: 'Y' })
  })

  test('no one else can see or touch a merchant’s trade', async () => {
    const outTradeNo = await paidTrade(world)
    const { tradeNo } = await world.ask('alipay.trade.query', { out_trade_no: outTradeNo })
    const other = '2021000000000002'
    const { status } = await world.control('POST', '/control/merchants', {
      appId: other,
      sellerId: '2088000000000002',
      brand: 'harbour',
      name: 'Harbour Mobile',
      merchantPublicKey: (await world.control('GET', '/control/merchants')).body.merchants[0]
        .merchantPublicKey,
    })
    expect(status).toBe(201)
    const sdk = sdkFor(world.sandbox, { appId: other })
    for (const biz of [{ out_trade_no: outTradeNo }, { trade_no: tradeNo }]) {
      const answer = await sdk.exec('alipay.trade.query', { timestamp: now(), bizContent: biz })
      expect(answer).toMatchObject({ subCode: 'ACQ.TRADE_NOT_EXIST' })
    }
  })
})
