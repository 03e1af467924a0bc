import { createDecipheriv, createSign, createVerify, type KeyObject } from 'node:crypto'

/** Each line with its line end, the last one too, also when it is empty: the form of everything API v3 signs. */
export function linesOf(...lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('')
}

/** SHA256 with RSA (PKCS #1 v1.5), base64. */
export function signLines(key: KeyObject, ...lines: readonly string[]): string {
  return createSign('RSA-SHA256')
    .update(linesOf(...lines), 'utf8')
    .sign(key, 'base64')
}

export interface RequestSignature {
  readonly mchId: string
  readonly serialNo: string
  readonly key: KeyObject
  readonly timestamp: string
  readonly nonce: string
}

/** The `Authorization` header of a request; `path` with its query, `body` empty where there is none. */
export function authorizationOf(
  { mchId, serialNo, key, timestamp, nonce }: RequestSignature,
  method: 'GET' | 'POST',
  path: string,
  body: string,
): string {
  const signature = signLines(key, method, path, timestamp, nonce, body)
  const parts = { mchid: mchId, nonce_str: nonce, timestamp, serial_no: serialNo, signature }
  const told = Object.entries(parts).map(([name, value]) => `${name}="${value}"`)
  return `WECHATPAY2-SHA256-RSA2048 ${told.join(',')}`
}

type Headers = Readonly<Record<string, string | undefined>>

/** Finds WeChat Pay's public key by serial number; undefined when nobody vouches for that number. */
export type FindKey = (serial: string) => Promise<KeyObject | undefined>

const WINDOW_MS = 5 * 60_000

/**
 * Why an answer or a notification is not WeChat Pay's; undefined when it is. The signature is over time, nonce and the very
 * body, by the key that the serial number names. Probes (`WECHATPAY/SIGNTEST/`) are wrong signatures like any other.
 */
export async function signatureFault(
  headers: Headers,
  body: Buffer,
  findKey: FindKey,
  nowMs: number,
): Promise<string | undefined> {
  const {
    'wechatpay-timestamp': timestamp = '',
    'wechatpay-nonce': nonce = '',
    'wechatpay-serial': serial = '',
    'wechatpay-signature': signature = '',
    'wechatpay-signature-type': type = 'WECHATPAY2-SHA256-RSA2048',
  } = headers
  if (type !== 'WECHATPAY2-SHA256-RSA2048') return 'a signature of another type'
  if (!/^\d{10}$/.test(timestamp)) return 'no timestamp'
  // A line end within the nonce would move the line between it and the body.
  if (!/^[\x21-\x7e]{1,128}$/.test(nonce)) return 'no nonce'
  // Base64 decoders pass over stray bits and letters.
  if (signature === '' || Buffer.from(signature, 'base64').toString('base64') !== signature)
    return 'not base64'
  if (Math.abs(Number.parseInt(timestamp, 10) * 1_000 - nowMs) > WINDOW_MS) return 'over 5 minutes off'
  const key = await findKey(serial)
  if (!key) return 'an unknown serial number'
  const verifier = createVerify('RSA-SHA256').update(`${timestamp}\n${nonce}\n`).update(body).update('\n')
  return verifier.verify(key, signature, 'base64') ? undefined : 'not signed by WeChat Pay'
}

const TAG_BYTES = 16

/** Opens an AEAD_AES_256_GCM resource with the API v3 key; null when it is not sealed under that key, or not one at all. */
export function openResource(resource: unknown, apiV3Key: string): Buffer | null {
  if (typeof resource !== 'object' || resource === null) return null
  const { algorithm, ciphertext, nonce, associated_data: data = '' } = resource as Record<string, unknown>
  if (algorithm !== 'AEAD_AES_256_GCM' || typeof ciphertext !== 'string') return null
  if (typeof nonce !== 'string' || Buffer.byteLength(nonce) !== 12 || typeof data !== 'string') return null
  const bytes = Buffer.from(ciphertext, 'base64')
  if (bytes.length < TAG_BYTES) return null
  const end = bytes.length - TAG_BYTES
  const decipher = createDecipheriv('aes-256-gcm', apiV3Key, nonce, { authTagLength: TAG_BYTES })
  decipher.setAAD(Buffer.from(data)).setAuthTag(bytes.subarray(end))
  try {
    return Buffer.concat([decipher.update(bytes.subarray(0, end)), decipher.final()])
  } catch {
    return null
  }
}
