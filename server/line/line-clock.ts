import type { Stage } from '../../contract/line.ts'
import {
  type ClockName,
  nextDueOn,
  type Policy,
  type Clock as PolicyClock,
  type PolicyState,
  type Standing,
  stageAt,
} from '../policy/index.ts'

/** The hot row of a line, locked: where it stands, its clocks, and what was topped up this day and month. */
export interface LineClock {
  readonly line: string
  readonly msisdn: string
  readonly epoch: number
  readonly policy: string
  readonly policyVersion: number
  readonly state: PolicyState
  /** The stage the network was last told; what holds is `stageAt` of the state. */
  readonly stageTold: Stage
  /** The next day the sweep must look at this line; may be early, never late. */
  readonly nextDueOn: number | null
  /** The business day that the limit counters speak of; on another day of the same month only the month's counts. */
  readonly limitDay: number
  readonly limitDayMinor: bigint
  readonly limitMonthMinor: bigint
}

/** A `line_clock` row joined with its number, as the driver reads it. */
export interface LineClockRow {
  readonly line: string
  readonly msisdn: string
  readonly epoch: number
  readonly policy: string
  readonly policy_version: number
  readonly standing: Standing
  readonly ceased_on: number | null
  readonly service_anchor: number | null
  readonly service_months: number | null
  readonly service_days: number | null
  readonly credit_anchor: number | null
  readonly credit_months: number | null
  readonly credit_days: number | null
  readonly number_anchor: number | null
  readonly number_months: number | null
  readonly number_days: number | null
  readonly stage_told: Stage
  readonly next_due_on: number | null
  readonly limit_day: number
  readonly limit_day_minor: bigint
  readonly limit_month_minor: bigint
}

function readClock(anchor: number | null, months: number | null, days: number | null): PolicyClock {
  if (months === null || days === null) return null
  return anchor === null ? 'unlimited' : { anchor, months, days }
}

/** The columns of a row that hold the policy's state. */
export type StateRow = Pick<
  LineClockRow,
  | 'standing'
  | 'ceased_on'
  | 'service_anchor'
  | 'service_months'
  | 'service_days'
  | 'credit_anchor'
  | 'credit_months'
  | 'credit_days'
  | 'number_anchor'
  | 'number_months'
  | 'number_days'
>

export function toState(row: StateRow): PolicyState {
  return {
    standing: row.standing,
    ceasedOn: row.ceased_on,
    service: readClock(row.service_anchor, row.service_months, row.service_days),
    credit: readClock(row.credit_anchor, row.credit_months, row.credit_days),
    number: readClock(row.number_anchor, row.number_months, row.number_days),
  }
}

export function toLineClock(row: LineClockRow): LineClock {
  return {
    line: row.line,
    msisdn: row.msisdn,
    epoch: row.epoch,
    policy: row.policy,
    policyVersion: row.policy_version,
    state: toState(row),
    stageTold: row.stage_told,
    nextDueOn: row.next_due_on,
    limitDay: row.limit_day,
    limitDayMinor: row.limit_day_minor,
    limitMonthMinor: row.limit_month_minor,
  }
}

/** One clock's three columns: all null where it does not run, only the anchor null where it never ends. */
export function clockColumns(
  state: PolicyState,
  name: ClockName,
): readonly [anchor: number | null, months: number | null, days: number | null] {
  const clock = state[name]
  if (clock === null) return [null, null, null]
  return clock === 'unlimited' ? [null, 0, 0] : [clock.anchor, clock.months, clock.days]
}

export const clockNames: readonly ClockName[] = ['service', 'credit', 'number']

export function sameState(a: PolicyState, b: PolicyState): boolean {
  const sameClock = (name: ClockName) => clockColumns(a, name).join() === clockColumns(b, name).join()
  return a.standing === b.standing && a.ceasedOn === b.ceasedOn && clockNames.every(sameClock)
}

/**
 * When the sweep must look again at a line whose clocks have moved: today if the network must be told another stage. Else
 * the day stays as early as it was, though nothing may be due then: writing another one would cost the row's update its page.
 */
export function dueAfter(
  policy: Policy,
  before: Pick<LineClock, 'stageTold' | 'nextDueOn'>,
  state: PolicyState,
  today: number,
): number | null {
  const due = stageAt(policy, state, today) === before.stageTold ? nextDueOn(policy, state, today) : today
  if (before.nextDueOn === null || due === null) return before.nextDueOn ?? due
  return Math.min(before.nextDueOn, due)
}
