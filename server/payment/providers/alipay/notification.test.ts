import { createSign } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { idToWire } from '../../../../contract/id.ts'
import { rsa2, rsaPair, signContent } from '../../../../test/support/alipay-stand-in.ts'
import { eachBitFlipped, quickKeys } from '../../../../test/support/bit-flips.ts'
import { APP_ID, paidNotice, SELLER } from '../../../../test/support/payment.ts'
import type { OpenMerchant } from '../../port.ts'
import { openGateway } from './gateway.ts'
import { verifyNotification } from './notification.ts'

const alipay = rsaPair()
const stranger = rsaPair()
const NUMBER = '01JD9Z3K6N8Q4W2V7X5Y0ABCDE'

const merchant: OpenMerchant = {
  provider: 'alipay',
  id: APP_ID,
  seller: SELLER,
  currency: 'CNY',
  gateway: 'http://127.0.0.1:9/gateway.do',
  privateKey: rsaPair().privateKey,
  providerKeys: [alipay.publicKey],
  secrets: {},
  settings: {},
}

function body(fields: Readonly<Record<string, string>>, key = alipay.key): string {
  const sign = rsa2(signContent(fields, ['sign', 'sign_type']), key)
  return new URLSearchParams({ ...fields, sign_type: 'RSA2', sign }).toString()
}

function verify(text: string | Buffer, as: Partial<OpenMerchant> = {}) {
  const full = { ...merchant, ...as }
  const bytes = typeof text === 'string' ? Buffer.from(text) : text
  return verifyNotification(
    bytes,
    full,
    openGateway(full, () => 0),
  )
}

const notice = (fields: Readonly<Record<string, string>> = {}) => paidNotice(NUMBER, fields)

describe('a genuine notification', () => {
  test('of a payment says what was taken, under which number, when', () => {
    const text = body(notice())
    expect(verify(text)).toMatchObject({
      kind: 'final',
      said: 'paid',
      id: '2026112200222140512099451234567890',
      number: NUMBER,
      refundNumber: null,
      money: { transaction: '2026112222001451099412345678', amountMinor: 4980n, currency: 'CNY' },
      atMs: Date.UTC(2026, 10, 22, 6, 0, 5),
      raw: Buffer.from(text),
      fields: { subject: '莱卡保号 季度套餐 + 50%' },
    })
  })

  test('keeps its values decoded once: an escape within a value stays an escape', () => {
    expect(verify(body(notice({ subject: '100%2B' })))).toMatchObject({ fields: { subject: '100%2B' } })
  })

  test('is genuine too where `sign_type` is under its signature', () => {
    const fields = { ...notice(), sign_type: 'RSA2' }
    const sign = rsa2(signContent(fields, ['sign']), alipay.key)
    const told = (change = {}) => new URLSearchParams({ ...fields, sign, ...change }).toString()
    expect(verify(told()).kind).toBe('final')
    expect(verify(told({ total_amount: '49.81' })).kind).toBe('refused')
  })

  test('is genuine by either key while Alipay changes keys', () => {
    const next = rsaPair()
    const both = { providerKeys: [next.publicKey, alipay.publicKey] }
    expect(verify(body(notice()), both).kind).toBe('final')
    expect(verify(body(notice(), next.key), both).kind).toBe('final')
    expect(verify(body(notice(), next.key)).kind).toBe('refused')
  })

  test.each([
    ['TRADE_FINISHED', {}, { kind: 'final', said: 'paid' }],
    ['WAIT_BUYER_PAY', {}, { kind: 'passing' }],
    ['TRADE_CLOSED', {}, { kind: 'final', said: 'refunded', money: { amountMinor: 4980n } }],
    [
      'TRADE_SUCCESS',
      { refund_fee: '10.00' },
      { kind: 'final', said: 'refunded', money: { amountMinor: 1000n } },
    ],
    [
      'TRADE_CLOSED',
      { refund_fee: '49.80' },
      { kind: 'final', said: 'refunded', money: { amountMinor: 4980n } },
    ],
    ['TRADE_REOPENED', {}, { kind: 'refused', fault: 'malformed' }],
  ])('%s %j', (status, fields, expected) => {
    expect(verify(body(notice({ trade_status: status, ...fields })))).toMatchObject(expected)
  })

  test('TRADE_CLOSED without a payment is a closing, without money', () => {
    const { gmt_payment: _, ...unpaid } = notice({ trade_status: 'TRADE_CLOSED' })
    expect(verify(body(unpaid))).toMatchObject({ kind: 'final', said: 'closed', money: null })
  })

  test('of a refund names the refund’s number', () => {
    const fields = {
      refund_fee: '49.80',
      out_biz_no: '01JD9Z3K6N8Q4W2V7X5Y0ABCDF',
      gmt_refund: '2026-11-22 15:00:00.000',
    }
    expect(verify(body(notice(fields)))).toMatchObject({
      refundNumber: '01JD9Z3K6N8Q4W2V7X5Y0ABCDF',
      atMs: Date.UTC(2026, 10, 22, 7),
    })
  })

  test('states another currency where the trade has one', () => {
    expect(verify(body(notice({ trans_currency: 'GBP' })))).toMatchObject({ money: { currency: 'GBP' } })
  })
})

describe('a notification is refused', () => {
  const refused = (fault: string) => ({ kind: 'refused', fault })

  test('with any single bit flipped, of fifty', { timeout: 180_000 }, () => {
    const quick = quickKeys()
    const spki = quick.publicKey.export({ format: 'der', type: 'spki' }).toString('base64')
    const as = { ...merchant, providerKeys: [spki] }
    const gateway = openGateway(as, () => 0)
    const passed: string[] = []
    for (let one = 0; one < 50; one++) {
      const fields = {
        out_trade_no: idToWire(`019d4242-0000-7000-8000-${one.toString(16).padStart(12, '0')}`),
        total_amount: `${one * 9 + 1}.${one + 10}`,
        trade_no: `20261122220014510994123456${one + 10}`,
      }
      const text = body(notice(fields), quick.privateKey)
      const bytes = Buffer.from(text)
      expect(verifyNotification(bytes, as, gateway).kind).toBe('final')
      const valueIn = (name: string) => {
        const from = `&${text}`.indexOf(`&${name}=`) + name.length + 1
        return bytes.subarray(from, `${text}&`.indexOf('&', from))
      }
      // What stands in all fifty alike is proved by one of them.
      const parts = one === 0 ? [bytes] : [...Object.keys(fields), 'sign'].map(valueIn)
      for (const part of parts) {
        for (const bit of eachBitFlipped(part)) {
          if (verifyNotification(bytes, as, gateway).kind !== 'refused')
            passed.push(`notification ${one} bit ${bit}: ${bytes.toString('latin1')}`)
        }
      }
    }
    expect(passed).toEqual([])
  })

  test('signed by a stranger', () =>
    expect(verify(body(notice(), stranger.key))).toMatchObject(refused('signature')))

  test('signed with SHA-1, though the SDK would follow its sign_type there', () => {
    const fields = notice()
    const sign = createSign('RSA-SHA1').update(signContent(fields, [])).sign(alipay.key, 'base64')
    const text = new URLSearchParams({ ...fields, sign_type: 'RSA', sign }).toString()
    expect(verify(text)).toMatchObject(refused('signature'))
  })

  test.each(['sign', 'sign_type'])('without %s', (name) => {
    const form = new URLSearchParams(body(notice()))
    form.delete(name)
    expect(verify(form.toString())).toMatchObject(refused('signature'))
  })

  test('meant for another app or another seller', () => {
    expect(verify(body(notice({ app_id: '2021999999999999' })))).toMatchObject(refused('merchant'))
    expect(verify(body(notice({ seller_id: '2088999999999999' })))).toMatchObject(refused('merchant'))
  })

  test.each(['1.00 ', '1e2', '-1', '0', '0.00', '1e20', '', '1.001', '99999999999'])(
    'with the amount %j, though rightly signed',
    (amount) => expect(verify(body(notice({ total_amount: amount })))).toMatchObject(refused('malformed')),
  )

  test.each(['total_amount', 'trade_no', 'notify_id', 'trade_status'])('without %s', (name) => {
    const { [name]: _, ...rest } = notice()
    expect(verify(body(rest))).toMatchObject(refused('malformed'))
  })

  const genuine = body(notice())
  test.each([
    ['nothing', ''],
    ['a BOM', `\u{FEFF}${genuine}`],
    ['the same key twice', `${genuine}&total_amount=49.80`],
    ['the same key twice, first another', `total_amount=0.01&${genuine}`],
    ['raw UTF-8', genuine.replace('&subject=', '&subject=莱')],
    ['a line end', `${genuine}\n`],
    ['a broken escape', genuine.replace('%', '%%')],
    ['bytes that are no UTF-8', genuine.replace('&subject=', '&subject=%FF')],
    ['a NUL', genuine.replace('&subject=', '&subject=%00')],
    ['an empty pair', `${genuine}&`],
    ['more than 64 KiB', `${genuine}&padding=${'x'.repeat(64 * 1024)}`],
    ['a key of prototypes', `${genuine}&__proto__[sign]=1`],
  ])('with %s', (_, text) => expect(verify(text)).toMatchObject(refused('malformed')))
})
