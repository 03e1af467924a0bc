import fc from 'fast-check'
import { expect, test } from 'vitest'
import { currencyFromWire, fromWire, toWire } from './minor-units.ts'

test('every amount the rail takes survives the way there and back; nothing else sets out', () => {
  fc.assert(
    fc.property(fc.bigInt(-10n, 1_000_000_000n), (amountMinor) => {
      const fits = amountMinor > 0n && amountMinor < 100_000_000n
      expect(fromWire(toWire(amountMinor))).toBe(fits ? amountMinor : null)
    }),
  )
})

test.each([0, -1, 1.5, 2 ** 53, Number.NaN, Number.POSITIVE_INFINITY, '4980', 4980n, null, undefined, {}])(
  '%s is no amount',
  (value) => expect(fromWire(value)).toBeNull(),
)

test.each(['GBP', 'gb', 'gbpx', '', ' gbp', 826, null])('%s is no currency', (value) =>
  expect(currencyFromWire(value)).toBeNull(),
)

test('a currency is written as the house writes it', () => expect(currencyFromWire('gbp')).toBe('GBP'))
