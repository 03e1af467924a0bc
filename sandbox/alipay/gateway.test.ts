import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { chinaTime, createClock } from '../clock.ts'
import { appId, arrive, now, press, sdkFor, startWorld, until, type World } from '../testing/world.ts'

let world: World
let number = 0
const nextOrder = () => {
  number += 1
  return `ORDER${number}`
}

beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.end())
beforeEach(() => world.knobs({ reset: true }))

const order = (outTradeNo: string, biz: object = {}) => ({
  out_trade_no: outTradeNo,
  total_amount: '49.80',
  subject: '话费充值',
  ...biz,
})

/** A trade made by a page payment; answers the wallet page. */
async function openTrade(outTradeNo: string, biz: object = {}, common: object = {}): Promise<string> {
  const params = world.pagePay(order(outTradeNo, biz), common)
  return await arrive(world.sdk.pageExecute('alipay.trade.page.pay', 'GET', params))
}

async function paidTrade(biz: object = {}): Promise<string> {
  const outTradeNo = nextOrder()
  await press(await openTrade(outTradeNo, biz), 'confirm')
  return outTradeNo
}

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
    const walletPage = await openTrade(outTradeNo)
    await expect(openTrade(outTradeNo, { total_amount: '1.00' })).rejects.toThrow('CONTEXT_INCONSISTENT')
    expect(await openTrade(outTradeNo)).toBe(walletPage)
    await press(walletPage, 'confirm')
    await expect(openTrade(outTradeNo)).rejects.toThrow('TRADE_HAS_SUCCESS')
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
    await expect(openTrade(nextOrder(), biz)).rejects.toThrow('ACQ.INVALID_PARAMETER')
  })

  test('closes an unpaid trade at time_expire and says so', async () => {
    const outTradeNo = nextOrder()
    const walletPage = await openTrade(outTradeNo, { time_expire: chinaTime(createClock().now() + 2_000) })
    const closed = () => world.receiver.got.find((notice) => notice.out_trade_no === outTradeNo)
    await until('the closing notice', () => closed() !== undefined)
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
    await openTrade(outTradeNo, { timeout_express: '30m' })
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

describe('close and cancel', () => {
  test('close ends an unpaid trade once, and never a paid one', async () => {
    const outTradeNo = nextOrder()
    await openTrade(outTradeNo)
    expect(await world.ask('alipay.trade.close', { out_trade_no: outTradeNo })).toMatchObject({
      code: '10000',
      outTradeNo,
    })
    const paid = await paidTrade()
    for (const number of [outTradeNo, paid]) {
      expect(await world.ask('alipay.trade.close', { out_trade_no: number })).toMatchObject({
        code: '40004',
        subCode: 'ACQ.TRADE_STATUS_ERROR',
      })
    }
  })

  test('cancel closes what is unpaid, refunds what is paid, and may be repeated', async () => {
    const unpaid = nextOrder()
    await openTrade(unpaid)
    const paid = await paidTrade()
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

describe('refund', () => {
  const refund = (outTradeNo: string, requestNo: string | undefined, amount: string) =>
    world.ask('alipay.trade.refund', {
      out_trade_no: outTradeNo,
      refund_amount: amount,
      ...(requestNo ? { out_request_no: requestNo } : {}),
    })

  test('in parts, each once, never more than was paid; the last part closes the trade', async () => {
    const outTradeNo = await paidTrade()
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
    const outTradeNo = await paidTrade()
    const answers = await Promise.all([1, 2, 3, 4].map(() => refund(outTradeNo, 'SAME', '10.00')))
    expect(answers.filter((answer) => answer.fundChange === 'Y')).toHaveLength(1)
    expect(answers.map((answer) => answer.refundFee)).toEqual(Array(4).fill('10.00'))
  })

  test('of an unpaid or finished trade is refused', async () => {
    const unpaid = nextOrder()
    await openTrade(unpaid)
    expect(await refund(unpaid, 'R', '1.00')).toMatchObject({ subCode: 'ACQ.TRADE_STATUS_ERROR' })
    const finished = await paidTrade()
    await world.control('POST', `/control/alipay/${appId}/trades/${finished}/finish`)
    expect(await refund(finished, 'R', '1.00')).toMatchObject({ subCode: 'ACQ.TRADE_HAS_FINISHED' })
    expect(await refund('NOBODY', 'R', '1.00')).toMatchObject({ subCode: 'ACQ.TRADE_NOT_EXIST' })
  })

  test('without a request number goes under the order, so only once', async () => {
    const outTradeNo = await paidTrade()
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
    const outTradeNo = await paidTrade()
    const found = await world.ask('alipay.trade.fastpay.refund.query', {
      out_trade_no: outTradeNo,
      out_request_no: 'NEVER',
    })
    expect(found.code).toBe('10000')
    expect(found).not.toHaveProperty('refundStatus')
  })
})

describe('faults of the gateway', () => {
  test('HTTP 500 and silence come after the act was done', async () => {
    const outTradeNo = await paidTrade()
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
    const outTradeNo = await paidTrade()
    await world.knobs({ notFoundFirst: 2 })
    const states: unknown[] = []
    for (let time = 0; time < 3; time += 1) {
      const answer = await world.ask('alipay.trade.query', { out_trade_no: outTradeNo })
      states.push(answer.subCode ?? answer.tradeStatus)
    }
    expect(states).toEqual(['ACQ.TRADE_NOT_EXIST', 'ACQ.TRADE_NOT_EXIST', 'TRADE_SUCCESS'])
  })

  test('a slow gateway answers late but rightly', async () => {
    const outTradeNo = await paidTrade()
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
    const outTradeNo = await paidTrade()
    const { sendPayDate } = await world.ask('alipay.trade.query', { out_trade_no: outTradeNo })
    expect(sendPayDate > chinaTime(createClock().now() + 500_000)).toBe(true)
    await world.knobs({ clockSkewSeconds: 3_600 })
    expect(await world.ask('alipay.trade.query', { out_trade_no: outTradeNo })).toMatchObject({
      subCode: 'isv.invalid-timestamp',
    })
  })

  test('after a key rotation the old public key no longer verifies, the new one does', async () => {
    const outTradeNo = await paidTrade()
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
    const walletPage = await openTrade(outTradeNo)
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
    const outTradeNo = await paidTrade()
    const notices = () => world.receiver.got.filter((notice) => notice.out_trade_no === outTradeNo)
    await until('both notices', () => notices().length === 2)
    const [first, second] = notices().map((notice) => notice.trade_no)
    expect(first).not.toBe(second)
    const refunded = await world.ask('alipay.trade.refund', { trade_no: second, refund_amount: '49.80' })
    expect(refunded).toMatchObject({ tradeNo: second, fundChange: 'Y' })
    expect(await world.ask('alipay.trade.query', { trade_no: first })).toMatchObject({
      tradeStatus: 'TRADE_SUCCESS',
    })
  })

  test('a wrong amount really paid is told alike by notice and query, and can be refunded in full', async () => {
    await world.knobs({ paidAmount: '0.01' })
    const outTradeNo = await paidTrade()
    await until('the notice', () => world.receiver.got.some((notice) => notice.out_trade_no === outTradeNo))
    const notice = world.receiver.got.find((item) => item.out_trade_no === outTradeNo)
    expect(notice).toMatchObject({ total_amount: '0.01', receipt_amount: '0.01' })
    expect(await world.ask('alipay.trade.query', { out_trade_no: outTradeNo })).toMatchObject({
      totalAmount: '0.01',
    })
    expect(
      await world.ask('alipay.trade.refund', { out_trade_no: outTradeNo, refund_amount: '0.01' }),
    ).toMatchObject({ fundChange: 'Y' })
  })

  test('no one else can see or touch a merchant’s trade', async () => {
    const outTradeNo = await paidTrade()
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
