import fc from 'fast-check'
import { expect, test } from 'vitest'
import { currencyDecimals, readAmount, writeAmount } from './decimal-amount.ts'

test('what is written is read back, with any number of decimals', () => {
  fc.assert(
    fc.property(
      fc.bigInt({ min: 0n, max: 10n ** 12n - 1n }),
      fc.constantFrom(0, 2, 3),
      (amount, decimals) => {
        expect(readAmount(writeAmount(amount, decimals), decimals)).toBe(amount)
      },
    ),
  )
})

test.each([
  ['49.8', 4980n],
  ['49.8000', 4980n],
  ['0', 0n],
  ['49.801', 'too-exact'],
  ['-1', 'below-zero'],
  ['1,000.00', 'no-amount'],
  ['1e3', 'no-amount'],
  ['.5', 'no-amount'],
  ['', 'no-amount'],
  ['1234567890123', 'no-amount'],
])('"%s" of a currency with two decimals', (text, read) => {
  expect(readAmount(text, 2)).toBe(read)
})

test.each([
  ['CNY', 2],
  ['JPY', 0],
  ['KWD', 3],
])('%s has %i decimals', (currency, decimals) => {
  expect(currencyDecimals(currency)).toBe(decimals)
})
