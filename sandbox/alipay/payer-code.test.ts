import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { nextOrder, order } from '../testing/trades.ts'
import { startWorld, until, type World } from '../testing/world.ts'

let world: World

beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.end())
beforeEach(() => world.knobs({ reset: true }))

const at = (path: string) => `${world.sandbox.addresses.home}${path}`

/** Takes a code from the wallet's page as its visitor does; answers the page's address and the digits. */
async function takeCode(wish: string): Promise<{ page: string; code: string }> {
  const body = new URLSearchParams({ wish })
  const answer = await fetch(at('/wallet/payer-code'), { method: 'POST', body, redirect: 'manual' })
  const page = at(answer.headers.get('location') ?? '')
  const text = await (await fetch(page)).text()
  const code = /data-testid="payer-code">([\d ]+)</.exec(text)?.[1]?.replaceAll(' ', '') ?? ''
  expect(text).toContain('<svg')
  return { page, code }
}

const charge = (outTradeNo: string, authCode: string, biz: object = {}) =>
  world.ask(
    'alipay.trade.pay',
    { ...order(outTradeNo), scene: 'bar_code', auth_code: authCode, ...biz },
    { notify_url: world.receiver.url },
  )
const query = (outTradeNo: string) => world.ask('alipay.trade.query', { out_trade_no: outTradeNo })
const cancel = (outTradeNo: string) => world.ask('alipay.trade.cancel', { out_trade_no: outTradeNo })
const stateOf = async (page: string) => await (await fetch(`${page}/state`)).text()

test('a code is 18 digits that Alipay’s begin with, shown in the language of the browser', async () => {
  const { page, code } = await takeCode('at-once')
  expect(code).toMatch(/^28\d{16}$/)
  expect(await stateOf(page)).toBe('等商户扫码')
  expect(await (await fetch(`${page}/state?lang=en`)).text()).toBe('Waiting to be scanned')
})

describe('charged', () => {
  test('at once: 10000 with the money, a notification, and the wallet knows', async () => {
    const { page, code } = await takeCode('at-once')
    const outTradeNo = nextOrder()
    expect(await charge(outTradeNo, code)).toMatchObject({
      ...{ code: '10000', outTradeNo, totalAmount: '49.80', receiptAmount: '49.80' },
      gmtPayment: expect.stringMatching(/^\d{4}-/),
    })
    expect(await query(outTradeNo)).toMatchObject({ tradeStatus: 'TRADE_SUCCESS' })
    await until('the notification', () => world.receiver.got.some((one) => one.out_trade_no === outTradeNo))
    expect(await stateOf(page)).toBe('已付款 ¥49.80')
  })

  test('a code pays once; a repeated call for a paid trade says so', async () => {
    const { code } = await takeCode('at-once')
    const outTradeNo = nextOrder()
    const answers = await Promise.all([1, 2, 3].map(() => charge(nextOrder(), code)))
    expect(answers.filter((answer) => answer.code === '10000')).toHaveLength(1)
    expect(answers.map((answer) => answer.subCode).filter(Boolean)).toEqual(
      Array(2).fill('ACQ.PAYMENT_AUTH_CODE_INVALID'),
    )
    const other = await takeCode('at-once')
    await charge(outTradeNo, other.code)
    expect(await charge(outTradeNo, other.code)).toMatchObject({ subCode: 'ACQ.TRADE_HAS_SUCCESS' })
  })

  test('with a password: 10003, waiting, then paid in the wallet', async () => {
    const { page, code } = await takeCode('password')
    const outTradeNo = nextOrder()
    expect(await charge(outTradeNo, code)).toMatchObject({ code: '10003', outTradeNo })
    expect(await query(outTradeNo)).toMatchObject({ tradeStatus: 'WAIT_BUYER_PAY' })
    const trade = /href="([^"]+)"/.exec(await stateOf(page))?.[1] ?? ''
    await fetch(at(`${trade}/confirm`), { method: 'POST', redirect: 'manual' })
    expect(await query(outTradeNo)).toMatchObject({ tradeStatus: 'TRADE_SUCCESS' })
  })

  test('with a password nobody types: cancelled, and closed', async () => {
    const { page, code } = await takeCode('password')
    const outTradeNo = nextOrder()
    await charge(outTradeNo, code)
    expect(await cancel(outTradeNo)).toMatchObject({ code: '10000', action: 'close' })
    expect(await query(outTradeNo)).toMatchObject({ tradeStatus: 'TRADE_CLOSED' })
    expect(await stateOf(page)).toContain('没有扣款')
  })

  test('and answered 20000: paid all the same, and a cancel gives it back', async () => {
    await world.knobs({ payerCodeAnswer: 'unknown' })
    const { code } = await takeCode('at-once')
    const outTradeNo = nextOrder()
    expect(await charge(outTradeNo, code)).toMatchObject({ code: '20000' })
    expect(await query(outTradeNo)).toMatchObject({ tradeStatus: 'TRADE_SUCCESS' })
    expect(await cancel(outTradeNo)).toMatchObject({ action: 'refund' })
    expect(await query(outTradeNo)).toMatchObject({ tradeStatus: 'TRADE_CLOSED' })
  })

  test('never answered: carried out all the same', async () => {
    await world.knobs({ fault: 'time-out', faultMethod: 'alipay.trade.pay' })
    const { code } = await takeCode('at-once')
    const outTradeNo = nextOrder()
    await expect(charge(outTradeNo, code)).rejects.toThrow()
    expect(await query(outTradeNo)).toMatchObject({ tradeStatus: 'TRADE_SUCCESS' })
  })

  test('with too little money, with a code nobody has, as something else than a bar code', async () => {
    const { page, code } = await takeCode('poor')
    expect(await charge(nextOrder(), code)).toMatchObject({
      ...{ code: '40004', subCode: 'ACQ.BUYER_BALANCE_NOT_ENOUGH' },
    })
    expect(await stateOf(page)).toContain('余额不足')
    expect(await charge(nextOrder(), '289999999999999999')).toMatchObject({
      subCode: 'ACQ.PAYMENT_AUTH_CODE_INVALID',
    })
    const wave = await takeCode('at-once')
    expect(await charge(nextOrder(), wave.code, { scene: 'wave_code' })).toMatchObject({
      subCode: 'ACQ.INVALID_PARAMETER',
    })
  })
})
