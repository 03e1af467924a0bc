import { describe, expect, test } from 'vitest'
import { idToWire } from '../../../../contract/id.ts'
import { eachBitFlipped, QUICK_BITS } from '../../../../test/support/bit-flips.ts'
import { openChain } from './chain.ts'
import { verifyNotification } from './notification.ts'
import { type Fields, MER_ID, makeAuthority, NOW, NUMBER, paidNotice, signAs } from './stand-in-fixture.ts'

const authority = makeAuthority()
const signer = authority.signer()
const chain = openChain(authority.rootCertificate, authority.middleCertificate)

const form = (fields: Fields) => new URLSearchParams(fields).toString()
const body = (fields: Fields, by = signer) => form(signAs(fields, by))
const verify = (text: string | Buffer) =>
  verifyNotification(typeof text === 'string' ? Buffer.from(text) : text, MER_ID, chain, NOW)

describe('a genuine notice', () => {
  test('of a payment says what was taken, under which number, when', () => {
    const text = body(paidNotice())
    expect(verify(text)).toMatchObject({
      kind: 'final',
      said: 'paid',
      id: '442611221400054678901/00',
      number: NUMBER,
      refundNumber: null,
      money: { transaction: '442611221400054678901', amountMinor: 4980n, currency: 'CNY' },
      atMs: NOW + 5_000,
      raw: Buffer.from(text),
      fields: { respMsg: '成功[0000000]', traceNo: '467890' },
    })
  })

  test('A6 is well too; a payment at the turn of the year has the new one', () => {
    expect(verify(body(paidNotice({ respCode: 'A6' })))).toMatchObject({ said: 'paid' })
    const turned = paidNotice({ txnTime: '20261231235959', traceTime: '0101000003' })
    expect(verify(body(turned))).toMatchObject({ atMs: Date.UTC(2026, 11, 31, 16, 0, 3) })
  })

  test.each([
    { respCode: '05' },
    { respCode: '64' },
    { txnType: '04', txnSubType: '00' },
    { txnType: '31', txnSubType: '00' },
  ])('%j is acknowledged and not kept', (change) =>
    expect(verify(body(paidNotice(change as Fields)))).toEqual({ kind: 'passing' }),
  )
})

describe('a notice is refused', () => {
  const refused = (fault: string) => ({ kind: 'refused', fault })
  /** Where the certificate's value stands: the same bytes in every notice. */
  const certificateIn = (text: string): [number, number] => {
    const from = text.indexOf('signPubKeyCert=') + 'signPubKeyCert='.length
    return [from, text.indexOf('&', from)]
  }

  test('with any single bit flipped, of fifty', { timeout: 300_000 }, () => {
    const passed: string[] = []
    const quick = authority.signer(undefined, {}, QUICK_BITS)
    for (let one = 0; one < 50; one++) {
      const orderId = idToWire(`019d4242-0000-7000-8000-${one.toString(16).padStart(12, '0')}`)
      const text = body(
        paidNotice({ orderId, txnAmt: `${one * 997 + 1}`, queryId: `4426112214000546789${10 + one}` }),
        quick,
      )
      expect(verify(text).kind).toBe('final')
      const genuine = Buffer.from(text)
      const [from, to] = certificateIn(text)
      // The certificate's own bits are the same in all fifty: one of them proves them.
      const parts = one === 0 ? [genuine] : [genuine.subarray(0, from), genuine.subarray(to)]
      for (const part of parts) {
        for (const bit of eachBitFlipped(part)) {
          if (verify(genuine).kind !== 'refused')
            passed.push(`notice ${one} bit ${bit}: ${genuine.toString('latin1')}`)
        }
      }
    }
    expect(passed).toEqual([])
  })

  test('under a chain of another root, or a merchant’s certificate of the same authority', () => {
    expect(verify(body(paidNotice(), makeAuthority().signer()))).toMatchObject(refused('signature'))
    const merchant = authority.signer('041@777290058110097@某商户@00000001')
    expect(verify(body(paidNotice(), merchant))).toMatchObject(refused('signature'))
  })

  test('meant for another merchant, though rightly signed', () =>
    expect(verify(body(paidNotice({ merId: '777290058110097' })))).toMatchObject(refused('merchant')))

  test.each(['signature', 'signPubKeyCert', 'signMethod', 'version'])('without %s', (name) => {
    const fields = new URLSearchParams(body(paidNotice()))
    fields.delete(name)
    expect(verify(fields.toString())).toMatchObject(refused('signature'))
  })

  test('in an older version, whose signature is another', () =>
    expect(verify(body(paidNotice({ version: '5.0.0' })))).toMatchObject(refused('signature')))

  test.each(['0', '-1', '1.00', '1e2', '1 ', '', '99999999999999'])(
    'with the amount %j, though rightly signed',
    (txnAmt) => expect(verify(body(paidNotice({ txnAmt })))).toMatchObject(refused('malformed')),
  )

  test.each(['txnAmt', 'queryId', 'currencyCode', 'orderId'])('without %s', (name) => {
    const { [name]: _, ...rest } = paidNotice()
    expect(verify(body(rest))).toMatchObject(refused('malformed'))
  })

  const genuine = body(paidNotice())
  test.each([
    ['nothing', ''],
    ['a BOM', `\u{FEFF}${genuine}`],
    ['the same key twice', `${genuine}&txnAmt=4980`],
    ['the same key twice, first another', `txnAmt=1&${genuine}`],
    ['raw UTF-8', genuine.replace('&respMsg=', '&respMsg=成')],
    ['a line end', `${genuine}\n`],
    ['a broken escape', genuine.replace('%', '%%')],
    ['an escape in lower case', genuine.replace('%0D', '%0d')],
    ['bytes that are no UTF-8', genuine.replace('&respMsg=', '&respMsg=%FF')],
    ['an empty pair', `${genuine}&`],
    ['more than 64 KiB', `${genuine}&padding=${'x'.repeat(64 * 1024)}`],
    ['a key of prototypes', `${genuine}&__proto__[x]=1`],
  ])('with %s', (_, text) => expect(verify(text)).toMatchObject(refused('malformed')))
})
