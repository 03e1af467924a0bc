import { createVerify } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { rsaPair } from '../../../../test/support/alipay-stand-in.ts'
import type { Charge, OpenMerchant, PaymentProvider, RefundCall } from '../../port.ts'
import { madeAtMs } from './beijing-time.ts'
import { readPlain } from './gateway.ts'
import { digestOf } from './signature.ts'
import {
  MER_ID,
  makeAuthority,
  NOW,
  NUMBER,
  plain,
  REFUND,
  type Reply,
  signAs,
  startStandIn,
} from './stand-in-fixture.ts'
import { openUnionPay } from './unionpay.ts'

const MINUTE = 60_000
const QUERY_ID = '442611221400054678901'
const ours = rsaPair()
const authority = makeAuthority()
const signer = authority.signer()
let nowMs = NOW

let standIn: Awaited<ReturnType<typeof startStandIn>>
let merchant: OpenMerchant
let unionpay: PaymentProvider
beforeAll(async () => {
  standIn = await startStandIn(signer)
  const { rootCertificate, middleCertificate } = authority
  merchant = {
    ...{ provider: 'unionpay', id: MER_ID, seller: MER_ID, currency: 'CNY', gateway: standIn.gateway },
    ...{ privateKey: ours.privateKey, providerKeys: [], secrets: {} },
    settings: { certId: '40220995861346', rootCertificate, middleCertificate, fileGateway: standIn.gateway },
  }
  unionpay = await openUnionPay(merchant, () => nowMs)
})
afterAll(() => standIn.close())

const charge: Charge = {
  number: NUMBER,
  scene: 'page',
  amountMinor: 4980n,
  currency: 'CNY',
  expiresAtMs: NOW + 30 * MINUTE,
  payer: null,
}
const shown = {
  subject: '莱卡保号 A&B={季度}',
  notifyUrl: 'http://laika.test/v1/notifications/unionpay/laika/1',
  returnUrl: 'http://laika.test/orders/1',
  locale: 'zh-CN',
} as const
const refundCall: RefundCall = {
  number: REFUND,
  paid: { number: NUMBER, reference: '20261122143000' },
  transaction: QUERY_ID,
  amountMinor: 980n,
  paidMinor: 4980n,
  sentAtMs: madeAtMs(REFUND),
  currency: 'CNY',
  reason: 'requested',
  notifyUrl: 'http://laika.test/refunds',
}
const known = { number: NUMBER, reference: '20261122143000' }
const found = {
  ...{
    respCode: '00',
    origRespCode: '00',
    txnType: '01',
    queryId: QUERY_ID,
    txnAmt: '4980',
    currencyCode: '156',
  },
  ...{ traceTime: '1122140005', txnTime: '20261122140000' },
}

describe('create', () => {
  test.each([
    ['page', '07'],
    ['wap', '08'],
  ] as const)('%s is a signed form, made without a call', async (scene, channelType) => {
    const before = standIn.calls.length
    const outcome = await unionpay.create({ ...charge, scene }, shown)
    if (outcome.kind !== 'started' || !('form' in outcome)) throw new Error('not a form')
    const { signature = '', ...fields } = outcome.form.fields
    expect(outcome.form.action).toBe(`${standIn.gateway}/frontTransReq.do`)
    expect(outcome.reference).toBe('20261122143000')
    expect(fields).toEqual({
      ...{ version: '5.1.0', encoding: 'utf-8', certId: '40220995861346', signMethod: '01', txnType: '01' },
      ...{
        txnSubType: '01',
        bizType: '000201',
        accessType: '0',
        merId: MER_ID,
        channelType,
        orderId: NUMBER,
      },
      ...{ txnTime: '20261122140000', txnAmt: '4980', currencyCode: '156', payTimeout: '20261122143000' },
      ...{ frontUrl: shown.returnUrl, backUrl: shown.notifyUrl },
      riskRateInfo: '{commodityName=莱卡保号 A B  季度 }',
    })
    const publicKey = `-----BEGIN PUBLIC KEY-----\n${ours.publicKey}\n-----END PUBLIC KEY-----`
    expect(createVerify('RSA-SHA256').update(digestOf(fields)).verify(publicKey, signature, 'base64')).toBe(
      true,
    )
    expect(standIn.calls).toHaveLength(before)
  })

  test.each([{ scene: 'qr' }, { scene: 'jsapi' }, { scene: 'payer-code' }, { currency: 'GBP' }] as const)(
    'no to %j',
    async (change) => {
      expect(await unionpay.create({ ...charge, ...change }, shown)).toMatchObject({ kind: 'no' })
    },
  )
})

test.each(['certId', 'rootCertificate', 'middleCertificate'])(
  'without the setting %s it does not open',
  async (name) => {
    const { [name]: _, ...settings } = merchant.settings
    await expect(openUnionPay({ ...merchant, settings }, () => NOW)).rejects.toThrow(name)
  },
)

test('without fileGateway there are no bills, without a key there is nothing', async () => {
  const { fileGateway: _, ...settings } = merchant.settings
  expect(await openUnionPay({ ...merchant, settings }, () => NOW)).not.toHaveProperty('fetchBill')
  await expect(openUnionPay({ ...merchant, privateKey: null }, () => NOW)).rejects.toThrow('private key')
})

describe('anything but an answer signed by UnionPay is unknown', () => {
  const said = { version: '5.1.0', signMethod: '01', merId: MER_ID, orderId: NUMBER, ...found }
  const replies: readonly (readonly [string, () => Reply])[] = [
    ['no answer within 5 s', () => 'hang'],
    ['a cut connection', () => 'cut'],
    ['HTTP 500', () => 'http-500'],
    ['no signature', () => ({ text: plain(said) })],
    ['a page', () => ({ text: '<html></html>' })],
    ['a stranger’s chain', () => ({ text: plain(signAs(said, makeAuthority().signer())) })],
    ['an altered answer', () => ({ text: plain({ ...signAs(said, signer), txnAmt: '4981' }) })],
    ['an amount said twice', () => ({ text: `txnAmt=1&${plain(signAs(said, signer))}` })],
    ['another merchant’s', () => ({ text: plain(signAs({ ...said, merId: '777290058110097' }, signer)) })],
    [
      'too long an answer',
      () => ({ text: plain(signAs({ ...said, reserved: 'x'.repeat(300_000) }, signer)) }),
    ],
  ]
  test.each(replies)('%s', async (_, reply) => {
    standIn.on(reply())
    expect(await unionpay.query(known)).toMatchObject({ kind: 'unknown' })
  })

  test('a value in braces may hold what else would part fields', () => {
    expect(readPlain('a={b=1&c={d=2}}&e=f=g')).toEqual({ a: '{b=1&c={d=2}}', e: 'f=g' })
    expect(readPlain('a=1&&b=2')).toBeNull()
  })
})

describe('query', () => {
  test('names the number and the time it was made, whatever the time now', async () => {
    standIn.on(found)
    await unionpay.query(known)
    expect(standIn.calls.at(-1)).toMatchObject({ txnType: '00', orderId: NUMBER, txnTime: '20261122140000' })
  })

  test.each<[string, Reply, number, object]>([
    [
      'paid',
      found,
      1,
      {
        kind: 'paid',
        status: '00',
        transaction: QUERY_ID,
        amountMinor: 4980n,
        currency: 'CNY',
        atMs: NOW + 5_000,
      },
    ],
    ['well with a flaw is paid', { ...found, origRespCode: 'A6' }, 1, { kind: 'paid', status: 'A6' }],
    ['under way: 03', { ...found, origRespCode: '03' }, 1, { kind: 'pending' }],
    ['under way: 04', { ...found, origRespCode: '04' }, 1, { kind: 'pending' }],
    ['under way: 05', { ...found, origRespCode: '05' }, 1, { kind: 'pending' }],
    ['without origRespCode', { ...found, origRespCode: '' }, 1, { kind: 'pending' }],
    ['failed while the payer may try again', { ...found, origRespCode: '64' }, 29, { kind: 'pending' }],
    ['failed past the time limit', { ...found, origRespCode: '64' }, 30, { kind: 'closed', status: '64' }],
    ['no such transaction', { respCode: '34' }, 1, { kind: 'not-found' }],
    ['asked too often', { respCode: '37' }, 1, { kind: 'unknown' }],
    ['a refusal of our call is no answer', { respCode: '11' }, 1, { kind: 'unknown' }],
    ['about another number', { ...found, orderId: REFUND }, 1, { kind: 'unknown' }],
    ['about another time', { ...found, txnTime: '20261122140001' }, 1, { kind: 'unknown' }],
    ['a refund under our number', { ...found, txnType: '04' }, 1, { kind: 'unknown' }],
    ['an amount that is none', { ...found, txnAmt: '49.80' }, 1, { kind: 'unknown' }],
    ['another currency', { ...found, currencyCode: '840' }, 1, { kind: 'unknown' }],
  ])('%s', async (_, reply, minutes, expected) => {
    nowMs = NOW + minutes * MINUTE
    standIn.on(reply)
    expect(await unionpay.query(known)).toMatchObject(expected)
  })

  test('keeps the very bytes of a final answer', async () => {
    standIn.on(found)
    const outcome = await unionpay.query(known)
    if (outcome.kind !== 'paid') throw new Error('not paid')
    expect(readPlain(outcome.raw.toString())).toMatchObject(outcome.fields)
    expect(Object.keys(outcome.fields)).not.toContain('signPubKeyCert')
  })
})

test.each<[string, Reply, number, object]>([
  ['paid', found, 40, { kind: 'over' }],
  ['failed, and too late for another try', { ...found, origRespCode: '64' }, 40, { kind: 'closed' }],
  ['nobody came', { respCode: '34' }, 40, { kind: 'not-found' }],
  ['still payable', { ...found, origRespCode: '64' }, 10, { kind: 'unknown' }],
  ['under way', { ...found, origRespCode: '05' }, 40, { kind: 'unknown' }],
  ['not answered', 'cut', 40, { kind: 'unknown' }],
])('close: %s', async (_, reply, minutes, expected) => {
  nowMs = NOW + minutes * MINUTE
  standIn.on(reply)
  expect(await unionpay.close(known)).toMatchObject(expected)
})

describe('refund', () => {
  const accepted = { respCode: '00', txnType: '04' }
  const back = { ...found, txnType: '04', txnAmt: '980', origQryId: QUERY_ID, txnTime: '20261122140500' }

  test('names the payment, our number and the amount, and wants no notice', async () => {
    standIn.on(accepted)
    expect(await unionpay.refund(refundCall)).toEqual({ kind: 'pending' })
    expect(standIn.calls.at(-1)).toMatchObject({
      ...{ txnType: '04', orderId: REFUND, txnTime: '20261122140500', txnAmt: '980', origQryId: QUERY_ID },
      backUrl: 'http://www.specialUrl.com',
    })
  })

  test.each<[string, Reply, object]>([
    ['not paid', { respCode: '35' }, { kind: 'no', reason: 'respCode 35' }],
    ['more than was paid', { respCode: '36', respMsg: '与原交易信息不符' }, { kind: 'no' }],
    ['not known: 03', { respCode: '03' }, { kind: 'unknown' }],
    ['not known: 05', { respCode: '05' }, { kind: 'unknown' }],
    ['seen before, and not found now', { respCode: '12' }, { kind: 'unknown' }],
    ['a refusal of our call', { respCode: '11' }, { kind: 'unknown' }],
    ['busy', { respCode: '06' }, { kind: 'unknown' }],
    ['about another number', { ...accepted, orderId: NUMBER }, { kind: 'unknown' }],
    ['not answered', 'cut', { kind: 'unknown' }],
  ])('%s', async (_, reply, expected) => {
    standIn.on(reply)
    expect(await unionpay.refund(refundCall)).toMatchObject(expected)
  })

  test.each<[string, Reply, number, object]>([
    ['done', back, 6, { kind: 'done', atMs: NOW + 5_000 }],
    ['under way', { ...back, origRespCode: '05' }, 6, { kind: 'pending' }],
    ['failed, which may change', { ...back, origRespCode: '01' }, 124, { kind: 'pending' }],
    ['failed for good', { ...back, origRespCode: '01' }, 125, { kind: 'no', reason: 'origRespCode 01' }],
    ['never made', { respCode: '34' }, 6, { kind: 'not-found' }],
    ['another amount under our number', { ...back, txnAmt: '981' }, 6, { kind: 'unknown' }],
    ['of another payment', { ...back, origQryId: '442611221400054678902' }, 6, { kind: 'unknown' }],
    ['not answered', 'cut', 6, { kind: 'unknown' }],
  ])('asked about: %s', async (_, reply, minutes, expected) => {
    nowMs = NOW + minutes * MINUTE
    standIn.on(reply)
    expect(await unionpay.queryRefund(refundCall)).toMatchObject(expected)
  })
})
