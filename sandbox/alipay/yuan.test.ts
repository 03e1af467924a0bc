import fc from 'fast-check'
import { expect, test } from 'vitest'
import { formatYuan, parseYuan } from './yuan.ts'

test('reads back every amount it writes', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 99_999_999_999n }), (fen) => {
      expect(parseYuan(formatYuan(fen))).toBe(fen)
    }),
  )
})

test.each([
  ['49.8', 4980n],
  ['49', 4900n],
  ['0.01', 1n],
  ['00.10', 10n],
])('%s is %s fen', (text, fen) => {
  expect(parseYuan(text)).toBe(fen)
})

test.each(['', '.5', '1.', '1.234', '-1', '1e3', '1,000', ' 1', '９', 1, null, undefined])(
  'refuses %s',
  (value) => {
    expect(parseYuan(value)).toBeUndefined()
  },
)
