import { currencyDecimals, readAmount } from '../../contract/decimal-amount.ts'
import { UsageError } from './usage.ts'

/** An option that is an amount, in minor units. Throws UsageError of what is none. */
export function readMoney(option: string, text: string, currency: string): bigint {
  const amount = readAmount(text, currencyDecimals(currency))
  if (typeof amount === 'string')
    throw new UsageError(`${option} is an amount in ${currency}, not "${text}".`)
  return amount
}
