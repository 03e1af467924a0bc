import { createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { eachBitFlipped } from '../../test/support/bit-flips.ts'
import { open, SealBroken, seal } from './seal.ts'

const masterKey = randomBytes(32)

test('what was sealed opens with the same key, purpose and place, and only there', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.string(), (secret, place) => {
      const sealed = seal(masterKey, 'message', secret, place)
      expect(open(masterKey, 'message', sealed, place)).toBe(secret)
      expect(() => open(masterKey, 'message', sealed, `${place}x`)).toThrow(SealBroken)
      expect(() => open(masterKey, 'code', sealed, place)).toThrow(SealBroken)
      expect(() => open(randomBytes(32), 'message', sealed, place)).toThrow(SealBroken)
    }),
  )
})

test('no single bit of a sealed value can be flipped', () => {
  const sealed = seal(masterKey, 'message', '482913', 'row')
  for (const bit of eachBitFlipped(sealed)) {
    expect(() => open(masterKey, 'message', sealed, 'row'), `bit ${bit}`).toThrow(SealBroken)
  }
})

test('a cut value, an empty one and a short tag are refused', () => {
  const sealed = seal(masterKey, 'message', '482913', 'row')
  for (let length = 0; length < sealed.length; length++) {
    expect(() => open(masterKey, 'message', sealed.subarray(0, length), 'row')).toThrow(SealBroken)
  }
})

test('the same secret never looks the same twice and is not legible', () => {
  const sealed = Array.from({ length: 100 }, () => seal(masterKey, 'message', '482913', 'row'))
  expect(new Set(sealed.map((value) => value.toString('hex'))).size).toBe(100)
  expect(sealed.every((value) => !value.includes('482913'))).toBe(true)
})

test('the layout is version, nonce, tag, ciphertext', () => {
  const sealed = seal(masterKey, 'message', '482913', 'row')
  expect(sealed[0]).toBe(1)
  const key = Buffer.from(hkdfSync('sha256', masterKey, Buffer.alloc(0), 'baohao/seal/message', 32))
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(1, 13))
  decipher.setAAD(Buffer.from('\u0001row'))
  decipher.setAuthTag(sealed.subarray(13, 29))
  expect(decipher.update(sealed.subarray(29), undefined, 'utf8') + decipher.final('utf8')).toBe('482913')
})

test('a master key of another length is refused', () => {
  expect(() => seal(randomBytes(16), 'message', 'x', 'row')).toThrow('32 bytes')
})
