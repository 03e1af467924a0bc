import { currencyDecimals, readAmount } from '../../contract/decimal-amount.ts'

const GROUPED = /^-?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?$/

/** `1,234.56` or `-12.5` in minor units of a currency; null: it is no amount, or finer than the currency. */
export function amountIn(text: string, currency: string): bigint | null {
  if (!GROUPED.test(text)) return null
  const below = text.startsWith('-')
  const plain = text.replace('-', '').replaceAll(',', '')
  const amount = readAmount(plain, currencyDecimals(currency))
  if (typeof amount === 'string') return null
  return below ? -amount : amount
}
