import type {
  AllowanceView,
  BalanceView,
  ClockView,
  LineView,
  StrangerLineView,
} from '../../contract/line.ts'
import { wire } from '../../contract/money.ts'
import type { Brand } from '../brand/index.ts'
import type { Clock } from '../platform/clock.ts'
import { assert } from '../platform/error.ts'
import {
  clockUntil,
  formatDay,
  lastSafeDay,
  type Policy,
  type PolicyState,
  stageAt,
  topUpAt,
} from '../policy/index.ts'
import { clockNames } from './line-clock.ts'
import { type PolicyOf, policyDay } from './policy-day.ts'
import type { ReadLine, ReadLineWithLots, ReadLot } from './view-store.ts'

/** What a view is made with. */
export interface ViewDeps {
  readonly clock: Clock
  readonly policyOf: PolicyOf
}

/** An operator's view: what holds today by the clocks, whatever the network was last told. */
export function balanceView(deps: ViewDeps, brand: Brand, { clock, balanceMinor }: ReadLine): BalanceView {
  const { policy, today } = policyToday(deps, brand, clock)
  return {
    msisdn: clock.msisdn,
    stage: stageAt(policy, clock.state, today),
    balance: wire(balanceMinor, brand.currency),
    clocks: clockViews(policy, clock.state, today),
  }
}

/** What the holder sees. */
export function lineView(deps: ViewDeps, brand: Brand, line: ReadLineWithLots): LineView {
  const { clock } = line
  const { policy, today } = policyToday(deps, brand, clock)
  const view = balanceView(deps, brand, line)
  return {
    ...view,
    topUp: topUpWord(policy, clock.state, today),
    keptUntil: view.clocks.find((shown) => shown.clock === 'number') ?? null,
    allowances: line.lots.filter(([, until]) => until > today).map(allowanceView),
    own: true,
  }
}

/** What anybody else sees. */
export function strangerView(deps: ViewDeps, brand: Brand, { clock }: ReadLine): StrangerLineView {
  const { policy, today } = policyToday(deps, brand, clock)
  return { msisdn: clock.msisdn, topUp: topUpWord(policy, clock.state, today), own: false }
}

function policyToday({ clock, policyOf }: ViewDeps, brand: Brand, line: ReadLine['clock']) {
  const policy = policyOf(line.policy, line.policyVersion)
  return { policy, today: policyDay(clock, brand, policy) }
}

function topUpWord(policy: Policy, state: PolicyState, today: number): LineView['topUp'] {
  return topUpAt(policy, stageAt(policy, state, today)) === 'refused' ? 'refused' : 'possible'
}

/** The clocks that run. A number that was given up was kept until that day. */
function clockViews(policy: Policy, state: PolicyState, today: number): ClockView[] {
  if (state.standing !== 'in-service') return []
  return clockNames
    .filter((clock) => clock === 'number' || state[clock] !== null)
    .map((clock) => {
      const until = (clock === 'number' ? state.ceasedOn : null) ?? clockUntil(policy, state, clock)
      const safe = lastSafeDay(until)
      return {
        clock,
        until: until === null ? null : formatDay(until),
        lastSafeDay: safe === null ? null : formatDay(safe),
        daysLeft: safe === null ? null : safe - today,
      }
    })
}

const units = ['voice-seconds', 'sms', 'data-bytes'] as const
const ROAMING = 'roaming-'

function allowanceView([kind, until, remaining]: ReadLot): AllowanceView {
  const roaming = kind.startsWith(ROAMING)
  const unit = units.find((candidate) => candidate === (roaming ? kind.slice(ROAMING.length) : kind))
  assert(unit, `an allowance has a unit, not ${kind}`)
  return { unit, remaining, until: formatDay(until), roaming }
}
