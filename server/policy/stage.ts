import type { Stage } from '../../contract/line.ts'
import { addLength, type EpochDay } from './day.ts'
import {
  type BalanceRule,
  balanceRules,
  type Policy,
  type PolicyState,
  type Step,
  type TopUpEffect,
} from './policy.ts'
import { earliestReissue } from './reissue.ts'
import { type ClockName, untilOf } from './validity.ts'

/** The day the step ends; null: never. A number clock that has ended already gives a step of no days. */
function stepEnds(step: Step, begins: EpochDay, state: PolicyState): EpochDay | null {
  if (step.lasts === null) return null
  if (step.lasts !== 'number-clock') return addLength(begins, step.lasts)
  const numberUntil = untilOf(state.number)
  return numberUntil === null ? null : Math.max(begins, numberUntil)
}

/** The stage the ladder alone gives: what the line's standing says is not asked. */
function stageOnLadder(policy: Policy, state: PolicyState, today: EpochDay): Stage {
  let begins = untilOf(state[policy.leadingClock])
  let stage: Stage = 'active'
  for (const step of policy.steps) {
    if (begins === null || today < begins) return stage
    stage = step.stage
    begins = stepEnds(step, begins, state)
  }
  return stage
}

/** The stage of a line on a day, from its clocks alone: what decides and is shown, whatever the network was last told. */
export function stageAt(policy: Policy, state: PolicyState, today: EpochDay): Stage {
  if (state.ceasedOn !== null && state.ceasedOn <= today) return 'ceased'
  return state.standing === 'in-service' ? stageOnLadder(policy, state, today) : state.standing
}

/** What a top-up does to a line in this stage. */
export function topUpAt(policy: Policy, stage: Stage): TopUpEffect {
  return policy.stages[stage].topUp
}

/** The least amount a top-up in this stage must have; a smaller one is refused. */
export function leastTopUpMinor(policy: Policy, stage: Stage): bigint {
  return policy.stages[stage].leastTopUpMinor
}

/** What holds for the money on the line that day: the harsher of what its stage and, in service, its credit clock say. */
export function balanceAt(policy: Policy, state: PolicyState, today: EpochDay): BalanceRule {
  return balanceIn(policy, state, stageAt(policy, state, today), today)
}

/** `balanceAt` for whoever has the stage of that day already. */
export function balanceIn(policy: Policy, state: PolicyState, stage: Stage, today: EpochDay): BalanceRule {
  const byStage = policy.stages[stage].balance
  if (policy.creditEnd === 'kept' || state.standing !== 'in-service' || state.ceasedOn !== null)
    return byStage
  const creditUntil = untilOf(state.credit)
  if (creditUntil === null || today < creditUntil) return byStage
  return balanceRules.indexOf(policy.creditEnd) > balanceRules.indexOf(byStage) ? policy.creditEnd : byStage
}

/** A step of a line's own ladder with its dates; `until` is exclusive, null for ever. */
export interface DatedStep {
  readonly stage: Stage
  readonly begins: EpochDay
  readonly until: EpochDay | null
  readonly notice: boolean
}

/** What lies after the end of the leading clock, if nothing extends it. Empty: it does not end. */
export function ladderOf(policy: Policy, state: PolicyState): readonly DatedStep[] {
  const dated: DatedStep[] = []
  let begins = untilOf(state[policy.leadingClock])
  for (const step of policy.steps) {
    if (begins === null) break
    const until = stepEnds(step, begins, state)
    if (until !== begins) dated.push({ stage: step.stage, begins, until, notice: step.notice })
    begins = until
  }
  return dated
}

/**
 * The first day on which a clock of the line no longer holds; null: no such day. Where the policy has no number
 * clock of its own the number is kept until the ladder reaches `ceased`.
 */
export function clockUntil(policy: Policy, state: PolicyState, clock: ClockName): EpochDay | null {
  if (clock !== 'number' || policy.hasNumberClock) return untilOf(state[clock])
  return ladderOf(policy, state).find((step) => step.stage === 'ceased')?.begins ?? null
}

/**
 * The next day after `today` on which somebody must look at the line: a step of the ladder begins (a stage
 * changes, a notice is owed, a retention fee may keep the line) or the credit clock ends. null: none.
 */
export function nextDueOn(policy: Policy, state: PolicyState, today: EpochDay): EpochDay | null {
  if (state.standing !== 'in-service' || state.ceasedOn !== null) return null
  const creditUntil = policy.creditEnd === 'kept' ? null : untilOf(state.credit)
  const creditDue = creditUntil !== null && creditUntil > today ? creditUntil : null
  let begins = untilOf(state[policy.leadingClock])
  for (const step of policy.steps) {
    if (begins === null || begins > today) break
    begins = stepEnds(step, begins, state)
  }
  // The last step lasts for ever, so a day that is left here is one on which a step begins.
  const stepDue = policy.steps.length === 0 ? null : begins
  if (stepDue === null || creditDue === null) return stepDue ?? creditDue
  return Math.min(stepDue, creditDue)
}

/**
 * The first day the number may go to a new owner if nothing extends the line: the old owner has lost it, and it
 * has rested as long as the policy's reissue rule asks since quarantine or, without one, cessation began.
 * null: it never comes to that.
 */
export function reissuableOn(policy: Policy, state: PolicyState): EpochDay | null {
  if (state.ceasedOn !== null) return earliestReissue(policy.reissue, state.ceasedOn)
  const ladder = ladderOf(policy, state)
  const lost = ladder.find((step) => step.stage === 'ceased')
  if (lost === undefined) return null
  const disconnected = ladder.find((step) => step.stage === 'quarantined') ?? lost
  return Math.max(lost.begins, earliestReissue(policy.reissue, disconnected.begins))
}
