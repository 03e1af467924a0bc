import { createVerify } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  type AlipayStandIn,
  type Reply,
  rsaPair,
  signContent,
  startAlipayStandIn,
} from '../../../../test/support/alipay-stand-in.ts'
import { APP_ID, SELLER } from '../../../../test/support/payment.ts'
import type { Charge, PaymentProvider, RefundCall } from '../../port.ts'
import { openAlipay } from './alipay.ts'

const ours = rsaPair()
const NUMBER = '01JD9Z3K6N8Q4W2V7X5Y0ABCDE'
const TRANSACTION = '2026112222001451099412345678'
const NOW = Date.UTC(2026, 10, 22, 6)

const charge: Charge = {
  number: NUMBER,
  scene: 'qr',
  amountMinor: 4980n,
  currency: 'CNY',
  expiresAtMs: NOW + 30 * 60_000,
  payer: null,
}
const shown = {
  subject: '莱卡保号 A/B=C&D',
  notifyUrl: 'http://laika.test/v1/notifications/alipay/laika/1',
  returnUrl: 'http://laika.test/orders/1?a=b',
  locale: 'zh-CN',
} as const
const refundCall: RefundCall = {
  number: '01JD9Z3K6N8Q4W2V7X5Y0ABCDF',
  paid: { number: NUMBER, reference: null },
  transaction: TRANSACTION,
  amountMinor: 4980n,
  paidMinor: 4980n,
  sentAtMs: NOW,
  currency: 'CNY',
  reason: 'amount-mismatch',
  notifyUrl: 'http://laika.test/refunds',
}

let standIn: AlipayStandIn
let alipay: PaymentProvider
beforeAll(async () => {
  standIn = await startAlipayStandIn(ours.publicKey)
  alipay = await openAlipay(
    {
      provider: 'alipay',
      id: APP_ID,
      seller: SELLER,
      currency: 'CNY',
      gateway: standIn.gateway,
      privateKey: ours.privateKey,
      providerKeys: [standIn.publicKey],
      secrets: {},
      settings: {},
    },
    () => NOW,
  )
})
afterAll(() => standIn.close())

const PRECREATE = 'alipay.trade.precreate'
const QUERY = 'alipay.trade.query'
const PAY = 'alipay.trade.pay'
const CANCEL = 'alipay.trade.cancel'
const CLOSE = 'alipay.trade.close'
const REFUND = 'alipay.trade.refund'
const REFUND_QUERY = 'alipay.trade.fastpay.refund.query'
const NOT_EXIST = { code: '40004', sub_code: 'ACQ.TRADE_NOT_EXIST' }
const SYSTEM_ERROR = { code: '40004', sub_code: 'ACQ.SYSTEM_ERROR' }
const paid = {
  code: '10000',
  out_trade_no: NUMBER,
  trade_no: TRANSACTION,
  trade_status: 'TRADE_SUCCESS',
  total_amount: '49.80',
  send_pay_date: '2026-11-22 14:00:05',
}

describe('page and phone page', () => {
  test.each([
    ['page', 'alipay.trade.page.pay', 'FAST_INSTANT_TRADE_PAY'],
    ['wap', 'alipay.trade.wap.pay', 'QUICK_WAP_WAY'],
  ] as const)('%s is a signed address, made without a call', async (scene, method, product) => {
    const callsBefore = standIn.calls.length
    const outcome = await alipay.create({ ...charge, scene }, shown)
    if (outcome.kind !== 'started' || !('redirectUrl' in outcome)) throw new Error('not a redirect')
    const params = Object.fromEntries(new URL(outcome.redirectUrl).searchParams)
    expect(params).toMatchObject({
      app_id: APP_ID,
      method,
      format: 'JSON',
      charset: 'utf-8',
      sign_type: 'RSA2',
      timestamp: '2026-11-22 14:00:00',
      notify_url: shown.notifyUrl,
      return_url: shown.returnUrl,
    })
    expect(JSON.parse(params.biz_content as string)).toMatchObject({
      out_trade_no: NUMBER,
      total_amount: '49.80',
      subject: '莱卡保号 A B C D',
      time_expire: '2026-11-22 14:30:00',
      product_code: product,
    })
    const verifier = createVerify('RSA-SHA256').update(signContent(params, ['sign']))
    const publicKey = `-----BEGIN PUBLIC KEY-----\n${ours.publicKey}\n-----END PUBLIC KEY-----`
    expect(verifier.verify(publicKey, params.sign as string, 'base64')).toBe(true)
    expect(standIn.calls).toHaveLength(callsBefore)
  })

  test('another currency than yuan is named', async () => {
    const outcome = await alipay.create({ ...charge, scene: 'page', currency: 'GBP' }, shown)
    expect(outcome).toMatchObject({ redirectUrl: expect.stringContaining('trans_currency%22%3A%22GBP') })
  })
})

describe('precreate', () => {
  const started = { code: '10000', out_trade_no: NUMBER, qr_code: 'https://qr.alipay.com/bax1' }
  test.each<[string, Reply, object]>([
    ['a code', started, { kind: 'started', qr: 'https://qr.alipay.com/bax1' }],
    ['a code for another number', { ...started, out_trade_no: 'X' }, { kind: 'unknown' }],
    [
      'a business no',
      { code: '40004', sub_code: 'ACQ.INVALID_PARAMETER' },
      { kind: 'no', reason: 'ACQ.INVALID_PARAMETER' },
    ],
    ['a wrong signature of ours', { code: '40002', sub_code: 'isv.invalid-signature' }, { kind: 'no' }],
    ['Alipay’s own trouble', SYSTEM_ERROR, { kind: 'unknown' }],
    ['the gateway’s own trouble', { code: '20000', sub_code: 'isp.unknow-error' }, { kind: 'unknown' }],
    [
      '"paid already": an earlier call did arrive',
      { code: '40004', sub_code: 'ACQ.TRADE_HAS_SUCCESS' },
      { kind: 'unknown' },
    ],
    ['"closed already"', { code: '40004', sub_code: 'ACQ.TRADE_HAS_CLOSE' }, { kind: 'unknown' }],
  ])('%s', async (_, reply, expected) => {
    standIn.on(PRECREATE, reply)
    expect(await alipay.create(charge, shown)).toMatchObject(expected)
  })

  test('tells Alipay where to notify, and when to take no more money', async () => {
    standIn.on(PRECREATE, started)
    await alipay.create(charge, shown)
    const { params, biz } = standIn.calls.at(-1) as (typeof standIn.calls)[number]
    expect(params.notify_url).toBe(shown.notifyUrl)
    expect(biz).toMatchObject({ time_expire: '2026-11-22 14:30:00', total_amount: '49.80' })
  })
})

describe('anything but an answer signed by Alipay is unknown', () => {
  const forged = `"alipay_trade_query_response":${JSON.stringify({ ...paid, total_amount: '0.01' })}`
  const replies: readonly (readonly [string, () => Reply])[] = [
    ['no answer within 5 s', () => 'hang'],
    ['a cut connection', () => 'cut'],
    ['HTTP 500', () => 'http-500'],
    ['a 200 with a wrong signature', () => 'wrong-signature'],
    ['no signature', () => ({ text: `{${forged}}` })],
    ['a page', () => ({ text: '<html></html>' })],
    [
      'an unsigned error',
      () => ({ text: '{"error_response":{"code":"40004","sub_code":"ACQ.TRADE_NOT_EXIST"}}' }),
    ],
    ['an altered answer', () => ({ text: standIn.answer(QUERY, paid).replace('49.80', '59.80') })],
    ['too long an answer', () => ({ text: standIn.answer(QUERY, { ...paid, body: 'x'.repeat(300_000) }) })],
  ]
  test.each(replies)('%s', async (_, reply) => {
    standIn.on(QUERY, reply())
    expect(await alipay.query({ number: NUMBER, reference: null })).toMatchObject({ kind: 'unknown' })
  })

  test('a second answer under an escaped name, behind the signature, is not read', async () => {
    const genuine = standIn.answer(QUERY, { ...paid, trade_status: 'WAIT_BUYER_PAY' })
    const second = forged.replace('"alipay', '"\\u0061lipay')
    standIn.on(QUERY, { text: `${genuine.slice(0, -1)},${second}}` })
    expect(await alipay.query({ number: NUMBER, reference: null })).toEqual({ kind: 'pending' })
  })
})

describe('query', () => {
  test.each<[string, Reply, object]>([
    [
      'paid',
      paid,
      {
        kind: 'paid',
        status: 'TRADE_SUCCESS',
        transaction: TRANSACTION,
        amountMinor: 4980n,
        currency: 'CNY',
        atMs: Date.UTC(2026, 10, 22, 6, 0, 5),
      },
    ],
    [
      'finished is paid',
      { ...paid, trade_status: 'TRADE_FINISHED' },
      { kind: 'paid', status: 'TRADE_FINISHED' },
    ],
    [
      'closed after payment is refunded',
      { ...paid, trade_status: 'TRADE_CLOSED' },
      { kind: 'refunded', amountMinor: 4980n },
    ],
    [
      'closed without payment',
      {
        code: '10000',
        out_trade_no: NUMBER,
        trade_no: TRANSACTION,
        trade_status: 'TRADE_CLOSED',
        total_amount: '49.80',
      },
      { kind: 'closed' },
    ],
    ['waiting', { ...paid, trade_status: 'WAIT_BUYER_PAY' }, { kind: 'pending' }],
    ['no trade', NOT_EXIST, { kind: 'not-found' }],
    ['Alipay’s own trouble', SYSTEM_ERROR, { kind: 'unknown' }],
    [
      'a refusal of our call is no answer',
      { code: '40002', sub_code: 'isv.invalid-signature' },
      { kind: 'unknown' },
    ],
    ['about another number', { ...paid, out_trade_no: 'X' }, { kind: 'unknown' }],
    ['a status that is none', { ...paid, trade_status: 'TRADE_REOPENED' }, { kind: 'unknown' }],
    ['an amount that is none', { ...paid, total_amount: '1e2' }, { kind: 'unknown' }],
    ['an amount as a number', { ...paid, total_amount: 49.8 }, { kind: 'unknown' }],
    ['another currency', { ...paid, trans_currency: 'GBP' }, { kind: 'paid', currency: 'GBP' }],
  ])('%s', async (_, reply, expected) => {
    standIn.on(QUERY, reply)
    expect(await alipay.query({ number: NUMBER, reference: null })).toMatchObject(expected)
  })

  test('keeps the very bytes of a final answer', async () => {
    standIn.on(QUERY, paid)
    const outcome = await alipay.query({ number: NUMBER, reference: null })
    expect(outcome).toMatchObject({ raw: Buffer.from(standIn.answer(QUERY, paid)), fields: paid })
  })
})

describe('close', () => {
  test.each<[string, Reply, object]>([
    ['closed', { code: '10000', out_trade_no: NUMBER, trade_no: TRANSACTION }, { kind: 'closed' }],
    ['paid or closed before', { code: '40004', sub_code: 'ACQ.TRADE_STATUS_ERROR' }, { kind: 'over' }],
    ['no trade', NOT_EXIST, { kind: 'not-found' }],
    ['not answered', 'cut', { kind: 'unknown' }],
    ['Alipay’s own trouble', SYSTEM_ERROR, { kind: 'unknown' }],
    ['another number closed', { code: '10000', out_trade_no: 'X' }, { kind: 'unknown' }],
  ])('%s', async (_, reply, expected) => {
    standIn.on(CLOSE, reply)
    expect(await alipay.close({ number: NUMBER, reference: null })).toMatchObject(expected)
  })
})

describe('refund', () => {
  const moved = {
    code: '10000',
    trade_no: TRANSACTION,
    fund_change: 'Y',
    gmt_refund_pay: '2026-11-22 15:00:00',
  }
  const found = {
    code: '10000',
    out_request_no: refundCall.number,
    trade_no: TRANSACTION,
    refund_amount: '49.80',
    refund_status: 'REFUND_SUCCESS',
    gmt_refund_pay: '2026-11-22 15:00:00',
  }

  test.each<[string, Reply, Reply, object]>([
    ['made', moved, 'cut', { kind: 'done', atMs: Date.UTC(2026, 10, 22, 7) }],
    ['made by an earlier call', { ...moved, fund_change: 'N' }, found, { kind: 'done' }],
    ['accepted, not moved', { ...moved, fund_change: 'N' }, { code: '10000' }, { kind: 'unknown' }],
    [
      'refused',
      { code: '40004', sub_code: 'ACQ.TRADE_HAS_FINISHED' },
      'cut',
      { kind: 'no', reason: 'ACQ.TRADE_HAS_FINISHED' },
    ],
    ['Alipay’s own trouble', SYSTEM_ERROR, 'cut', { kind: 'unknown' }],
    [
      'a refusal of our call',
      { code: '40002', sub_code: 'isv.invalid-signature' },
      'cut',
      { kind: 'unknown' },
    ],
    ['not answered', 'cut', 'cut', { kind: 'unknown' }],
    ['of another payment', { ...moved, trade_no: 'X' }, 'cut', { kind: 'unknown' }],
  ])('%s', async (_, reply, queried, expected) => {
    standIn.on(REFUND, reply)
    standIn.on(REFUND_QUERY, queried)
    expect(await alipay.refund(refundCall)).toMatchObject(expected)
  })

  test('names the payment, our number and the amount', async () => {
    standIn.on(REFUND, moved)
    await alipay.refund(refundCall)
    expect(standIn.calls.at(-1)?.biz).toEqual({
      trade_no: TRANSACTION,
      out_request_no: refundCall.number,
      refund_amount: '49.80',
      refund_reason: 'amount-mismatch',
    })
  })

  test.each<[string, Reply, object]>([
    ['done', found, { kind: 'done', atMs: Date.UTC(2026, 10, 22, 7) }],
    ['never made', { code: '10000' }, { kind: 'not-found' }],
    ['another amount under our number', { ...found, refund_amount: '1.00' }, { kind: 'unknown' }],
    ['another number', { ...found, out_request_no: 'X' }, { kind: 'unknown' }],
    ['not answered', 'cut', { kind: 'unknown' }],
  ])('asked about: %s', async (_, reply, expected) => {
    standIn.on(REFUND_QUERY, reply)
    expect(await alipay.queryRefund(refundCall)).toMatchObject(expected)
  })
})

describe('payer’s code', () => {
  const code = { ...charge, scene: 'payer-code', payer: { payerCode: '281234567890123456' } } as const
  const taken = { code: '10000', out_trade_no: NUMBER, trade_no: TRANSACTION }
  test.each<[string, Reply, object]>([
    ['paid', taken, { kind: 'taken' }],
    ['the payer is typing a password', { ...taken, code: '10003' }, { kind: 'taken' }],
    ['not known', { code: '20000', sub_code: 'isp.unknow-error' }, { kind: 'unknown' }],
    ['Alipay’s own trouble', SYSTEM_ERROR, { kind: 'unknown' }],
    ['no answer', 'cut', { kind: 'unknown' }],
    ['paid by an earlier call', { code: '40004', sub_code: 'ACQ.TRADE_HAS_SUCCESS' }, { kind: 'unknown' }],
    ['about another number', { ...taken, out_trade_no: 'X' }, { kind: 'unknown' }],
    [
      'a code that has expired',
      { code: '40004', sub_code: 'ACQ.PAYMENT_AUTH_CODE_INVALID' },
      { kind: 'no', reason: 'ACQ.PAYMENT_AUTH_CODE_INVALID' },
    ],
  ])('%s', async (_, reply, expected) => {
    standIn.on(PAY, reply)
    expect(await alipay.create(code, shown)).toMatchObject(expected)
  })

  test('is sent as a bar code with the payment’s time limit, and not at all without a code', async () => {
    standIn.on(PAY, taken)
    await alipay.create(code, shown)
    expect(standIn.calls.at(-1)?.biz).toMatchObject({
      ...{ scene: 'bar_code', auth_code: '281234567890123456', product_code: 'FACE_TO_FACE_PAYMENT' },
      ...{ out_trade_no: NUMBER, total_amount: '49.80', time_expire: '2026-11-22 14:30:00' },
    })
    expect(await alipay.create({ ...code, payer: null }, shown)).toMatchObject({ kind: 'no' })
  })

  const cancelled = { code: '10000', out_trade_no: NUMBER, retry_flag: 'N' }
  test.each<[string, Reply, object]>([
    ['closed', { ...cancelled, action: 'close' }, { kind: 'closed' }],
    [
      'paid, hence refunded',
      { ...cancelled, action: 'refund' },
      { kind: 'closed', fields: { action: 'refund' } },
    ],
    ['nothing there', cancelled, { kind: 'not-found' }],
    ['to be tried again', { ...cancelled, retry_flag: 'Y' }, { kind: 'unknown' }],
    ['past undoing', { code: '40004', sub_code: 'ACQ.TRADE_HAS_FINISHED' }, { kind: 'over' }],
    ['another number', { ...cancelled, out_trade_no: 'X', action: 'close' }, { kind: 'unknown' }],
    ['not answered', 'cut', { kind: 'unknown' }],
  ])('reversed: %s', async (_, reply, expected) => {
    standIn.on(CANCEL, reply)
    expect(await alipay.reverse?.({ number: NUMBER, reference: null })).toMatchObject(expected)
  })
})

test.each<[string, Reply, object]>([
  ['not made yet', { code: '40004', sub_code: 'isp.bill_not_exist' }, { kind: 'not-ready' }],
  ['Alipay’s own trouble', SYSTEM_ERROR, { kind: 'unknown' }],
  ['an address that is none', { code: '10000', bill_download_url: 'x' }, { kind: 'unknown' }],
  ['an address by another way', { code: '10000', bill_download_url: 'ftp://x/' }, { kind: 'unknown' }],
  ['nobody there', { code: '10000', bill_download_url: 'http://127.0.0.1:9/' }, { kind: 'unknown' }],
])('a bill: %s', async (_, reply, expected) => {
  standIn.on('alipay.data.dataservice.bill.downloadurl.query', reply)
  expect(await alipay.fetchBill?.('2026-11-21')).toMatchObject(expected)
})
