import { afterEach, beforeEach, expect, test } from 'vitest'
import { chinaTime, createClock } from '../clock.ts'
import { appId, arrive, pause, press, sellerId, startWorld, until, type World } from '../testing/world.ts'

let world: World

beforeEach(async () => {
  world = await startWorld()
})
afterEach(() => world.end())

const tradePath = (outTradeNo: string) => `/control/alipay/${appId}/trades/${outTradeNo}`

async function open(outTradeNo: string, biz: object = {}): Promise<string> {
  const order = { out_trade_no: outTradeNo, total_amount: '49.80', subject: '话费充值', ...biz }
  return await arrive(world.sdk.pageExecute('alipay.trade.page.pay', 'GET', world.pagePay(order)))
}

async function pay(outTradeNo: string, biz: object = {}): Promise<void> {
  await press(await open(outTradeNo, biz), 'confirm')
}

const refund = (outTradeNo: string, requestNo: string, amount: string) =>
  world.ask('alipay.trade.refund', {
    out_trade_no: outTradeNo,
    out_request_no: requestNo,
    refund_amount: amount,
  })

const got = (count: number) => until(`${count} notifications`, () => world.receiver.got.length >= count)

/** Long enough for a notification that should not come to have come. */
const quiet = () => pause(150)

const rightlySigned = () =>
  world.receiver.got.map((notification) => world.sdk.checkNotifySignV2(notification))

test('tells of a payment with everything a merchant must compare, rightly signed', async () => {
  await pay('A1', { passback_params: 'brand%3Dlaika%26x', body: 'a b&c=d%20+ü' })
  await got(1)
  const [notification] = world.receiver.got
  expect(notification).toMatchObject({
    notify_type: 'trade_status_sync',
    trade_status: 'TRADE_SUCCESS',
    out_trade_no: 'A1',
    total_amount: '49.80',
    receipt_amount: '49.80',
    app_id: appId,
    seller_id: sellerId,
    subject: '话费充值',
    passback_params: 'brand%3Dlaika%26x',
    body: 'a b&c=d%20+ü',
    sign_type: 'RSA2',
    charset: 'utf-8',
  })
  expect(notification?.notify_id).toMatch(/^\d{34}$/)
  expect(rightlySigned()).toEqual([true])
  expect(world.sdk.checkNotifySignV2({ ...notification, total_amount: '49.81' })).toBe(false)
})

test('tells of refunds: the sum so far while paid, closed when nothing is left', async () => {
  await pay('A1')
  await got(1)
  await refund('A1', 'R1', '9.80')
  await got(2)
  await refund('A1', 'R2', '40.00')
  await got(3)
  const [, part, rest] = world.receiver.got
  expect(part).toMatchObject({ trade_status: 'TRADE_SUCCESS', refund_fee: '9.80', out_biz_no: 'R1' })
  expect(part).not.toHaveProperty('gmt_close')
  expect(rest).toMatchObject({ trade_status: 'TRADE_CLOSED', refund_fee: '49.80', out_biz_no: 'R2' })
  expect(rest?.gmt_refund).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}$/)
  expect(rest?.gmt_close).toBeDefined()
  expect(new Set(world.receiver.got.map((notification) => notification.notify_id)).size).toBe(3)
  expect(rightlySigned()).toEqual([true, true, true])
})

test('is sent eight times under one id when never acknowledged, at the ladder’s distances', async () => {
  await world.control('PUT', '/control/clock', { retryScale: 0.00001 })
  // Everything but the seven characters alone counts as no.
  const answers = ['fail', 'SUCCESS', 'success\n', '"success"', '', 'success ', ' success', 'ok']
  world.receiver.answer = () => ({ body: answers[world.receiver.got.length - 1] ?? '' })
  await pay('A1')
  await got(8)
  await quiet()
  expect(world.receiver.got).toHaveLength(8)
  expect(new Set(world.receiver.got.map((notification) => notification.notify_id)).size).toBe(1)
  expect(rightlySigned()).toEqual(Array(8).fill(true))
  const { body } = await world.control('GET', tradePath('A1'))
  const sendings: { at: number; rung: number; acknowledged: boolean }[] = body.notifications[0].sendings
  expect(sendings.map((sending) => sending.rung)).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
  // 15 h at this scale are 540 ms, 4 m are 2.4 ms.
  const gaps = sendings.slice(1).map((sending, index) => sending.at - (sendings[index]?.at ?? 0))
  expect(gaps[6]).toBeGreaterThanOrEqual(535)
  expect(gaps[5]).toBeGreaterThanOrEqual(210)
  expect(gaps[0]).toBeLessThan(120)
  await world.restart()
  await quiet()
  expect(world.receiver.got).toHaveLength(8)
})

test('stops at the first acknowledgement; an error status is none even with the right words', async () => {
  await world.control('PUT', '/control/clock', { retryScale: 0.00001 })
  world.receiver.answer = () => ({ status: world.receiver.got.length < 3 ? 500 : 200, body: 'success' })
  await pay('A1')
  await got(3)
  await quiet()
  expect(world.receiver.got).toHaveLength(3)
})

test('duplicate: n more copies of the same notification at once', async () => {
  await world.knobs({ duplicate: 4 })
  await pay('A1')
  await got(5)
  await quiet()
  expect(world.receiver.got).toHaveLength(5)
  expect(new Set(world.receiver.got.map((notification) => notification.notify_id)).size).toBe(1)
})

test('reorder: what happened later is told first', async () => {
  await world.knobs({ reorder: true })
  await pay('A1')
  await quiet()
  expect(world.receiver.got).toHaveLength(0)
  await refund('A1', 'R1', '49.80')
  await got(2)
  expect(world.receiver.got.map((notification) => notification.trade_status)).toEqual([
    'TRADE_CLOSED',
    'TRADE_SUCCESS',
  ])
})

test('delay: nothing for a while, then the notification', async () => {
  await world.knobs({ delaySeconds: 1 })
  const clock = createClock()
  const from = clock.now()
  await pay('A1')
  await got(1)
  expect(clock.now() - from).toBeGreaterThanOrEqual(990)
})

test('drop all: never, not even after the knob is turned back', async () => {
  await world.knobs({ dropAll: true })
  await pay('A1')
  await quiet()
  await world.knobs({ reset: true })
  await world.restart()
  await quiet()
  expect(world.receiver.got).toHaveLength(0)
  expect(await world.ask('alipay.trade.query', { out_trade_no: 'A1' })).toMatchObject({
    tradeStatus: 'TRADE_SUCCESS',
  })
})

test('wrong signature: refused by the SDK, and the retry after the knob is turned back is right', async () => {
  await world.control('PUT', '/control/clock', { retryScale: 0.001 })
  await world.knobs({ wrongSignature: true })
  world.receiver.answer = (fields) => ({ body: world.sdk.checkNotifySignV2(fields) ? 'success' : 'fail' })
  await pay('A1')
  await got(1)
  await world.knobs({ wrongSignature: false })
  await got(2)
  await quiet()
  expect(rightlySigned()).toEqual([false, true])
})

test('forge: a stranger claims payment while the trade waits', async () => {
  await world.knobs({ forge: true })
  await open('A1')
  await got(1)
  expect(world.receiver.got[0]).toMatchObject({ out_trade_no: 'A1', trade_status: 'TRADE_SUCCESS' })
  expect(rightlySigned()).toEqual([false])
  expect(await world.ask('alipay.trade.query', { out_trade_no: 'A1' })).toMatchObject({
    tradeStatus: 'WAIT_BUYER_PAY',
  })
})

test('forge by hand: also for a trade that never was', async () => {
  const { status } = await world.control('POST', `${tradePath('GHOST')}/forge`, {
    notifyUrl: world.receiver.url,
    totalMinor: '4980',
  })
  expect(status).toBe(200)
  expect(world.receiver.got[0]).toMatchObject({ out_trade_no: 'GHOST', total_amount: '49.80' })
  expect(rightlySigned()).toEqual([false])
})

test('old timestamp: notify_time in the past, rightly signed', async () => {
  await world.knobs({ notificationAgeMinutes: 120 })
  await pay('A1')
  await got(1)
  const twoHoursAgo = createClock().now() - 7_200_000
  expect(world.receiver.got[0]?.notify_time).toBeOneOf([
    chinaTime(twoHoursAgo),
    chinaTime(twoHoursAgo - 1_000),
    chinaTime(twoHoursAgo - 2_000),
  ])
  expect(rightlySigned()).toEqual([true])
})

test.each([
  [{ notificationAmount: '0.01' }, { total_amount: '0.01' }],
  [{ wrongSeller: true }, { seller_id: '2088999999999999' }],
  [{ wrongApp: true }, { app_id: '2021999999999999' }],
])('a lie rightly signed: %j', async (knob, lie) => {
  await world.knobs(knob)
  await pay('A1')
  await got(1)
  expect(world.receiver.got[0]).toMatchObject({ out_trade_no: 'A1', ...lie })
  expect(rightlySigned()).toEqual([true])
  expect(await world.ask('alipay.trade.query', { out_trade_no: 'A1' })).toMatchObject({
    totalAmount: '49.80',
  })
})

test('unknown order: a second, well-signed notification for a number nobody has', async () => {
  await world.knobs({ unknownOrder: true })
  await pay('A1')
  await got(2)
  const numbers = world.receiver.got.map((notification) => notification.out_trade_no)
  expect(numbers).toContain('A1')
  expect(numbers.filter((number) => number?.startsWith('NOBODY'))).toHaveLength(1)
  expect(rightlySigned()).toEqual([true, true])
})

test('finished after success: both states are told, and a refund is no longer possible', async () => {
  await world.knobs({ finishedAfterSuccess: true })
  await pay('A1')
  await got(2)
  const states = world.receiver.got.map((notification) => notification.trade_status)
  expect(states.sort()).toEqual(['TRADE_FINISHED', 'TRADE_SUCCESS'])
  expect(await refund('A1', 'R', '1.00')).toMatchObject({ subCode: 'ACQ.TRADE_HAS_FINISHED' })
})

test('notification before answer: precreate is answered after the payment was told', async () => {
  await world.knobs({ notificationBeforeAnswer: true })
  const order = { out_trade_no: 'A1', total_amount: '49.80', subject: '话费充值' }
  await world.ask('alipay.trade.precreate', order, { notify_url: world.receiver.url })
  expect(world.receiver.got.map((notification) => notification.trade_status)).toEqual(['TRADE_SUCCESS'])
})

test('fired 32 times at once by hand, under one id or under fresh ones', async () => {
  await pay('A1')
  await got(1)
  const { body } = await world.control('POST', `${tradePath('A1')}/notify`, { times: 32, concurrently: true })
  expect(body.receptions).toHaveLength(32)
  expect(body.receptions.every((reception: object) => 'status' in reception)).toBe(true)
  expect(world.receiver.got).toHaveLength(33)
  expect(new Set(world.receiver.got.map((notification) => notification.notify_id)).size).toBe(1)
  await world.control('POST', `${tradePath('A1')}/notify`, { times: 3, freshIds: true })
  expect(new Set(world.receiver.got.map((notification) => notification.notify_id)).size).toBe(4)
  expect(rightlySigned().every(Boolean)).toBe(true)
})

test('a ladder goes on after a restart where it stood', async () => {
  await world.control('PUT', '/control/clock', { retryScale: 0.001 })
  world.receiver.answer = () => ({ body: 'fail' })
  await pay('A1')
  await got(1)
  await world.restart()
  world.receiver.answer = () => ({ body: 'success' })
  await got(2)
  const ids = world.receiver.got.map((notification) => notification.notify_id)
  expect(new Set(ids).size).toBe(1)
  expect(rightlySigned()).toEqual([true, true])
  const rungs = async () => {
    const { body } = await world.control('GET', tradePath('A1'))
    return body.notifications[0].sendings.map((sending: { rung: number }) => sending.rung)
  }
  // A sending is written down after its answer has come.
  await expect.poll(rungs).toEqual([0, 1])
})

test('a trade without notify_url is paid in silence', async () => {
  const order = {
    out_trade_no: 'A1',
    total_amount: '1.00',
    subject: 's',
    product_code: 'FAST_INSTANT_TRADE_PAY',
  }
  const params = world.pagePay(order, { notify_url: undefined })
  delete params.notify_url
  await press(await arrive(world.sdk.pageExecute('alipay.trade.page.pay', 'GET', params)), 'confirm')
  await quiet()
  expect(world.receiver.got).toHaveLength(0)
})
