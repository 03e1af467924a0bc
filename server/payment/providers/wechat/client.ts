import { randomBytes } from 'node:crypto'
import { failureOf, readLimited } from '../../../platform/outbound-answer.ts'
import { outbound } from '../../../platform/outbound-http.ts'
import type { Unknown } from '../../port.ts'
import { readExact, writeExact } from './exact-json.ts'
import type { WechatMerchant } from './merchant-keys.ts'
import { type BareAnswer, platformKeyFinder } from './platform-certificates.ts'
import { authorizationOf, type FindKey, linesOf, signatureFault } from './signature.ts'

const TIMEOUT_MS = 5_000
const ANSWER_LIMIT_BYTES = 256 * 1024
/** A day's bill of a million rows has about 250 bytes a row. */
const FILE_TIMEOUT_MS = 300_000
const FILE_LIMIT_BYTES = 512 * 1024 * 1024

/** What API v3 said over a signature of WeChat Pay's, refusals too; anything less is unknown. */
export interface SignedAnswer {
  readonly kind: 'answered'
  readonly status: number
  /** Of a refusal, else empty. */
  readonly code: string
  /** Whole numbers as the text of their digits. */
  readonly fields: Readonly<Record<string, unknown>>
  /** The bytes that are signed: the body, or where there is none, what is signed in its place. */
  readonly raw: Buffer
}

export interface Client {
  readonly findKey: FindKey
  get(name: string, path: string): Promise<SignedAnswer | Unknown>
  post(name: string, path: string, body: Readonly<Record<string, unknown>>): Promise<SignedAnswer | Unknown>
  /** A file behind an address that a signed answer gave, unchecked; unknown when it does not come whole. */
  download(path: string): Promise<Buffer | Unknown>
}

interface Limits {
  readonly timeoutMs: number
  readonly bytes: number
}
const CALL: Limits = { timeoutMs: TIMEOUT_MS, bytes: ANSWER_LIMIT_BYTES }

/** Signed calls to API v3, over whose answers the signature is checked before anything in them is read. */
export function openClient(merchant: WechatMerchant, instant: () => number): Client {
  const send = (method: 'GET' | 'POST', path: string, body: string, limits: Limits): Promise<BareAnswer> => {
    const authorization = authorizationOf(
      { ...merchant, timestamp: `${Math.floor(instant() / 1_000)}`, nonce: randomBytes(16).toString('hex') },
      method,
      path,
      body,
    )
    return fetchLimited(`${merchant.gateway}${path}`, method, body, authorization, limits)
  }
  const findKey = platformKeyFinder(merchant, instant, () =>
    outbound('wechat.certificates', () => send('GET', '/v3/certificates', '', CALL)),
  )

  async function call(name: string, method: 'GET' | 'POST', path: string, body: string) {
    const unknown = (reason: string): Unknown => ({ kind: 'unknown', reason: `${name}: ${reason}` })
    try {
      const answer = await outbound(`wechat.${name}`, () => send(method, path, body, CALL))
      const fault = await signatureFault(answer.headers, answer.body, findKey, instant())
      // A refusal nobody vouches for may come from anything on the way: it is no refusal.
      return fault === undefined ? readAnswer(answer) : unknown(`HTTP ${answer.status}, ${fault}`)
    } catch (error) {
      return unknown(failureOf(error))
    }
  }

  return {
    findKey,
    get: (name, path) => call(name, 'GET', path, ''),
    post: (name, path, body) => call(name, 'POST', path, writeExact(body)),
    async download(path) {
      try {
        const limits = { timeoutMs: FILE_TIMEOUT_MS, bytes: FILE_LIMIT_BYTES }
        const { status, body } = await outbound('wechat.download', () => send('GET', path, '', limits))
        return status === 200 ? body : { kind: 'unknown', reason: `download: HTTP ${status}` }
      } catch (error) {
        return { kind: 'unknown', reason: `download: ${failureOf(error)}` }
      }
    },
  }
}

function readAnswer({ status, headers, body }: BareAnswer): SignedAnswer {
  if (body.length === 0) {
    const { 'wechatpay-timestamp': timestamp = '', 'wechatpay-nonce': nonce = '' } = headers
    return { kind: 'answered', status, code: '', fields: {}, raw: Buffer.from(linesOf(timestamp, nonce, '')) }
  }
  const value = readExact(body.toString('utf8'))
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Error('the answer is no object')
  const fields = value as Record<string, unknown>
  return {
    kind: 'answered',
    status,
    code: typeof fields.code === 'string' ? fields.code : '',
    fields,
    raw: body,
  }
}

async function fetchLimited(
  address: string,
  method: 'GET' | 'POST',
  body: string,
  authorization: string,
  { timeoutMs, bytes }: Limits,
): Promise<BareAnswer> {
  const response = await fetch(address, {
    method,
    // API v3 refuses calls without a user agent.
    headers: {
      accept: 'application/json, */*',
      'user-agent': 'baohao',
      authorization,
      ...(body && JSON_BODY),
    },
    ...(body && { body }),
    redirect: 'error',
    signal: AbortSignal.timeout(timeoutMs),
  })
  return {
    status: response.status,
    headers: Object.fromEntries(response.headers),
    body: await readLimited(response, bytes),
  }
}

const JSON_BODY = { 'content-type': 'application/json' }
