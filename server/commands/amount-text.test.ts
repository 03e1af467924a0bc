import { expect, test } from 'vitest'
import { amountText } from './amount-text.ts'

test.each([
  [7_882_573n, 'CNY', 'zh-CN', '¥78,825.73'],
  [99_999n, 'GBP', 'en', '£999.99'],
  [100_000n, 'GBP', 'en', '£1,000.00'],
  [123_456_789n, 'CNY', 'en', 'CNY 1,234,567.89'],
  [1_234_567n, 'JPY', 'en', 'JPY 1,234,567'],
  [1_234_567n, 'KWD', 'en', 'KWD 1,234.567'],
  [-500n, 'GBP', 'en', '-£5.00'],
  [0n, 'CNY', 'zh-CN', '¥0.00'],
] as const)('%i minor units of %s in %s are %s', (amountMinor, currency, locale, text) => {
  expect(amountText(amountMinor, { currency, locale })).toBe(text)
})
