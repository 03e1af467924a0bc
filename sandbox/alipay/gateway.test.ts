import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { chinaTime, createClock } from '../clock.ts'
import { nextOrder, openTrade, order } from '../testing/trades.ts'
import { appId, arrive, now, press, sdkFor, startWorld, until, type World } from '../testing/world.ts'

let world: World

beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.end())
beforeEach(() => world.knobs({ reset: true }))

describe('the envelope', () => {
  const query = (sdk = world.sdk, common: object = {}) =>
    sdk.exec('alipay.trade.query', { timestamp: now(), bizContent: { out_trade_no: 'x' }, ...common })

  test('a signature by another key is refused with the string the gateway saw', async () => {
    const answer = await query(sdkFor(world.sandbox, { stranger: true }))
    expect(answer).toMatchObject({ code: '40002', subCode: 'isv.invalid-signature' })
    expect(answer.subMsg).toContain(`app_id=${appId}&biz_content={"out_trade_no":"x"}&charset=utf-8`)
  })

  test('the refusal of a signature is itself signed', async () => {
    const sdk = sdkFor(world.sandbox, { stranger: true })
    const params = { timestamp: now(), bizContent: { out_trade_no: 'x' } }
    const answer = await sdk.exec('alipay.trade.query', params, { validateSign: true })
    expect(answer.subCode).toBe('isv.invalid-signature')
  })

  test('an unknown app is refused', async () => {
    const answer = await query(sdkFor(world.sandbox, { appId: '2021000000000009' }))
    expect(answer).toMatchObject({ code: '40002', subCode: 'isv.invalid-app-id' })
  })

  test('a time in another zone, an old one and one of another form are refused', async () => {
    const clock = createClock()
    const hour = 3_600_000
    for (const timestamp of [
      chinaTime(clock.now() - 8 * hour),
      chinaTime(clock.now() + hour),
      '22 Nov 2026',
    ]) {
      expect(await query(world.sdk, { timestamp })).toMatchObject({
        code: '40002',
        subCode: 'isv.invalid-timestamp',
      })
    }
  })

  test('each common parameter has its own complaint', async () => {
    const cases = [
      [{ app_id: appId }, '40001', 'isv.missing-method'],
      [{ method: 'alipay.trade.gift' }, '40002', 'isv.invalid-method'],
      [{ method: 'alipay.trade.query' }, '40001', 'isv.missing-app-id'],
      [{ method: 'alipay.trade.query', app_id: appId }, '40001', 'isv.missing-signature-type'],
      [
        { method: 'alipay.trade.query', app_id: appId, sign_type: 'RSA' },
        '40002',
        'isv.invalid-signature-type',
      ],
      [{ method: 'alipay.trade.query', app_id: appId, sign_type: 'RSA2' }, '40001', 'isv.missing-signature'],
    ] as const
    for (const [params, code, subCode] of cases) {
      const answer = await fetch(world.sandbox.addresses.gateway, {
        method: 'POST',
        body: new URLSearchParams(params),
      })
      const body = Object.values((await answer.json()) as object)[0]
      expect(body).toMatchObject({ code, sub_code: subCode })
    }
  })

  test('a page payment that is refused shows the buyer a page, not JSON', async () => {
    const params = world.pagePay(order(nextOrder(), { total_amount: '0.00' }))
    const answer = await fetch(world.sdk.pageExecute('alipay.trade.page.pay', 'GET', params), {
      redirect: 'manual',
    })
    expect(answer.status).toBe(200)
    expect(await answer.text()).toContain('ACQ.INVALID_PARAMETER')
  })
})

describe('query', () => {
  test('says not found until the buyer stands at the cashier, then waiting, then paid', async () => {
    const outTradeNo = nextOrder()
    const params = world.pagePay(order(outTradeNo))
    const url = world.sdk.pageExecute('alipay.trade.page.pay', 'GET', params)
    const query = () => world.ask('alipay.trade.query', { out_trade_no: outTradeNo })
    expect(await query()).toMatchObject({
      code: '40004',
      subCode: 'ACQ.TRADE_NOT_EXIST',
      receiptAmount: '0.00',
    })
    const walletPage = await arrive(url)
    expect(await query()).toMatchObject({
      code: '10000',
      tradeStatus: 'WAIT_BUYER_PAY',
      buyerPayAmount: '0.00',
    })
    await press(walletPage, 'confirm')
    const paid = await query()
    expect(paid).toMatchObject({ tradeStatus: 'TRADE_SUCCESS', totalAmount: '49.80', outTradeNo })
    expect(paid.tradeNo).toMatch(/^\d{28}$/)
    expect(await world.ask('alipay.trade.query', { trade_no: paid.tradeNo })).toMatchObject({ outTradeNo })
  })

  test('needs one of the two numbers', async () => {
    expect(await world.ask('alipay.trade.query', {})).toMatchObject({
      code: '40004',
      subCode: 'ACQ.INVALID_PARAMETER',
    })
  })

  test('the answer is signed as sent: slashes escaped inside, valid outside', async () => {
    const outTradeNo = nextOrder()
    const answer = await world.ask('alipay.trade.precreate', order(outTradeNo), {
      notify_url: world.receiver.url,
    })
    expect(answer.qrCode).toBe(
      `${world.sandbox.addresses.home}/wallet/scan?code=${answer.qrCode.split('=')[1]}`,
    )
  })
})

describe('orders', () => {
  test('the number of an open order with another amount is inconsistent, of a paid one paid', async () => {
    const outTradeNo = nextOrder()
    const walletPage = await openTrade(world, outTradeNo)
    await expect(openTrade(world, outTradeNo, { total_amount: '1.00' })).rejects.toThrow(
      'CONTEXT_INCONSISTENT',
    )
    expect(await openTrade(world, outTradeNo)).toBe(walletPage)
    await press(walletPage, 'confirm')
    await expect(openTrade(world, outTradeNo)).rejects.toThrow('TRADE_HAS_SUCCESS')
  })

  test.each([
    { total_amount: '1.234' },
    { total_amount: 1 },
    { subject: '' },
    { subject: 'a/b' },
    { out_trade_no: 'a b' },
    { product_code: 'QUICK_WAP_WAY' },
    { time_expire: 'tomorrow' },
    { time_expire: '2020-01-01 00:00:00' },
    { timeout_express: '0m' },
    { timeout_express: '90s' },
  ])('%j is an invalid parameter', async (biz) => {
    await expect(openTrade(world, nextOrder(), biz)).rejects.toThrow('ACQ.INVALID_PARAMETER')
  })

  test('closes an unpaid trade at time_expire and says so', async () => {
    const outTradeNo = nextOrder()
    const walletPage = await openTrade(world, outTradeNo, {
      time_expire: chinaTime(createClock().now() + 2_000),
    })
    const closed = () => world.receiver.got.find((notification) => notification.out_trade_no === outTradeNo)
    await until('the closing notification', () => closed() !== undefined)
    expect(closed()).toMatchObject({ trade_status: 'TRADE_CLOSED' })
    expect(closed()).not.toHaveProperty('gmt_payment')
    expect(await world.ask('alipay.trade.query', { out_trade_no: outTradeNo })).toMatchObject({
      tradeStatus: 'TRADE_CLOSED',
    })
    await press(walletPage, 'confirm')
    expect((await fetch(walletPage)).status).toBe(410)
  })

  test('timeout_express counts from the request', async () => {
    const outTradeNo = nextOrder()
    await openTrade(world, outTradeNo, { timeout_express: '30m' })
    const { body } = await world.control('GET', `/control/alipay/${appId}/trades/${outTradeNo}`)
    expect(body.order.expiresAt - body.createdAt).toBeGreaterThan(29 * 60_000)
    expect(body.order.expiresAt - body.createdAt).toBeLessThanOrEqual(30 * 60_000)
  })
})

describe('precreate', () => {
  test('makes no trade until scanned; close says not found, cancel leaves the code alive', async () => {
    const outTradeNo = nextOrder()
    const { qrCode } = await world.ask('alipay.trade.precreate', order(outTradeNo))
    for (const method of ['alipay.trade.query', 'alipay.trade.close']) {
      expect(await world.ask(method, { out_trade_no: outTradeNo })).toMatchObject({
        subCode: 'ACQ.TRADE_NOT_EXIST',
      })
    }
    const cancelled = await world.ask('alipay.trade.cancel', { out_trade_no: outTradeNo })
    expect(cancelled).toMatchObject({ code: '10000', retryFlag: 'N' })
    expect(cancelled).not.toHaveProperty('action')
    const scanned = await fetch(qrCode, { redirect: 'manual' })
    expect(scanned.status).toBe(303)
    expect(await world.ask('alipay.trade.query', { out_trade_no: outTradeNo })).toMatchObject({
      tradeStatus: 'WAIT_BUYER_PAY',
    })
  })

  test('a code nobody made is unknown', async () => {
    expect((await fetch(`${world.sandbox.addresses.home}/wallet/scan?code=bax00`)).status).toBe(404)
  })
})
