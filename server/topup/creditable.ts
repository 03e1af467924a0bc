import { wire } from '../../contract/money.ts'
import type { OfferTerms } from '../catalog/index.ts'
import { catalogErrors } from '../catalog/index.ts'
import { dueAfter, type LineClock } from '../line/index.ts'
import type { ErrorEntry, RefusalMembers } from '../platform/error.ts'
import {
  balanceAt,
  clockUntil,
  dayAt,
  type Extension,
  extend,
  formatDay,
  leastTopUpMinor,
  type Policy,
  type PolicyEvent,
  type PolicyState,
  stageAt,
  topUpAt,
} from '../policy/index.ts'
import { topUpErrors } from './errors.ts'
import type { HeldReason } from './top-up.ts'
import type { State, Work } from './work.ts'

/** What of a batch the question needs; placing asks it of one line without a batch. */
export type Asked = Pick<Work, 'lineAccount'> & {
  readonly state: Pick<State, 'today' | 'businessMs' | 'brand' | 'policyOf'>
  readonly book: Pick<Work['book'], 'balanceMinor' | 'lineMoney'>
}

/** A line that can take this credit today, and what its clocks will be. */
export interface Creditable {
  readonly can: true
  readonly clock: LineClock
  readonly extension: Extension
  /** The number clock before and after: 号码保留至 is the day before. */
  readonly untilBefore: number | null
  readonly until: number | null
}

export interface NotCreditable {
  readonly can: false
  readonly entry: ErrorEntry
  readonly members: RefusalMembers
  /** The same no for an order that is already paid. */
  readonly held: HeldReason
}

/** The stages in which a line takes no money at all; asked before anybody looks at the offer. */
export function refusedByStage(state: Asked['state'], line: LineClock): NotCreditable | null {
  const policy = state.policyOf(line.policy, line.policyVersion)
  const stage = stageAt(policy, line.state, policyDay(state, policy))
  if (stage === 'ceased' || stage === 'ported-out') return no(topUpErrors['line-ceased'], {}, 'line-ceased')
  // A line that only a package brings into service takes that package.
  const byPackage = stage === 'pre-active' && policy.activatedBy.includes('package')
  if (topUpAt(policy, stage) !== 'refused' || byPackage) return null
  return no(topUpErrors['line-refuses'], { stage }, 'line-refuses')
}

/** May this line take this credit today: stage, least amount and limits, in the order refusals are given. */
export function creditable(asked: Asked, before: LineClock, offer: OfferTerms): Creditable | NotCreditable {
  const { brand, policyOf } = asked.state
  const byStage = refusedByStage(asked.state, before)
  if (byStage) return byStage
  const policy = policyOf(before.policy, before.policyVersion)
  const today = policyDay(asked.state, policy)
  const account = asked.lineAccount(before.line, before.epoch)
  const event = purchase(policy, before.state, offer, today, asked.book.balanceMinor(account))
  const extension = extend(policy, before.state, event)
  if (!extension.accepted) {
    const { stage } = extension
    if (event.kind === 'package' || topUpAt(policy, stage) === 'refused')
      return no(topUpErrors['line-refuses'], { stage }, 'line-refuses')
    const least = wire(leastTopUpMinor(policy, stage), brand.currency)
    return no(catalogErrors['amount-not-allowed'], { min: least, stage }, 'line-refuses')
  }
  const { paid, bonus } = asked.book.lineMoney(account)
  const old = extension.oldBalance === 'forfeited' ? 0n : paid + bonus
  // A least top-up always covers the fee; a package brings no credit it could be taken from.
  if (old + offer.faceMinor + offer.bonusMinor < extension.reclaimFeeMinor)
    return no(topUpErrors['line-refuses'], { stage: extension.stage }, 'line-refuses')
  const limited = countTowardsLimits(asked, before, offer)
  if ('can' in limited) return limited
  const { state } = extension
  return {
    can: true,
    extension,
    untilBefore: clockUntil(policy, before.state, 'number'),
    until: clockUntil(policy, state, 'number'),
    clock: { ...before, ...limited, state, nextDueOn: dueAfter(policy, before, state, today) },
  }
}

/** What buying this offer today is to a line with this balance. */
export function purchase(
  policy: Policy,
  state: PolicyState,
  offer: OfferTerms,
  today: number,
  balanceMinor: bigint,
): PolicyEvent & { readonly kind: 'package' | 'top-up' } {
  const length = { months: offer.validityMonths, days: offer.validityDays }
  if (offer.kind === 'package') return { kind: 'package', on: today, length }
  const rule = balanceAt(policy, state, today)
  // What the purchase itself forfeits is not there afterwards.
  const kept = rule === 'kept' || rule === 'frozen' ? balanceMinor : 0n
  const balanceAfterMinor = kept + offer.faceMinor + offer.bonusMinor
  return { kind: 'top-up', on: today, amountMinor: offer.faceMinor, balanceAfterMinor, length }
}

/** Today as the policy counts days: its day may begin some hours into the calendar's. */
export function policyDay(
  { businessMs, brand }: Pick<Asked['state'], 'businessMs' | 'brand'>,
  policy: Policy,
): number {
  return dayAt(businessMs, brand.zone, policy.changeHour)
}

type LimitCounters = Pick<LineClock, 'limitDay' | 'limitDayMinor' | 'limitMonthMinor'>

function countTowardsLimits(
  asked: Asked,
  clock: LineClock,
  offer: OfferTerms,
): LimitCounters | NotCreditable {
  const { today, brand } = asked.state
  const { perOrderMinor, perLineDayMinor, perLineMonthMinor } = brand.limits
  const amount = loadMinor(offer)
  const day = (clock.limitDay === today ? clock.limitDayMinor : 0n) + amount
  const month = (sameMonth(clock.limitDay, today) ? clock.limitMonthMinor : 0n) + amount
  const over =
    amount > perOrderMinor
      ? { per: 'order', limitMinor: perOrderMinor }
      : day > perLineDayMinor
        ? { per: 'day', limitMinor: perLineDayMinor }
        : month > perLineMonthMinor
          ? { per: 'month', limitMinor: perLineMonthMinor }
          : null
  if (over) {
    const members = { per: over.per, limit: wire(over.limitMinor, brand.currency) }
    return no(topUpErrors['limit-reached'], members, 'limit-reached')
  }
  return { limitDay: today, limitDayMinor: day, limitMonthMinor: month }
}

/** What counts against limits, and what commission is reckoned on: the credit bought, or a package's price. */
export function loadMinor(offer: Pick<OfferTerms, 'kind' | 'faceMinor' | 'priceMinor'>): bigint {
  return offer.kind === 'package' ? offer.priceMinor : offer.faceMinor
}

export function sameMonth(a: number, b: number): boolean {
  return a === b || formatDay(a).slice(0, 7) === formatDay(b).slice(0, 7)
}

function no(entry: ErrorEntry, members: RefusalMembers, held: HeldReason): NotCreditable {
  return { can: false, entry, members, held }
}
