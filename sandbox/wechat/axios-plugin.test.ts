import { createHash } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { Formatter } from 'wechatpay-axios-plugin'
import { chinaTime, createClock } from '../clock.ts'
import type { ControlAnswer } from '../testing/world.ts'
import { openIdAt } from './payer.ts'
import { axiosClient, refusalOf } from './testing/clients.ts'
import {
  merchant,
  nextNumber,
  orderOf,
  otherMerchant,
  startWechatWorld,
  theirs,
  type WechatWorld,
} from './testing/world.ts'
import { wireTime } from './wire-time.ts'

let world: WechatWorld
let client: ReturnType<typeof axiosClient>

beforeAll(async () => {
  world = await startWechatWorld()
  client = axiosClient(world)
})
afterAll(() => world.end())
beforeEach(() => world.knobs({ reset: true }))

const { mchId } = merchant
const mine = { params: { mchid: mchId } }
const place = async (way: string, more: object = {}) => {
  const number = nextNumber()
  const { data } = await client
    .chain(`v3/pay/transactions/${way}`)
    .post<ControlAnswer>(orderOf(world, number, more))
  return { number, data }
}
const query = async (number: string) =>
  (await client.chain('v3/pay/transactions/out-trade-no/{number}').get({ ...mine, number })).data
const paid = async () => {
  const { number } = await place('native')
  await world.order(number, 'pay')
  return { number, said: await query(number) }
}
const refund = (transaction: string, number: string, fen = 4980) =>
  client.chain('v3/refund/domestic/refunds').post<ControlAnswer>({
    transaction_id: transaction,
    out_refund_no: number,
    amount: { refund: fen, total: 4980, currency: 'CNY' },
  })

describe('ways of paying', () => {
  test('native gives a code, h5 an address, jsapi and app a prepayment', async () => {
    const { home } = world.sandbox.addresses
    expect((await place('native')).data.code_url).toMatch(`${home}/wechat/scan?pr=`)
    const scene = { payer_client_ip: '203.0.113.7', h5_info: { type: 'Wap' } }
    expect((await place('h5', { scene_info: scene })).data.h5_url).toMatch(
      /\/wechat\/h5\?prepay_id=wx\w+&package=/,
    )
    expect((await place('jsapi', { payer: { openid: openIdAt(merchant.appId) } })).data.prepay_id).toMatch(
      /^wx\d{14}/,
    )
    expect((await place('app')).data.prepay_id).toMatch(/^wx/)
  })

  test('an order waits, is found by both numbers once paid, and a failed try leaves it waiting', async () => {
    const { number } = await place('native')
    expect(await query(number)).toMatchObject({ trade_state: 'NOTPAY', amount: { total: 4980 } })
    await world.order(number, 'refuse')
    expect(await query(number)).toMatchObject({ trade_state: 'NOTPAY' })
    await world.order(number, 'pay')
    const said = await query(number)
    expect(said).toMatchObject({
      mchid: mchId,
      appid: merchant.appId,
      trade_state: 'SUCCESS',
      trade_type: 'NATIVE',
      amount: { total: 4980, payer_total: 4980, currency: 'CNY' },
    })
    const id = said.transaction_id
    expect(id).toMatch(/^4200\d{24}$/)
    const { data } = await client.chain('v3/pay/transactions/id/{id}').get({ ...mine, id })
    expect(data).toEqual(said)
  })

  test('the same order again leads to the same payment; another under its number, or after its end, is refused', async () => {
    const { number } = await place('native')
    const again = (more: object = {}) =>
      client.chain('v3/pay/transactions/native').post(orderOf(world, number, more))
    expect((await again()).data).toHaveProperty('code_url')
    expect(await refusalOf(again({ description: '别的' }))).toEqual({
      status: 403,
      code: 'OUT_TRADE_NO_USED',
    })
    await world.order(number, 'pay')
    expect(await refusalOf(again())).toEqual({ status: 400, code: 'ORDER_PAID' })
  })

  test.each([
    ['another app', { appid: 'wxffffffffffffffff' }, 'APPID_MCHID_NOT_MATCH'],
    ['no amount', { amount: {} }, 'PARAM_ERROR'],
    ['half a fen', { amount: { total: 0.5 } }, 'PARAM_ERROR'],
    ['a past deadline', { time_expire: '2020-01-01T00:00:00+08:00' }, 'PARAM_ERROR'],
    ['a notify_url with a query', { notify_url: 'http://127.0.0.1/a?b=c' }, 'PARAM_ERROR'],
  ])('%s is refused', async (_, more, code) => {
    expect(await refusalOf(place('native', more))).toMatchObject({ status: 400, code })
  })

  test.each([
    ['of another app', openIdAt(otherMerchant.appId)],
    ['of nobody', 'oNobody'],
  ])('an openid %s is refused', async (_, openid) => {
    const refused = { status: 400, code: 'PARAM_ERROR' }
    expect(await refusalOf(place('jsapi', { payer: { openid } }))).toEqual(refused)
  })

  test('what never was, or is another merchant’s, does not exist', async () => {
    const { number } = await paid()
    expect(await refusalOf(query('NOBODYS'))).toEqual({ status: 404, code: 'ORDER_NOT_EXIST' })
    const { mchId: other, merchantSerialNo: serial } = otherMerchant
    const stranger = axiosClient(world, { mchId: other, serial, keys: theirs })
    const asked = stranger
      .chain('v3/pay/transactions/out-trade-no/{number}')
      .get({ params: { mchid: other }, number })
    expect(await refusalOf(asked)).toEqual({ status: 404, code: 'ORDER_NOT_EXIST' })
  })

  test('an order that is due closes by itself', async () => {
    const soon = wireTime(createClock().now() + 2_000)
    const { number } = await place('native', { time_expire: soon })
    await expect.poll(async () => (await query(number)).trade_state, { timeout: 8_000 }).toBe('CLOSED')
    expect(await world.order(number, 'pay')).toMatchObject({ code: 'ORDER_CLOSED' })
    await world.knobs({ paidAfterClose: true })
    expect(await world.order(number, 'pay')).toMatchObject({ state: 'SUCCESS' })
  })
})

describe('closing', () => {
  const close = (number: string) =>
    client.chain('v3/pay/transactions/out-trade-no/{number}/close').post({ mchid: mchId }, { number })

  test('answers 204, once; what is paid is not closed', async () => {
    const { number } = await place('native')
    expect((await close(number)).status).toBe(204)
    expect(await query(number)).toMatchObject({ trade_state: 'CLOSED' })
    expect(await refusalOf(close(number))).toEqual({ status: 400, code: 'ORDER_CLOSED' })
    expect(await refusalOf(close((await paid()).number))).toEqual({ status: 400, code: 'ORDER_PAID' })
    expect(await refusalOf(close('NOBODYS'))).toEqual({ status: 404, code: 'ORDER_NOT_EXIST' })
  })
})

describe('refunds', () => {
  const refundQuery = async (number: string) =>
    (await client.chain('v3/refund/domestic/refunds/{number}').get({ number })).data

  test('are taken up, then done; the same number never refunds twice', async () => {
    const { said } = await paid()
    const { data } = await refund(said.transaction_id, 'R1', 1000)
    expect(data).toMatchObject({
      status: 'PROCESSING',
      out_refund_no: 'R1',
      amount: { refund: 1000, total: 4980 },
    })
    await expect.poll(async () => (await refundQuery('R1')).status).toBe('SUCCESS')
    const again = await refund(said.transaction_id, 'R1', 1000)
    expect(again.data).toMatchObject({ status: 'SUCCESS', refund_id: data.refund_id })
    expect(await refusalOf(refund(said.transaction_id, 'R1', 2000))).toMatchObject({ code: 'PARAM_ERROR' })
    expect(await refusalOf(refund(said.transaction_id, 'R2', 4000))).toMatchObject({
      code: 'INVALID_REQUEST',
    })
    expect(await query(said.out_trade_no)).toMatchObject({ trade_state: 'REFUND' })
  })

  test('may end abnormal, until a person mends it', async () => {
    await world.knobs({ refundOutcome: 'ABNORMAL' })
    const { said } = await paid()
    await refund(said.transaction_id, 'R3')
    await expect.poll(async () => (await refundQuery('R3')).status).toBe('ABNORMAL')
    await world.control('POST', `/control/wechat/${mchId}/refunds/R3/succeed`)
    expect(await refundQuery('R3')).toMatchObject({ status: 'SUCCESS' })
  })

  test('of what was never paid, or never asked for, do not exist', async () => {
    expect(await refusalOf(refund('4200000000000000000000000000', 'R4'))).toMatchObject({
      code: 'RESOURCE_NOT_EXISTS',
    })
    expect(await refusalOf(refundQuery('R5'))).toEqual({ status: 404, code: 'RESOURCE_NOT_EXISTS' })
  })
})

describe('signatures', () => {
  test('a stranger’s key, another serial number and another merchant’s are refused, and nobody vouches for it', async () => {
    const { merchantSerialNo: serial } = merchant
    for (const signer of [
      { mchId, serial, keys: theirs },
      { mchId, serial: otherMerchant.merchantSerialNo, keys: theirs },
    ]) {
      const asked = axiosClient(world, signer).chain('v3/certificates').get()
      expect(await refusalOf(asked)).toEqual({ status: 401, code: 'SIGN_ERROR' })
    }
    const bare = await fetch(`${world.sandbox.addresses.wechat}/v3/certificates`)
    expect([bare.status, bare.headers.get('wechatpay-signature')]).toEqual([401, null])
  })

  test.each(['wrong', 'probe'])('the client finds a %s signature over an answer', async (answerSignature) => {
    const { number } = await place('native')
    await world.knobs({ answerSignature })
    await expect(query(number)).rejects.toThrow('Verify the response')
  })

  test('the client finds a clock that is ten minutes ahead, or is refused for its own', async () => {
    await world.knobs({ clockSkewSeconds: 600 })
    await expect(place('native')).rejects.toMatchObject({ response: { status: 401 } })
  })

  test('after a rotation both certificates are handed out, and the new one signs', async () => {
    const [before] = world.sandbox.wechatKeys(mchId)
    const { number } = await place('native')
    const { body } = await world.control('POST', `/control/wechat/merchants/${mchId}/rotate-key`)
    expect(body.platformKeys).toHaveLength(2)
    await expect(query(number)).rejects.toThrow('Cannot found the serial')
    client = axiosClient(world)
    expect(await query(number)).toMatchObject({ trade_state: 'NOTPAY' })
    const { data } = await client.chain('v3/certificates').get()
    const serials = data.data.map((item: { serial_no: string }) => item.serial_no)
    expect(serials).toEqual([body.platformKeys[0].serial, before?.serial])
  })
})

describe('bills', () => {
  const today = () => chinaTime(createClock().now()).slice(0, 10)
  const fetchBill = async (path: string, params: object) => {
    const { data } = await client.chain(path).get({ params })
    const { pathname, search } = new URL(data.download_url)
    const file = await client
      .chain(`${pathname.slice(1)}${search}`)
      .get({ responseType: 'arraybuffer', transformResponse: [] })
    return { said: data, bytes: Buffer.from(file.data) }
  }

  test('are made the next morning, and of a day that is no day never', async () => {
    const asked = (day: string) => client.chain('v3/bill/tradebill').get({ params: { bill_date: day } })
    expect(await refusalOf(asked(today()))).toMatchObject({ status: 400, code: 'PARAM_ERROR' })
    expect(await refusalOf(asked('2026-13-01'))).toMatchObject({ code: 'PARAM_ERROR' })
    await world.knobs({ billsAtOnce: true })
    const other = otherMerchant.mchId
    await world.control('PUT', `/control/wechat/merchants/${other}/knobs`, { billsAtOnce: true })
    const { merchantSerialNo: serial } = otherMerchant
    const idle = axiosClient(world, { mchId: other, serial, keys: theirs })
    const none = idle.chain('v3/bill/tradebill').get({ params: { bill_date: today() } })
    expect(await refusalOf(none)).toMatchObject({ code: 'NO_STATEMENT_EXIST' })
  })

  test('list payments and refunds in yuan, with fees and sums, under their hash', async () => {
    await world.knobs({ billsAtOnce: true })
    const { number, said } = await paid()
    await refund(said.transaction_id, 'R9', 1000)
    const { said: told, bytes } = await fetchBill('v3/bill/tradebill', { bill_date: today() })
    expect(told).toMatchObject({
      hash_type: 'SHA1',
      hash_value: createHash('sha1').update(bytes).digest('hex'),
    })
    const { rows, summary } = Formatter.castCsvBill(bytes) as unknown as {
      rows: Record<string, string>[]
      summary: Record<string, string>
    }
    expect(rows.find((row) => row.商户订单号 === number && row.交易状态 === 'SUCCESS')).toMatchObject({
      微信订单号: said.transaction_id,
      订单金额: '49.80',
      应结订单金额: '49.80',
      手续费: '0.30000',
      费率: '0.60%',
      商户退款单号: '0',
    })
    expect(rows.find((row) => row.商户退款单号 === 'R9')).toMatchObject({
      交易状态: 'REFUND',
      申请退款金额: '10.00',
      手续费: '-0.06000',
      订单金额: '0.00',
    })
    expect(summary.总交易单数).toBe(`${rows.length}`)
  })

  test('zipped, the hash is of the file before zipping; and money flowed as the bill says', async () => {
    await world.knobs({ billsAtOnce: true })
    await paid()
    const { said, bytes } = await fetchBill('v3/bill/fundflowbill', { bill_date: today(), tar_type: 'GZIP' })
    const { gunzipSync } = await import('node:zlib')
    const plain = gunzipSync(bytes)
    expect(said.hash_value).toBe(createHash('sha1').update(plain).digest('hex'))
    const { rows } = Formatter.castCsvBill(plain) as unknown as { rows: Record<string, string>[] }
    const kinds = new Set(rows.map((row) => `${row.业务名称} ${row.收支类型}`))
    expect(kinds).toEqual(new Set(['交易 收入', '扣除交易手续费 支出', '退款 支出']))
  })

  test.each([
    ['row-missing', -1],
    ['row-extra', 1],
    ['fen-off', 0],
  ])('the knob %s spoils a row, and its sums follow', async (billFault, more) => {
    await world.knobs({ billsAtOnce: true })
    await paid()
    const rowsNow = async () => {
      const { bytes } = await fetchBill('v3/bill/tradebill', { bill_date: today() })
      return (Formatter.castCsvBill(bytes) as unknown as { rows: Record<string, string>[] }).rows
    }
    const right = await rowsNow()
    await world.knobs({ billFault })
    const spoilt = await rowsNow()
    expect(spoilt).toHaveLength(right.length + more)
    expect(spoilt).not.toEqual(right)
  })
})
