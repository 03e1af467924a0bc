import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'

/** Layout of a sealed value: version (1 byte), nonce (12), tag (16), ciphertext (as long as the plaintext). */
const VERSION = 1
const NONCE_BYTES = 12
const TAG_BYTES = 16
const HEAD_BYTES = 1 + NONCE_BYTES + TAG_BYTES

/** A sealed value that was altered, sealed for another purpose or place, or under another master key. */
export class SealBroken extends Error {
  constructor(sentence: string) {
    super(sentence)
    this.name = 'SealBroken'
  }
}

/**
 * Seals a secret with AES-256-GCM (NIST SP 800-38D) under a key of its own for each purpose, derived from the 32-byte
 * master key by HKDF-SHA-256 (RFC 5869). `aad` names the row the value belongs to, so that a value copied into
 * another row does not open there. `purpose` is a constant of the caller (`message`), never data.
 */
export function seal(masterKey: Buffer, purpose: string, plaintext: string, aad: string): Buffer {
  const nonce = randomBytes(NONCE_BYTES)
  const cipher = createCipheriv('aes-256-gcm', keyFor(masterKey, purpose), nonce, {
    authTagLength: TAG_BYTES,
  })
  cipher.setAAD(versioned(aad))
  const ciphertext = Buffer.concat([cipher.update(plaintext, 'utf8'), cipher.final()])
  return Buffer.concat([Buffer.of(VERSION), nonce, cipher.getAuthTag(), ciphertext])
}

/** Opens what `seal` made with the same master key, purpose and aad; throws SealBroken on anything else. */
export function open(masterKey: Buffer, purpose: string, sealed: Uint8Array, aad: string): string {
  if (sealed.length < HEAD_BYTES) throw new SealBroken('too short for a sealed value')
  if (sealed[0] !== VERSION) throw new SealBroken(`sealed in the unknown version ${sealed[0]}`)
  const nonce = sealed.subarray(1, 1 + NONCE_BYTES)
  const decipher = createDecipheriv('aes-256-gcm', keyFor(masterKey, purpose), nonce, {
    authTagLength: TAG_BYTES,
  })
  decipher.setAAD(versioned(aad))
  decipher.setAuthTag(sealed.subarray(1 + NONCE_BYTES, HEAD_BYTES))
  try {
    return decipher.update(sealed.subarray(HEAD_BYTES), undefined, 'utf8') + decipher.final('utf8')
  } catch {
    throw new SealBroken('altered, or sealed for another place or under another master key')
  }
}

function keyFor(masterKey: Buffer, purpose: string): Buffer {
  if (masterKey.length !== 32) throw new Error('the master key has 32 bytes')
  return Buffer.from(hkdfSync('sha256', masterKey, Buffer.alloc(0), `baohao/seal/${purpose}`, 32))
}

/** The version is authenticated too, so that a later one cannot be passed off as this one. */
function versioned(aad: string): Buffer {
  return Buffer.concat([Buffer.of(VERSION), Buffer.from(aad, 'utf8')])
}
