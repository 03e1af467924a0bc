import type { Stage } from '../../contract/line.ts'
import type { EpochDay, Length } from './day.ts'
import {
  type BalanceRule,
  type ExtensionRule,
  type PackageEvent,
  type Policy,
  type PolicyEvent,
  type PolicyState,
  preActive,
  type TopUpEvent,
} from './policy.ts'
import { balanceAt, balanceIn, leastTopUpMinor, stageAt, topUpAt } from './stage.ts'
import { type Clock, extendClock, untilOf } from './validity.ts'

/** What an event did to a line's clocks. */
export interface Extension {
  readonly state: PolicyState
  /** false: the line's stage on that day, or the amount, lets this event do nothing. The state is then the one given. */
  readonly accepted: boolean
  /** The stage the event found the line in. */
  readonly stage: Stage
  /** `until` of the policy's leading clock before and after; null: unlimited or not running. Never earlier after than before. */
  readonly from: EpochDay | null
  readonly until: EpochDay | null
  /** What became of the money that was on the line before the event. */
  readonly oldBalance: 'kept' | 'frozen' | 'thawed' | 'forfeited'
  /** To be taken from what was paid: the price of a number taken back from quarantine, else 0. */
  readonly reclaimFeeMinor: bigint
}

/**
 * Applies one event to the clocks of a line, as of the event's own day. Pure; never shortens a clock. A top-up
 * is refused where `topUpAt` says so and below `leastTopUpMinor`; the caller then takes no money.
 */
export function extend(policy: Policy, state: PolicyState, event: PolicyEvent): Extension {
  const asOf = dayOfStage(event)
  const stage = stageAt(policy, state, asOf)
  const from = untilOf(state[policy.leadingClock])
  if (!isAccepted(policy, state, stage, event))
    return { state, accepted: false, stage, from, until: from, oldBalance: 'kept', reclaimFeeMinor: 0n }
  const next = move(policy, state, stage, event)
  return {
    state: next,
    accepted: true,
    stage,
    from,
    until: untilOf(next[policy.leadingClock]),
    oldBalance: oldBalance(policy, balanceIn(policy, state, stage, asOf), next, event, asOf),
    reclaimFeeMinor: isPurchase(event) ? policy.stages[stage].reclaimFeeMinor : 0n,
  }
}

/** The clocks after all events, from a line that was never used; they must be in the order they happened. */
export function replay(policy: Policy, events: Iterable<PolicyEvent>): PolicyState {
  let state = preActive
  for (const event of events) state = extend(policy, state, event).state
  return state
}

/** A retention fee is taken on the day its clock ends, as the last act of the day before. */
function dayOfStage(event: PolicyEvent): EpochDay {
  return event.kind === 'retention-fee' ? event.on - 1 : event.on
}

function isPurchase(event: PolicyEvent): event is TopUpEvent | PackageEvent {
  return event.kind === 'top-up' || event.kind === 'package'
}

function isAccepted(policy: Policy, state: PolicyState, stage: Stage, event: PolicyEvent): boolean {
  if (stage === 'ceased' || state.ceasedOn !== null || stage === 'ported-out') return false
  const takesPurchase =
    stage === 'pre-active' ? policy.activatedBy.includes(event.kind) : topUpAt(policy, stage) !== 'refused'
  switch (event.kind) {
    case 'ceased':
    case 'ported-out':
      return true
    case 'top-up':
      return takesPurchase && event.amountMinor >= leastTopUpMinor(policy, stage)
    case 'package':
      return takesPurchase
    case 'retention-fee':
      return stage === 'active'
    case 'activation':
      return stage === 'pre-active' && policy.activatedBy.includes('activation')
    default:
      // Use and log-ins show that the subscriber is there; they do not bring a number back.
      return stage === 'pre-active' ? policy.activatedBy.includes(event.kind) : stage !== 'quarantined'
  }
}

function move(policy: Policy, state: PolicyState, stage: Stage, event: PolicyEvent): PolicyState {
  if (event.kind === 'ceased') return { ...state, ceasedOn: event.on }
  if (event.kind === 'ported-out') return { ...state, standing: 'ported-out' }
  const rules = policy.rules[event.kind]
  // A bar on service is lifted by paying, never by being called.
  const barred = stage === 'outbound-barred' || stage === 'fully-barred'
  const movesService = !barred || isPurchase(event) || event.kind === 'retention-fee'
  const now = event.on + policy.firstDay
  return {
    standing: 'in-service',
    ceasedOn: null,
    service: movesService ? moveClock(rules.service, state.service, now, event) : state.service,
    credit: moveClock(rules.credit, state.credit, now, event),
    number: moveClock(rules.number, state.number, now, event),
  }
}

function moveClock(rules: readonly ExtensionRule[], clock: Clock, now: EpochDay, event: PolicyEvent): Clock {
  for (const rule of rules) {
    const length = lengthBy(rule, event)
    if (length !== null) return extendClock(clock, now, rule.from, length, rule.cap)
  }
  return clock
}

/** How much a rule gives for an event; null: nothing. */
function lengthBy(rule: ExtensionRule, event: PolicyEvent): Length | 'unlimited' | null {
  switch (rule.by) {
    case 'flat':
      return rule.length
    case 'offer':
      return isPurchase(event) ? offeredLength(event.length) : null
    case 'amount':
      return event.kind === 'top-up' ? tierOf(rule, event.amountMinor) : null
    case 'balance-after':
      return event.kind === 'top-up' ? tierOf(rule, event.balanceAfterMinor) : null
  }
}

/** An offer of no months and no days carries no validity of its own. */
function offeredLength(length: Length | null): Length | null {
  return length !== null && (length.months > 0 || length.days > 0) ? length : null
}

function tierOf(rule: ExtensionRule, amountMinor: bigint): Length | 'unlimited' | null {
  for (const tier of rule.tiers) if (amountMinor >= tier.atLeastMinor) return tier.length
  return null
}

function oldBalance(
  policy: Policy,
  before: BalanceRule,
  after: PolicyState,
  event: PolicyEvent,
  asOf: EpochDay,
): Extension['oldBalance'] {
  if (before === 'kept' || before === 'forfeited') return before
  if (before === 'forfeited-by-top-up' && isPurchase(event)) return 'forfeited'
  return balanceAt(policy, after, asOf) === 'kept' ? 'thawed' : 'frozen'
}
