import type { Length } from './day.ts'
import { spanOf } from './length-span.ts'
import type { ExtensionRule, Policy, PolicyEventKind } from './policy.ts'
import type { Regulator } from './regulators.ts'

/** One thing a regulator asks for and a policy does not give: days, or an amount in minor units. */
export interface Violation {
  readonly regulator: string
  readonly constraint:
    | 'currency'
    | 'idle-days'
    | 'retention-fee'
    | 'retention-fee-days'
    | 'reclaim-days'
    | 'reclaim-fee'
    | 'credit-days'
    | 'credit-on-sale'
    | 'credit-revalidated'
    | 'reissue-least-days'
    | 'reissue-most-days'
  readonly required: string
  readonly found: string
}

type Found = Omit<Violation, 'regulator'>

/** Every violation of a regulator's rules; `offers` are the lengths of what the brand has on sale. */
export function checkConstraints(
  policy: Policy,
  regulator: Regulator,
  offers: readonly Length[] = [],
): readonly Violation[] {
  // Amounts in another currency cannot be compared, so nothing else is said.
  const found =
    policy.currency === regulator.currency
      ? [
          ...idleViolations(policy, regulator),
          ...feeViolations(policy, regulator),
          ...reclaimViolations(policy, regulator),
          ...creditViolations(policy, regulator, offers),
          ...reissueViolations(policy, regulator),
        ]
      : [{ constraint: 'currency', required: regulator.currency, found: policy.currency } as const]
  return found.map((violation) => ({ regulator: regulator.id, ...violation }))
}

function atLeast(constraint: Violation['constraint'], required: number, found: number): Found[] {
  return found >= required ? [] : [{ constraint, required: String(required), found: String(found) }]
}

function atMost(constraint: Violation['constraint'], required: string, found: bigint): Found[] {
  return found <= BigInt(required) ? [] : [{ constraint, required, found: String(found) }]
}

function fewestDays(length: Length | 'unlimited', cap: Length | null): number {
  const fewest = spanOf(length).fewest
  return cap === null ? fewest : Math.min(fewest, spanOf(cap).fewest)
}

function idleViolations(policy: Policy, { idle }: Regulator): Found[] {
  if (idle === null) return []
  let notice = 0
  for (const step of policy.steps) {
    if (step.stage !== 'active' || step.lasts === null || step.lasts === 'number-clock') break
    notice += spanOf(step.lasts).fewest
  }
  const uses: PolicyEventKind[] = ['chargeable-use', 'outgoing-use', 'incoming-use']
  const perUse = uses.map((kind) => {
    const rule = policy.rules[kind][policy.leadingClock][0]
    return rule?.length ? fewestDays(rule.length, rule.cap) : 0
  })
  return atLeast('idle-days', idle.leastDays, Math.min(...perUse) + notice)
}

function feeViolations(policy: Policy, { retentionFee }: Regulator): Found[] {
  if (retentionFee === null || policy.retentionFeeMinor === null) return []
  const rule = policy.rules['retention-fee'][policy.leadingClock][0]
  return [
    ...atMost('retention-fee', retentionFee.mostMinor, policy.retentionFeeMinor),
    ...atLeast(
      'retention-fee-days',
      retentionFee.leastDays,
      rule?.length ? fewestDays(rule.length, rule.cap) : 0,
    ),
  ]
}

function reclaimViolations(policy: Policy, { reclaim }: Regulator): Found[] {
  const isLost = policy.steps.some((step) => step.stage === 'ceased')
  if (reclaim === null || !isLost) return []
  const { topUp, reclaimFeeMinor } = policy.stages.quarantined
  const lasts = policy.steps.find((step) => step.stage === 'quarantined')?.lasts
  const isFixed = lasts !== undefined && lasts !== null && lasts !== 'number-clock'
  return [
    ...atLeast('reclaim-days', reclaim.leastDays, isFixed && topUp !== 'refused' ? spanOf(lasts).fewest : 0),
    ...(reclaim.mostFeeMinor === null ? [] : atMost('reclaim-fee', reclaim.mostFeeMinor, reclaimFeeMinor)),
  ]
}

function creditViolations(policy: Policy, { credit }: Regulator, offers: readonly Length[]): Found[] {
  if (credit === null) return []
  const clock = policy.creditEnd === 'kept' ? policy.leadingClock : 'credit'
  const rules = policy.rules['top-up'][clock]
  const lengths = rules.flatMap((rule) => lengthsOf(rule, offers))
  const longest = Math.max(0, ...lengths)
  const forfeits =
    policy.creditEnd === 'forfeited' ||
    policy.steps.some(({ stage }) => policy.stages[stage].balance === 'forfeited')
  return [
    ...atLeast('credit-days', credit.leastDays, everyTopUpMoves(policy, rules) ? Math.min(...lengths) : 0),
    ...credit.onSaleDays.flatMap((days) => atLeast('credit-on-sale', days, longest)),
    ...(forfeits
      ? [{ constraint: 'credit-revalidated', required: 'frozen', found: 'forfeited' } as const]
      : []),
  ]
}

function lengthsOf(rule: ExtensionRule, offers: readonly Length[]): number[] {
  const lengths = rule.by === 'offer' ? offers : rule.tiers.map((tier) => tier.length)
  return [...lengths, ...(rule.length === null ? [] : [rule.length])].map((length) =>
    fewestDays(length, rule.cap),
  )
}

function everyTopUpMoves(policy: Policy, rules: readonly ExtensionRule[]): boolean {
  const { leastTopUpMinor } = policy.stages.active
  return rules.some((rule) => {
    const lowest = rule.tiers.at(-1)
    return rule.by === 'flat' || (lowest !== undefined && lowest.atLeastMinor <= leastTopUpMinor)
  })
}

function reissueViolations(policy: Policy, { reissue }: Regulator): Found[] {
  if (reissue === null) return []
  const { leastDays, mostDays } = policy.reissue
  const found = atLeast('reissue-least-days', reissue.leastDays, leastDays)
  if (reissue.mostDays === null) return found
  for (const owner of ['residential', 'business'] as const) {
    const most = mostDays === null ? Infinity : mostDays[owner]
    if (most > reissue.mostDays[owner])
      found.push({
        constraint: 'reissue-most-days',
        required: String(reissue.mostDays[owner]),
        found: String(most),
      })
  }
  return found
}
