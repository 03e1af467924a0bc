import fc from 'fast-check'
import { expect, test } from 'vitest'
import { idFromWire, idToWire } from './id.ts'

test('every uuid survives its wire form, and wire forms sort as uuids do', () => {
  fc.assert(
    fc.property(fc.uuid(), fc.uuid(), (a, b) => {
      expect(idFromWire(idToWire(a))).toBe(a)
      expect(idFromWire(idToWire(a).toLowerCase())).toBe(a)
      expect(idToWire(a) < idToWire(b)).toBe(a < b)
    }),
  )
})

test('text that is no id is refused', () => {
  for (const text of [
    '',
    'O'.repeat(26),
    'Z'.repeat(26),
    '8'.padEnd(26, '0'),
    '0'.repeat(25),
    '0'.repeat(27),
  ]) {
    expect(idFromWire(text)).toBeNull()
  }
})
