import { createSign, hash, type KeyObject, verify } from 'node:crypto'
import { type Chain, certIdOf } from './chain.ts'

type Fields = Readonly<Record<string, string>>

/**
 * What version 5.1.0 signs: all fields but `signature`, sorted by name, `k=v` joined by `&`, values as they are; the SHA-256 of
 * that in lower-case hexadecimal, over which goes SHA256withRSA: hashed twice. Source: UnionPay's kits for merchants.
 */
export function digestOf(fields: Fields): string {
  const content = Object.keys(fields)
    .filter((name) => name !== 'signature')
    .sort()
    .map((name) => `${name}=${fields[name]}`)
    .join('&')
  return hash('sha256', content)
}

/** The fields with our signature. `certId` must be among them: it says which of our keys made it. */
export function signFields(fields: Fields, key: KeyObject): Record<string, string> {
  return { ...fields, signature: createSign('RSA-SHA256').update(digestOf(fields)).sign(key, 'base64') }
}

/** Why fields are not UnionPay's saying; null when they are. They bring the certificate that checks them. */
export function signatureFault(fields: Fields, chain: Chain, nowMs: number): string | null {
  const { signature = '', signPubKeyCert: pem = '', signMethod, version, certId } = fields
  if (version !== '5.1.0' || signMethod !== '01') return `version ${version}, signMethod ${signMethod}`
  // Base64 decoders pass over stray bits and letters.
  if (signature === '' || Buffer.from(signature, 'base64').toString('base64') !== signature) {
    return 'signature is not base64'
  }
  const key = chain.keyOf(pem, nowMs)
  if (typeof key === 'string') return key
  if (certId !== undefined && certId !== certIdOf(pem)) return 'certId is not of signPubKeyCert'
  const genuine = verify('RSA-SHA256', Buffer.from(digestOf(fields)), key, Buffer.from(signature, 'base64'))
  return genuine ? null : 'not signed by UnionPay'
}
