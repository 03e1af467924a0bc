import type { Policy } from './policy.ts'

/**
 * The amounts at which a top-up starts to give the leading clock another length, ascending, for a line with this
 * balance: so that a page can tell the date of every amount without asking again. Empty: the amount does not matter.
 */
export function amountSteps(policy: Policy, balanceMinor: bigint): readonly bigint[] {
  for (const rule of policy.rules['top-up'][policy.leadingClock]) {
    if (rule.by === 'flat') return []
    if (rule.by === 'offer') continue
    const held = rule.by === 'balance-after' ? balanceMinor : 0n
    const steps = rule.tiers.map((tier) => tier.atLeastMinor - held).reverse()
    return steps.filter((step, index) => step > 0n || (steps[index + 1] ?? 1n) > 0n)
  }
  return []
}
