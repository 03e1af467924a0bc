import type { EpochDay } from './day.ts'
import type { Policy, PolicyState } from './policy.ts'
import { untilOf } from './validity.ts'

export interface RetentionFee {
  /** The day the leading clock ends: the event that extends it carries this day, however late it is taken. */
  readonly on: EpochDay
  readonly amountMinor: bigint
}

/**
 * The fee that would keep a line today, if its policy has one, the clock has ended and the spendable balance
 * covers it whole. Asked of a line that was not yet told to leave `active`; after a gap of several periods,
 * take the fee, extend and ask again.
 */
export function retentionFeeDue(
  policy: Policy,
  state: PolicyState,
  today: EpochDay,
  balanceMinor: bigint,
): RetentionFee | null {
  if (policy.retentionFeeMinor === null || balanceMinor < policy.retentionFeeMinor) return null
  if (state.standing !== 'in-service' || state.ceasedOn !== null) return null
  const until = untilOf(state[policy.leadingClock])
  if (until === null || until > today) return null
  const creditUntil = policy.creditEnd === 'kept' ? null : untilOf(state.credit)
  if (creditUntil !== null && creditUntil < until) return null
  return { on: until, amountMinor: policy.retentionFeeMinor }
}
