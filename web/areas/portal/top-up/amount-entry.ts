import type { MoneyWire } from '../../../../contract/money.ts'
import type { FreeAmountOffer } from '../../../../contract/offer.ts'
import { readMoney } from '../../../ui/format.ts'

/** What a typed amount amounts to. */
export type AmountEntry =
  | { readonly kind: 'empty' }
  | { readonly kind: 'good'; readonly amount: MoneyWire }
  /** No number, below, above, or between two steps. */
  | { readonly kind: 'bad' }

/** Reads `50`, `50.00`, `¥1,000` or `５０元` as an amount of this offer; its steps count from its minimum. */
export function readAmount(text: string, { min, max, step }: FreeAmountOffer): AmountEntry {
  if (text.trim() === '') return { kind: 'empty' }
  const amount = readMoney(text, min.currency)
  if (!amount) return { kind: 'bad' }
  const minor = BigInt(amount.amountMinor)
  const over = minor - BigInt(min.amountMinor)
  const allowed = over >= 0n && minor <= BigInt(max.amountMinor) && over % BigInt(step.amountMinor) === 0n
  return allowed ? { kind: 'good', amount } : { kind: 'bad' }
}
