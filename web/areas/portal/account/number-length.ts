import { type NumberPlan, numberLength } from '../../../ui/number-plan.ts'

/** How an entry differs in length from the brand's numbers: null when it is as long, or another country's. */
export function lengthFault(
  entry: string,
  plan: NumberPlan,
): { readonly is: 'short' | 'long'; readonly count: number } | null {
  if (entry === '' || entry.startsWith('+')) return null
  const missing = numberLength(plan) - entry.length
  if (missing === 0) return null
  return missing > 0 ? { is: 'short', count: missing } : { is: 'long', count: -missing }
}
