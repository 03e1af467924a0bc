import type { Stage } from '../../contract/line.ts'
import { assert } from '../platform/error.ts'
import {
  balanceAt,
  extend,
  ladderOf,
  nextDueOn,
  type Policy,
  type PolicyState,
  type RetentionFee,
  retentionFeeDue,
  stageAt,
} from '../policy/index.ts'
import type { LineClock } from './line-clock.ts'

/** The endless money of a line: what has no lot and no end. */
export interface EndlessMoney {
  readonly paid: bigint
  readonly bonus: bigint
}

/** What the sweep finds to do to one line. */
export interface Look {
  /** After the fees; the clocks are the same when there are none. */
  readonly state: PolicyState
  /** Fees that keep the line, each with how it is split; taken in this order. */
  readonly fees: readonly (RetentionFee & { readonly split: EndlessMoney })[]
  /** What holds today; the network is told when it was told another. */
  readonly stage: Stage
  /** The policy takes what is left after the fees; null: nothing. */
  readonly forfeited: EndlessMoney | null
  /** The first day on which the number is no longer its holder's, when that is told now. */
  readonly ceasedOn: number | null
  readonly nextDueOn: number | null
  /** The holder is worse off: a paid top-up under way comes first. */
  readonly loses: boolean
}

/** How far a stage is down the ladder; leaving for another operator is no loss that a top-up could prevent. */
const depth: Readonly<Record<Stage, number>> = {
  'pre-active': 0,
  active: 0,
  'ported-out': 0,
  'outbound-barred': 1,
  'fully-barred': 2,
  quarantined: 3,
  ceased: 4,
}

/** Looks at one line with the pure policy, whatever days were missed: fees for each period gone by, then today's stage. */
export function lookAt(policy: Policy, clock: LineClock, money: EndlessMoney, today: number): Look {
  const { state, fees, left } = takeFees(policy, clock, money, today)
  const stage = stageAt(policy, state, today)
  const forfeits = balanceAt(policy, state, today) === 'forfeited' && left.paid + left.bonus > 0n
  return {
    state,
    fees,
    stage,
    forfeited: forfeits ? left : null,
    ceasedOn: stage === 'ceased' && clock.stageTold !== 'ceased' ? lostOn(policy, state) : null,
    nextDueOn: nextDueOn(policy, state, today),
    loses: forfeits || depth[stage] > depth[clock.stageTold],
  }
}

function takeFees(policy: Policy, clock: LineClock, money: EndlessMoney, today: number) {
  const fees: Look['fees'][number][] = []
  let { state } = clock
  let left = money
  while (clock.stageTold === 'active') {
    const fee = retentionFeeDue(policy, state, today, left.paid + left.bonus)
    if (fee === null) break
    const kept = extend(policy, state, { kind: 'retention-fee', on: fee.on })
    assert(
      kept.accepted && kept.until !== kept.from,
      `the fee of ${policy.id} moves the clock it is taken for`,
    )
    // Paid credit first, as for a number taken back: what was given stays to be used.
    const short = fee.amountMinor - left.paid
    const split = short > 0n ? { paid: left.paid, bonus: short } : { paid: fee.amountMinor, bonus: 0n }
    fees.push({ ...fee, split })
    left = { paid: left.paid - split.paid, bonus: left.bonus - split.bonus }
    state = kept.state
  }
  return { state, fees, left }
}

function lostOn(policy: Policy, state: PolicyState): number {
  const day = state.ceasedOn ?? ladderOf(policy, state).find((step) => step.stage === 'ceased')?.begins
  assert(day !== undefined, `a line in the stage ceased was ceased on a day`)
  return day
}
