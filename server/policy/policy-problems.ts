import type { Length } from './day.ts'
import { rises } from './length-span.ts'
import { balanceRules } from './policy.ts'
import type { ExtensionJson, LengthJson, PolicyJson, StepJson } from './policy-schema.ts'
import type { ClockName } from './validity.ts'

/** What a well-formed policy may still get wrong. Each problem is `path: sentence`; none: it holds together. */
export function policyProblems(policy: PolicyJson): string[] {
  return [
    ...policy.extensions.flatMap((rule, index) => extensionProblems(rule, `/extensions/${index}`)),
    ...purchaseProblems(policy),
    ...policy.ladder.flatMap((step, index) => stepProblems(policy, step, index)),
    ...clockProblems(policy),
    ...feeProblems(policy),
    ...reissueProblems(policy),
  ]
}

export function toLength(json: LengthJson): Length {
  return { months: json.months ?? 0, days: json.days ?? 0 }
}

export function toLengthOrUnlimited(json: LengthJson | 'unlimited'): Length | 'unlimited' {
  return json === 'unlimited' ? json : toLength(json)
}

function isNothing(length: LengthJson | 'unlimited' | 'number-clock' | undefined): boolean {
  return typeof length === 'object' && (length.months ?? 0) === 0 && (length.days ?? 0) === 0
}

const nothingProblem = 'a length of no months and no days'

function extensionProblems(rule: ExtensionJson, path: string): string[] {
  const problems: string[] = []
  const tiered = rule.by === 'amount' || rule.by === 'balance-after'
  if ((rule.by === 'flat') !== (rule.length !== undefined))
    problems.push(`${path}/length: a flat rule has a length and no other rule has one`)
  if (tiered !== (rule.tiers !== undefined))
    problems.push(`${path}/tiers: a rule by amount or balance has tiers and no other rule has them`)
  if (tiered && rule.on.some((trigger) => trigger !== 'top-up'))
    problems.push(`${path}/on: only a top-up has an amount to find a tier by`)
  if (rule.by === 'offer' && rule.on.some((trigger) => trigger !== 'top-up' && trigger !== 'package'))
    problems.push(`${path}/on: only what is bought carries a length of its own`)
  if (isNothing(rule.length)) problems.push(`${path}/length: ${nothingProblem}`)
  if (isNothing(rule.cap)) problems.push(`${path}/cap: ${nothingProblem}`)
  const lengths = [rule.length, ...(rule.tiers ?? []).map((tier) => tier.length)]
  if (rule.cap !== undefined && lengths.includes('unlimited'))
    problems.push(`${path}/cap: what is unlimited has no cap`)
  return [...problems, ...tierProblems(rule, path)]
}

function tierProblems(rule: ExtensionJson, path: string): string[] {
  const problems: string[] = []
  const tiers = rule.tiers ?? []
  for (const [index, tier] of tiers.entries()) {
    const at = `${path}/tiers/${index}`
    if (isNothing(tier.length)) problems.push(`${at}/length: ${nothingProblem}`)
    const lower = tiers[index - 1]
    if (lower === undefined) continue
    if (BigInt(tier.atLeastMinor) <= BigInt(lower.atLeastMinor))
      problems.push(`${at}/atLeastMinor: tiers run from the lowest amount to the highest`)
    if (!rises(toLengthOrUnlimited(lower.length), toLengthOrUnlimited(tier.length)))
      problems.push(`${at}/length: a higher tier may give no more than the one below it`)
  }
  return problems
}

/** Two purchases of one instant must commute, so those that move one clock count alike. */
function purchaseProblems(policy: PolicyJson): string[] {
  const problems: string[] = []
  for (const clock of ['service', 'credit', 'number'] as const) {
    const rules = policy.extensions.filter((rule) => rule.clock === clock)
    const purchases = rules.filter((rule) => rule.on.includes('top-up') || rule.on.includes('package'))
    const bases = new Set(purchases.map((rule) => JSON.stringify([rule.from, rule.cap ?? null])))
    if (bases.size > 1)
      problems.push(`/extensions: top-ups and packages move the ${clock} clock with different from or cap`)
    const byBalance = purchases.filter((rule) => rule.by === 'balance-after')
    if (byBalance.some((rule) => rule.from !== 'now'))
      problems.push(`/extensions: tiers by balance on the ${clock} clock count from now`)
    const topUps = purchases.filter((rule) => rule.on.includes('top-up'))
    if (purchases.some((rule) => rule.from === 'end') && forfeitsAfter(policy, clock))
      problems.push(
        `/extensions: counted from its end the ${clock} clock may stay ended and the new money be forfeited`,
      )
    if (byBalance.length > 0 && topUps.length > 1)
      problems.push(`/extensions: tiers by balance are the only rule for top-ups on the ${clock} clock`)
  }
  return problems
}

/** Whether money is forfeited at some time between the end of the clock and the last stage that takes a top-up. */
function forfeitsAfter(policy: PolicyJson, clock: ClockName): boolean {
  if (clock !== policy.leadingClock) return clock === 'credit' && policy.creditEnd.startsWith('forfeited')
  return policy.ladder.some((step) => step.topUp !== 'refused' && step.balance.startsWith('forfeited'))
}

const downwards = ['active', 'outbound-barred', 'fully-barred', 'quarantined', 'ceased'] as const

function stepProblems(policy: PolicyJson, step: StepJson, index: number): string[] {
  const path = `/ladder/${index}`
  const problems: string[] = []
  const above = policy.ladder[index - 1]
  const isLast = index === policy.ladder.length - 1
  if (above && downwards.indexOf(step.stage) <= downwards.indexOf(above.stage))
    problems.push(`${path}/stage: ${step.stage} does not come after ${above.stage}`)
  if (above && balanceRules.indexOf(step.balance) < balanceRules.indexOf(above.balance))
    problems.push(`${path}/balance: a later stage is milder than an earlier one`)
  if (isLast !== (step.lasts === undefined))
    problems.push(`${path}/lasts: the last step lasts for ever, every other has a length`)
  if (isNothing(step.lasts)) problems.push(`${path}/lasts: ${nothingProblem}`)
  if (step.stage === 'ceased' && (!isLast || step.topUp !== 'refused'))
    problems.push(`${path}/stage: ceased is the last step and refuses top-ups`)
  if (
    step.stage === 'active' &&
    (!step.notice || step.topUp !== 'restores-service' || step.balance !== 'kept')
  )
    problems.push(`${path}/stage: an active step gives notice and takes nothing away`)
  if (step.reclaimFeeMinor !== undefined && step.stage !== 'quarantined')
    problems.push(`${path}/reclaimFeeMinor: only a quarantined number is taken back`)
  if (BigInt(step.leastTopUpMinor ?? policy.leastTopUpMinor) < BigInt(step.reclaimFeeMinor ?? '0'))
    problems.push(`${path}/leastTopUpMinor: does not cover the reclaim fee`)
  if (step.topUp !== 'refused' && !leastTopUpMoves(policy, policy.leadingClock, step.leastTopUpMinor))
    problems.push(`${path}/topUp: the least top-up it accepts does not move the ${policy.leadingClock} clock`)
  return problems
}

/** Whether the smallest top-up that is accepted moves the clock; where top-ups never do, packages must. */
function leastTopUpMoves(policy: PolicyJson, clock: ClockName, ownLeastMinor = '0'): boolean {
  const least = [BigInt(policy.leastTopUpMinor), BigInt(ownLeastMinor)]
  const rules = policy.extensions.filter((rule) => rule.clock === clock)
  const onTopUp = rules.filter((rule) => rule.on.includes('top-up'))
  if (onTopUp.length === 0) return rules.some((rule) => rule.on.includes('package'))
  return onTopUp.some((rule) => {
    const lowest = rule.tiers?.[0]
    return rule.by === 'flat' || (lowest && least.some((amount) => amount >= BigInt(lowest.atLeastMinor)))
  })
}

function clockProblems(policy: PolicyJson): string[] {
  const problems: string[] = []
  const moved = new Set(policy.extensions.map((rule) => rule.clock))
  const stepsToNumber = policy.ladder.some((step) => step.lasts === 'number-clock')
  if (!moved.has(policy.leadingClock))
    problems.push(`/leadingClock: nothing moves the ${policy.leadingClock} clock`)
  if (moved.has('service') && policy.leadingClock !== 'service')
    problems.push('/leadingClock: a service clock that decides nothing')
  if (policy.leadingClock !== 'number' && moved.has('number') !== stepsToNumber)
    problems.push('/ladder: a number clock is moved if and only if a step lasts until it ends')
  if (policy.leadingClock === 'number' && stepsToNumber)
    problems.push('/ladder: no step can last until the clock ends that started it')
  if (policy.leadingClock !== 'credit' && moved.has('credit') !== (policy.creditEnd !== 'kept'))
    problems.push('/creditEnd: a credit clock is moved if and only if its end touches the balance')
  if (moved.has('credit') && policy.creditEnd !== 'kept' && !leastTopUpMoves(policy, 'credit'))
    problems.push(
      '/extensions: the least top-up does not move the credit clock, so its money may have ended already',
    )
  if (policy.activatedBy.includes('retention-fee'))
    problems.push('/activatedBy: a retention fee is taken from lines in service only')
  return problems
}

function feeProblems(policy: PolicyJson): string[] {
  const rules = policy.extensions.filter((rule) => rule.on.includes('retention-fee'))
  const leads = rules.every(
    (rule) => rule.clock === policy.leadingClock && rule.from === 'end' && rule.by === 'flat',
  )
  const problems: string[] = []
  if ((policy.retentionFeeMinor !== null) !== (rules.length === 1) || !leads)
    problems.push('/retentionFeeMinor: goes with one flat rule that moves the leading clock from its end')
  if (policy.retentionFeeMinor === '0') problems.push('/retentionFeeMinor: a fee of nothing')
  return problems
}

function reissueProblems(policy: PolicyJson): string[] {
  const { leastDays, mostDays } = policy.reissue
  const contradicts = mostDays !== null && Math.min(mostDays.residential, mostDays.business) < leastDays
  return contradicts ? ['/reissue/mostDays: below leastDays'] : []
}
