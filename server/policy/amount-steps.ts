import type { Policy } from './policy.ts'

/**
 * The amounts at which a top-up starts to give the leading clock more, ascending, for a line with this balance:
 * with these and the least amount a page can tell the date of any amount without asking again.
 */
export function amountSteps(policy: Policy, balanceMinor: bigint): readonly bigint[] {
  for (const rule of policy.rules['top-up'][policy.leadingClock]) {
    if (rule.by === 'flat') return []
    if (rule.by === 'offer') continue
    const held = rule.by === 'balance-after' ? balanceMinor : 0n
    return rule.tiers
      .map((tier) => tier.atLeastMinor - held)
      .filter((step) => step > 0n)
      .reverse()
  }
  return []
}
