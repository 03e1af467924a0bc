import { createHash, createPublicKey, createSign, createVerify } from 'node:crypto'
import type { Signer } from './authority.ts'

/**
 * What version 5.1.0 signs: every field but `signature`, sorted by name, `k=v` joined with `&`, values as they are; of that
 * the SHA-256 in lower-case hexadecimal, and over those 64 letters SHA256withRSA. It is hashed twice, so it seems.
 */
function digestOf(fields: Record<string, string>): string {
  const content = Object.keys(fields)
    .filter((name) => name !== 'signature')
    .sort()
    .map((name) => `${name}=${fields[name]}`)
    .join('&')
  return createHash('sha256').update(content, 'utf8').digest('hex')
}

/** The fields with the signer's certificate and signature added. Empty ones are left out, as the vendor does. */
export function signFields(
  fields: Record<string, string | undefined>,
  signer: Signer,
): Record<string, string> {
  const said = Object.fromEntries(
    Object.entries(fields).filter((entry): entry is [string, string] => Boolean(entry[1])),
  )
  const signed: Record<string, string> = { ...said, signPubKeyCert: signer.certificate }
  signed.signature = createSign('RSA-SHA256').update(digestOf(signed)).sign(signer.key, 'base64')
  return signed
}

/** Whether a merchant's signature holds. `publicKey` is base64 SPKI. */
export function verifyFields(fields: Record<string, string>, publicKey: string): boolean {
  const key = createPublicKey({ key: Buffer.from(publicKey, 'base64'), format: 'der', type: 'spki' })
  return createVerify('RSA-SHA256')
    .update(digestOf(fields))
    .verify(key, fields.signature ?? '', 'base64')
}

/** A synchronous answer is plain text, nothing in it escaped. */
export function plainText(fields: Record<string, string>): string {
  return Object.keys(fields)
    .sort()
    .map((name) => `${name}=${fields[name]}`)
    .join('&')
}
