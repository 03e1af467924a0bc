import { createPrivateKey, createPublicKey } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { parseFen, readExact, writeExact } from './exact-json.ts'
import { authorizationOf, openResource, signatureFault, signLines } from './signature.ts'
import {
  ANSWER_BODY,
  ANSWER_SIGNATURE,
  API_V3_KEY,
  EMPTY_SIGNATURE,
  LAUNCH_SIGNATURE,
  OPENED,
  PRIVATE_KEY,
  PUBLIC_KEY,
  REQUEST_SIGNATURE,
  SEALED,
} from './vectors-fixture.ts'
import { parseWireTime, wireTime } from './wire-time.ts'

const key = createPrivateKey({ key: Buffer.from(PRIVATE_KEY, 'base64'), format: 'der', type: 'pkcs8' })
const publicKey = createPublicKey({ key: Buffer.from(PUBLIC_KEY, 'base64'), format: 'der', type: 'spki' })

test('a request is signed over method, path, time, nonce and body, each with its line end', () => {
  const said = authorizationOf(
    {
      mchId: '1900009191',
      serialNo: '1DDE55AD98ED71D6EDD4A4A16996DE7B47773A8C',
      key,
      timestamp: '1554208460',
      nonce: '593BEC0C930BF1AFEB40B4A08C8FB242',
    },
    'GET',
    '/v3/certificates',
    '',
  )
  expect(said).toBe(
    `WECHATPAY2-SHA256-RSA2048 mchid="1900009191",nonce_str="593BEC0C930BF1AFEB40B4A08C8FB242",timestamp="1554208460",serial_no="1DDE55AD98ED71D6EDD4A4A16996DE7B47773A8C",signature="${REQUEST_SIGNATURE}"`,
  )
})

test('a launch inside WeChat is signed over app, time, nonce and package', () => {
  const lines = [
    'wx8888888888888888',
    '1414561699',
    '5K8264ILTKCH16CQ2502SI8ZNMTM67VS',
    'prepay_id=wx201410272009395522657a690389285100',
  ]
  expect(signLines(key, ...lines)).toBe(LAUNCH_SIGNATURE)
})

describe('an answer or a notification', () => {
  const headers = {
    'wechatpay-timestamp': '1554209980',
    'wechatpay-nonce': 'c5ac7061fccab6bf3e254dcf98995b8c',
    'wechatpay-serial': '5157F09EFDC096DE15EBE81A47057A7232F1B8E1',
    'wechatpay-signature': ANSWER_SIGNATURE,
  }
  const NOW = 1_554_209_980_000
  const findKey = async (serial: string) => (serial === headers['wechatpay-serial'] ? publicKey : undefined)
  const fault = (changed: object = {}, body = ANSWER_BODY, nowMs = NOW) =>
    signatureFault({ ...headers, ...changed }, Buffer.from(body), findKey, nowMs)

  test('is WeChat Pay’s by the key of its serial number, with a body and without', async () => {
    expect(await fault()).toBeUndefined()
    expect(await fault({ 'wechatpay-signature': EMPTY_SIGNATURE }, '')).toBeUndefined()
    expect(await fault({ 'wechatpay-signature-type': 'WECHATPAY2-SHA256-RSA2048' })).toBeUndefined()
  })

  test.each([
    ['five minutes and a second late', {}, ANSWER_BODY, NOW + 301_000],
    ['five minutes and a second early', {}, ANSWER_BODY, NOW - 301_000],
    ['with another body', {}, `${ANSWER_BODY} `, NOW],
    ['with another time', { 'wechatpay-timestamp': '1554209981' }, ANSWER_BODY, NOW],
    ['with an unknown serial number', { 'wechatpay-serial': 'PUB_KEY_ID_1' }, ANSWER_BODY, NOW],
    ['with another type', { 'wechatpay-signature-type': 'WECHATPAY2-SM2-WITH-SM3' }, ANSWER_BODY, NOW],
    ['with a probe', { 'wechatpay-signature': 'WECHATPAY/SIGNTEST/7y6Tjw==' }, ANSWER_BODY, NOW],
    ['with letters around the base64', { 'wechatpay-signature': ` ${ANSWER_SIGNATURE}` }, ANSWER_BODY, NOW],
    // What is signed is the same lines, cut in another place.
    [
      'with a line of the body in its nonce',
      {
        'wechatpay-nonce': `${headers['wechatpay-nonce']}\n${ANSWER_BODY}`,
        'wechatpay-signature': ANSWER_SIGNATURE,
      },
      '',
      NOW,
    ],
  ])('is refused %s', async (_, changed, body, nowMs) => {
    expect(await fault(changed, body, nowMs)).toEqual(expect.any(String))
  })

  test.each(Object.keys(headers))('is refused without %s', async (name) => {
    expect(await fault({ [name]: undefined })).toEqual(expect.any(String))
  })
})

describe('a sealed resource', () => {
  test('opens under the API v3 key', () => {
    expect(openResource(SEALED, API_V3_KEY)?.toString('utf8')).toBe(OPENED)
  })

  test.each([
    ['under another key', SEALED, 'harbour-api-v3-key-32-letters---'],
    ['with other associated data', { ...SEALED, associated_data: 'refund' }, API_V3_KEY],
    ['with another nonce', { ...SEALED, nonce: '0123456789ac' }, API_V3_KEY],
    ['with a nonce of another length', { ...SEALED, nonce: '0123456789abcdef' }, API_V3_KEY],
    ['cut short', { ...SEALED, ciphertext: SEALED.ciphertext.slice(4) }, API_V3_KEY],
    ['shorter than its tag', { ...SEALED, ciphertext: 'AAAA' }, API_V3_KEY],
    ['of another algorithm', { ...SEALED, algorithm: 'AEAD_SM4_GCM' }, API_V3_KEY],
    ['that is none', null, API_V3_KEY],
  ])('does not open %s', (_, resource, apiV3Key) => {
    expect(openResource(resource, apiV3Key)).toBeNull()
  })
})

describe('fen', () => {
  test('are written as JSON numbers and read as their digits, of any length', () => {
    expect(writeExact({ amount: { total: 9007199254740993n }, note: '1' })).toBe(
      '{"amount":{"total":9007199254740993},"note":"1"}',
    )
    expect(readExact('{"total":9007199254740993,"list":[1],"rate":0.5,"big":1e20}')).toEqual({
      total: '9007199254740993',
      list: ['1'],
      rate: 0.5,
      big: 1e20,
    })
  })

  test.each(['0', '-1', '1.0', '1e2', '', '01', '99999999999999', 49.8, null])('%j is no amount', (text) => {
    expect(parseFen(text)).toBeNull()
  })
})

test('times are GMT+8 with their zone', () => {
  const at = Date.UTC(2026, 10, 22, 6, 0, 5)
  expect(wireTime(at)).toBe('2026-11-22T14:00:05+08:00')
  expect(parseWireTime('2026-11-22T14:00:05+08:00')).toBe(at)
  expect(parseWireTime('2026-11-22 14:00:05')).toBeNull()
})
