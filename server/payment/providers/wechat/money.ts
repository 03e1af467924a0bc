import type { TransactionAmount } from '../../port.ts'
import { parseFen } from './exact-json.ts'

/** An amount object of API v3 under WeChat Pay's number of the payment; null when it is not one. */
export function moneyOf(
  transaction: unknown,
  amount: unknown,
  name: 'total' | 'refund',
): TransactionAmount | null {
  if (typeof amount !== 'object' || amount === null || typeof transaction !== 'string') return null
  const { [name]: fen, currency = 'CNY' } = amount as Record<string, unknown>
  const amountMinor = parseFen(fen)
  if (amountMinor === null || typeof currency !== 'string' || !/^[A-Z]{3}$/.test(currency)) return null
  return /^[0-9A-Za-z]{1,64}$/.test(transaction) ? { transaction, amountMinor, currency } : null
}
