import { createPrivateKey, createPublicKey, createSign, createVerify, type KeyObject } from 'node:crypto'

/**
 * The string that RSA2 signs: every parameter with a value, except those left out, sorted by name, `k=v` joined with `&`,
 * values as they are, not encoded. Requests leave out `sign`; notifications and returns also `sign_type`.
 */
export function signContent(params: Record<string, string>, leftOut: readonly string[]): string {
  return Object.keys(params)
    .filter((name) => params[name] !== '' && !leftOut.includes(name))
    .sort()
    .map((name) => `${name}=${params[name]}`)
    .join('&')
}

/** RSA2: SHA256withRSA, base64. */
export function sign(content: string, privateKey: KeyObject): string {
  return createSign('RSA-SHA256').update(content, 'utf8').sign(privateKey, 'base64')
}

/** `publicKey` is base64 SPKI. */
export function verify(content: string, signature: string, publicKey: string): boolean {
  const key = createPublicKey({ key: Buffer.from(publicKey, 'base64'), format: 'der', type: 'spki' })
  return createVerify('RSA-SHA256').update(content, 'utf8').verify(key, signature, 'base64')
}

/** The parameters of a notification or a return with `sign_type` and `sign` added. */
export function signParams(params: Record<string, string>, privateKey: KeyObject): Record<string, string> {
  const signature = sign(signContent(params, ['sign', 'sign_type']), privateKey)
  return { ...params, sign_type: 'RSA2', sign: signature }
}

export function publicKeyOf(privateKey: KeyObject): string {
  return createPublicKey(privateKey).export({ format: 'der', type: 'spki' }).toString('base64')
}

export function readPrivateKey(pem: string): KeyObject {
  return createPrivateKey(pem)
}
