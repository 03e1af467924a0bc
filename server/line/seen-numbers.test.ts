import fc from 'fast-check'
import { expect, test } from 'vitest'
import { SeenNumbers } from './seen-numbers.ts'

test('a number is first seen once, exact to 22 digits and to its leading zeros, as a Map would tell', () => {
  // Few digits make repeats; the same digits with zeros before them are other numbers.
  const digits = fc
    .tuple(fc.nat({ max: 30 }), fc.constantFrom(0, 7, 8, 15, 16, 21))
    .map(([value, zeros]) => `${'0'.repeat(zeros)}${value}`.slice(0, 22))
  fc.assert(
    fc.property(fc.array(digits, { maxLength: 400 }), (numbers) => {
      const seen = new SeenNumbers()
      const known = new Map<string, number>()
      for (const [i, number] of numbers.entries()) {
        expect(seen.firstSeen(number, i + 1)).toBe(known.get(number) ?? null)
        if (!known.has(number)) known.set(number, i + 1)
      }
    }),
  )
})

test('numbers of one plan, a hundred thousand of them, are all told apart', () => {
  const seen = new SeenNumbers()
  for (let i = 0; i < 100_000; i++)
    expect(seen.firstSeen(`86154${String(i).padStart(8, '0')}`, i + 1)).toBeNull()
  expect(seen.firstSeen('8615400099999', 1)).toBe(100_000)
})
