import { generateKeyPairSync, type KeyObject } from 'node:crypto'

/** Turns each bit of `bytes` in place, yields its number, and turns it back. A part of a buffer turns within the whole. */
export function* eachBitFlipped(bytes: Buffer): Generator<number> {
  for (let bit = 0; bit < bytes.length * 8; bit++) {
    const [place, mask] = [bit >> 3, 1 << (bit & 7)]
    bytes.writeUInt8(bytes.readUInt8(place) ^ mask, place)
    yield bit
    bytes.writeUInt8(bytes.readUInt8(place) ^ mask, place)
  }
}

/** The shortest that RSA with SHA-256 allows: half a million signatures are checked, and none is broken by its length. */
export const QUICK_BITS = 512

export function quickKeys(): { readonly privateKey: KeyObject; readonly publicKey: KeyObject } {
  return generateKeyPairSync('rsa', { modulusLength: QUICK_BITS })
}
