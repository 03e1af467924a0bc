import type { Stage } from '../../contract/line.ts'
import type { EpochDay } from './day.ts'
import type { Extension } from './extend.ts'
import type { BalanceRule, Policy, PolicyEvent, PolicyState, TopUpEffect } from './policy.ts'
import { clockUntil, ladderOf } from './stage.ts'
import { type ClockName, lastSafeDay } from './validity.ts'

/** A clock's date as it is told. Both null: it has no end. */
export interface DisclosedClock {
  readonly clock: ClockName
  readonly until: EpochDay | null
  readonly lastSafeDay: EpochDay | null
}

/** What happens from a day on if nothing extends the line, and what a top-up then does. */
export interface DisclosedStage {
  readonly stage: Stage
  readonly begins: EpochDay
  /** The last day of it; null: for ever. */
  readonly lastDay: EpochDay | null
  readonly topUp: TopUpEffect
  readonly leastTopUpMinor: bigint
  readonly reclaimFeeMinor: bigint
  readonly balance: BalanceRule
}

/** Everything a validity text must say at sale, for i18n to put into words. */
export interface Disclosure {
  readonly policyId: string
  readonly policyVersion: number
  /** The day the policy's rules were applied as of. */
  readonly on: EpochDay
  /** The clock whose end starts the ladder, before and after. */
  readonly leading: DisclosedClock & { readonly before: Omit<DisclosedClock, 'clock'> }
  /** Days between the two ends of the leading clock; null where either has no end. */
  readonly addedDays: number | null
  /** Every clock that runs, the number last: 号码保留至. */
  readonly clocks: readonly DisclosedClock[]
  readonly stageBefore: Stage
  readonly accepted: boolean
  readonly oldBalance: Extension['oldBalance']
  readonly reclaimFeeMinor: bigint
  /** What becomes of the money when the credit clock ends. */
  readonly creditEnd: BalanceRule
  readonly retentionFeeMinor: bigint | null
  readonly ladder: readonly DisclosedStage[]
}

/** What a purchase would mean to the line: `extension` is what `extend` gave for that event. */
export function disclosure(policy: Policy, extension: Extension, event: PolicyEvent): Disclosure {
  const { from, until } = extension
  const after = extension.state
  return {
    policyId: policy.id,
    policyVersion: policy.version,
    on: event.on,
    leading: {
      clock: policy.leadingClock,
      until,
      lastSafeDay: lastSafeDay(until),
      before: { until: from, lastSafeDay: lastSafeDay(from) },
    },
    addedDays: until === null || from === null ? null : until - from,
    clocks: runningClocks(policy, after),
    stageBefore: extension.stage,
    accepted: extension.accepted,
    oldBalance: extension.oldBalance,
    reclaimFeeMinor: extension.reclaimFeeMinor,
    creditEnd: policy.creditEnd,
    retentionFeeMinor: policy.retentionFeeMinor,
    ladder: ladderOf(policy, after).map((step) => {
      const rule = policy.stages[step.stage]
      return {
        stage: step.stage,
        begins: step.begins,
        lastDay: lastSafeDay(step.until),
        topUp: rule.topUp,
        leastTopUpMinor: rule.leastTopUpMinor,
        reclaimFeeMinor: rule.reclaimFeeMinor,
        balance: rule.balance,
      }
    }),
  }
}

function runningClocks(policy: Policy, state: PolicyState): DisclosedClock[] {
  const disclosed: DisclosedClock[] = []
  for (const clock of ['service', 'credit', 'number'] as const) {
    const until = clockUntil(policy, state, clock)
    if (state[clock] === null && until === null) continue
    disclosed.push({ clock, until, lastSafeDay: lastSafeDay(until) })
  }
  return disclosed
}
