import { createCipheriv, createSign, createVerify, type KeyObject, randomBytes } from 'node:crypto'

/** WECHATPAY2-SHA256-RSA2048: SHA256withRSA, base64. */
export function sign(message: string, privateKey: KeyObject): string {
  return createSign('RSA-SHA256').update(message, 'utf8').sign(privateKey, 'base64')
}

export function verify(message: string, signature: string, publicKey: KeyObject): boolean {
  return createVerify('RSA-SHA256').update(message, 'utf8').verify(publicKey, signature, 'base64')
}

/** What lines are signed as: each with its line end, the last one too, also when it is empty. */
export function linesOf(...lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('')
}

export interface SigningKey {
  /** A certificate's serial number, or `PUB_KEY_ID_...`. */
  serial: string
  privateKey: KeyObject
}

/** The probe WeChat Pay itself sends to find receivers that do not verify; base64 of 256 bytes, and to be refused. */
export function probeSignature(): string {
  const text = `WECHATPAY/SIGNTEST/${randomBytes(258).toString('base64')}`
  return Buffer.from(text, 'base64').subarray(0, 256).toString('base64')
}

/** The headers that make an answer or a notification WeChat Pay's: signed over time, nonce and the very body. */
export function signedHeaders(body: string, key: SigningKey, at: number): Record<string, string> {
  const timestamp = `${Math.floor(at / 1_000)}`
  const nonce = randomBytes(16).toString('hex')
  return {
    'wechatpay-timestamp': timestamp,
    'wechatpay-nonce': nonce,
    'wechatpay-serial': key.serial,
    'wechatpay-signature': sign(linesOf(timestamp, nonce, body), key.privateKey),
    'wechatpay-signature-type': 'WECHATPAY2-SHA256-RSA2048',
  }
}

/** A resource as only the holder of the merchant's API v3 key can read it; the 16-byte tag ends the ciphertext. */
export interface SealedResource {
  algorithm: 'AEAD_AES_256_GCM'
  ciphertext: string
  nonce: string
  associated_data: string
}

/** `nonce` is 12 letters: its bytes are the 12-byte initialization vector. */
export function sealResource(plain: string, associatedData: string, apiV3Key: string): SealedResource {
  const nonce = randomBytes(6).toString('hex')
  const cipher = createCipheriv('aes-256-gcm', apiV3Key, nonce).setAAD(Buffer.from(associatedData))
  const ciphertext = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final(), cipher.getAuthTag()])
  return {
    algorithm: 'AEAD_AES_256_GCM',
    ciphertext: ciphertext.toString('base64'),
    nonce,
    associated_data: associatedData,
  }
}
