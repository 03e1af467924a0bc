import type { CaptchaChallenge } from '../../contract/session.ts'

type Bytes = Uint8Array<ArrayBuffer>

function fromHex(hex: string): Bytes {
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))
}

function toHex(bytes: Bytes): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** The password of one try: the nonce followed by the counter as four bytes, big-endian. */
function passwordOf(nonce: Bytes, counter: number): Bytes {
  const password = new Uint8Array(nonce.length + 4)
  password.set(nonce)
  new DataView(password.buffer).setUint32(nonce.length, counter)
  return password
}

/**
 * Solves an ALTCHA v2 challenge as `CaptchaChallenge` describes it: counts up until the derived key begins with the prefix.
 * Resolves with base64 of the solution's JSON; rejects only when the caller aborts or the browser lacks Web Crypto.
 */
export async function solveCaptcha(challenge: CaptchaChallenge, signal?: AbortSignal): Promise<string> {
  const { nonce, salt, cost, keyLength, keyPrefix } = challenge.parameters
  const [nonceBytes, saltBytes] = [fromHex(nonce), fromHex(salt)]
  for (let counter = 0; ; counter++) {
    signal?.throwIfAborted()
    const password = await crypto.subtle.importKey('raw', passwordOf(nonceBytes, counter), 'PBKDF2', false, [
      'deriveBits',
    ])
    const how = { name: 'PBKDF2', hash: 'SHA-256', salt: saltBytes, iterations: cost }
    const derivedKey = toHex(new Uint8Array(await crypto.subtle.deriveBits(how, password, keyLength * 8)))
    if (derivedKey.startsWith(keyPrefix)) {
      return btoa(JSON.stringify({ challenge, solution: { counter, derivedKey } }))
    }
  }
}
