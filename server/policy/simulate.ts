import type { Stage } from '../../contract/line.ts'
import type { EpochDay } from './day.ts'
import { extend } from './extend.ts'
import type { BalanceRule, Policy, PolicyEvent, PolicyState } from './policy.ts'
import { retentionFeeDue } from './retention-fee.ts'
import { balanceAt, ladderOf, nextDueOn, stageAt } from './stage.ts'

/** One thing that happens to a line. Amounts are minor units of the policy's currency and positive. */
export type Happening =
  | { readonly on: EpochDay; readonly kind: 'stage'; readonly from: Stage; readonly to: Stage }
  | { readonly on: EpochDay; readonly kind: 'notice'; readonly stage: Stage }
  | { readonly on: EpochDay; readonly kind: 'retention-fee'; readonly amountMinor: bigint }
  | { readonly on: EpochDay; readonly kind: 'reclaim-fee'; readonly amountMinor: bigint }
  | {
      readonly on: EpochDay
      readonly kind: 'balance-frozen' | 'balance-thawed' | 'balance-forfeited'
      readonly amountMinor: bigint
    }
  | { readonly on: EpochDay; readonly kind: 'refused'; readonly event: PolicyEvent['kind'] }

export interface SimulationStart {
  readonly on: EpochDay
  readonly state: PolicyState
  readonly balanceMinor: bigint
}

export interface Simulation {
  readonly happenings: readonly Happening[]
  readonly state: PolicyState
  /** What is on the line at the end, frozen or not. */
  readonly balanceMinor: bigint
}

/** A line on its way; `stage` and `balanceRule` are what it was last told, so a difference is what happens next. */
interface Life {
  readonly policy: Policy
  readonly happenings: Happening[]
  today: EpochDay
  state: PolicyState
  balanceMinor: bigint
  stage: Stage
  balanceRule: BalanceRule
}

/**
 * Lives a line day by day from `start.on` to `until`, both inclusive: what the sweep and the ledger would do.
 * A day begins with its retention fee and its stage change; then come the events of that day, in the order
 * given. The balance after each top-up is worked out here; the one in the event is not read.
 * Throws RangeError on events out of order.
 */
export function simulate(
  policy: Policy,
  start: SimulationStart,
  events: readonly PolicyEvent[],
  until: EpochDay,
): Simulation {
  const life: Life = {
    policy,
    happenings: [],
    today: start.on,
    state: start.state,
    balanceMinor: start.balanceMinor,
    stage: stageAt(policy, start.state, start.on),
    balanceRule: balanceAt(policy, start.state, start.on),
  }
  for (const event of events) {
    if (event.on < life.today) throw new RangeError(`events out of order at the day ${event.on}`)
    if (event.on > until) break
    liveTo(life, event.on)
    meet(life, event)
  }
  liveTo(life, until)
  return { happenings: life.happenings, state: life.state, balanceMinor: life.balanceMinor }
}

function liveTo(life: Life, day: EpochDay): void {
  for (;;) {
    const due = nextDueOn(life.policy, life.state, life.today)
    if (due === null || due > day) break
    life.today = due
    takeRetentionFee(life)
    const step = ladderOf(life.policy, life.state).find(({ begins }) => begins === due)
    if (step?.notice) life.happenings.push({ on: due, kind: 'notice', stage: step.stage })
    tellStage(life)
    tellBalance(life)
  }
  life.today = day
}

function takeRetentionFee(life: Life): void {
  if (life.stage !== 'active') return
  const fee = retentionFeeDue(life.policy, life.state, life.today, life.balanceMinor)
  if (fee === null) return
  life.state = extend(life.policy, life.state, { kind: 'retention-fee', on: fee.on }).state
  life.balanceMinor -= fee.amountMinor
  life.happenings.push({ on: life.today, kind: 'retention-fee', amountMinor: fee.amountMinor })
}

function tellStage(life: Life): void {
  const stage = stageAt(life.policy, life.state, life.today)
  if (stage === life.stage) return
  life.happenings.push({ on: life.today, kind: 'stage', from: life.stage, to: stage })
  life.stage = stage
}

function tellBalance(life: Life): void {
  const rule = balanceAt(life.policy, life.state, life.today)
  if (rule === life.balanceRule) return
  if (rule === 'forfeited') forfeit(life)
  else if (rule === 'kept') push(life, 'balance-thawed')
  else if (life.balanceRule === 'kept') push(life, 'balance-frozen')
  life.balanceRule = rule
}

function forfeit(life: Life): void {
  push(life, 'balance-forfeited')
  life.balanceMinor = 0n
}

function push(life: Life, kind: 'balance-frozen' | 'balance-thawed' | 'balance-forfeited'): void {
  if (life.balanceMinor > 0n) life.happenings.push({ on: life.today, kind, amountMinor: life.balanceMinor })
}

function meet(life: Life, event: PolicyEvent): void {
  const { policy, state, today } = life
  const forfeits = life.balanceRule === 'forfeited' || life.balanceRule === 'forfeited-by-top-up'
  const balanceAfterMinor =
    event.kind === 'top-up' ? (forfeits ? 0n : life.balanceMinor) + event.amountMinor : life.balanceMinor
  const done = extend(policy, state, event.kind === 'top-up' ? { ...event, balanceAfterMinor } : event)
  if (!done.accepted) {
    life.happenings.push({ on: today, kind: 'refused', event: event.kind })
    return
  }
  if (done.oldBalance === 'forfeited') forfeit(life)
  life.state = done.state
  tellStage(life)
  tellBalance(life)
  if (event.kind === 'top-up') life.balanceMinor += event.amountMinor
  if (done.reclaimFeeMinor > 0n) {
    life.happenings.push({ on: today, kind: 'reclaim-fee', amountMinor: done.reclaimFeeMinor })
    if (event.kind === 'top-up') life.balanceMinor -= done.reclaimFeeMinor
  }
}
