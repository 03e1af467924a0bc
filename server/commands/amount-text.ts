import type { Brand } from '../brand/index.ts'
import { moneyText } from '../line/index.ts'

/** An amount as commands show it to people: in the form of the brand's language, thousands apart, `¥78,825.73`, `-£5.00`. */
export function amountText(
  amountMinor: bigint,
  { currency, locale }: Pick<Brand, 'currency' | 'locale'>,
): string {
  const [sign, absolute] = amountMinor < 0n ? ['-', -amountMinor] : ['', amountMinor]
  const text = moneyText(absolute, currency, locale)
  return sign + text.replace(/\d+/, (whole) => whole.replace(/\B(?=(\d{3})+$)/g, ','))
}
