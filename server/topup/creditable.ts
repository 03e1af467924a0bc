import { wire } from '../../contract/money.ts'
import type { OfferTerms } from '../catalog/index.ts'
import { catalogErrors } from '../catalog/index.ts'
import type { LineClock } from '../line/index.ts'
import type { ErrorEntry, RefusalMembers } from '../platform/error.ts'
import {
  clockUntil,
  type Extension,
  extend,
  formatDay,
  leastTopUpMinor,
  nextDueOn,
  type PolicyEvent,
  topUpAt,
} from '../policy/index.ts'
import { topUpErrors } from './errors.ts'
import type { HeldReason } from './top-up.ts'
import type { Work } from './work.ts'

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

/** May this line take this credit today: stage, least amount and limits, in the order refusals are given. */
export function creditable(work: Work, before: LineClock, offer: OfferTerms): Creditable | NotCreditable {
  const { today, brand, policyOf } = work.state
  const policy = policyOf(before.policy, before.policyVersion)
  const account = work.lineAccount(before.line, before.epoch)
  const balanceMinor = work.book.balanceMinor(account)
  const extension = extend(policy, before.state, eventOf(offer, today, balanceMinor))
  if (!extension.accepted) {
    if (extension.stage === 'ceased' || extension.stage === 'ported-out')
      return no(topUpErrors['line-ceased'], {}, 'line-ceased')
    if (topUpAt(policy, extension.stage) === 'refused') {
      return no(topUpErrors['line-refuses'], { stage: extension.stage }, 'line-refuses')
    }
    const least = wire(leastTopUpMinor(policy, extension.stage), brand.currency)
    return no(catalogErrors['amount-not-allowed'], { min: least, stage: extension.stage }, 'line-refuses')
  }
  const limited = countTowardsLimits(work, before, offer)
  if ('can' in limited) return limited
  const state = extension.state
  const due = nextDueOn(policy, state, today)
  return {
    can: true,
    extension,
    untilBefore: clockUntil(policy, before.state, 'number'),
    until: clockUntil(policy, state, 'number'),
    clock: { ...before, ...limited, state, nextDueOn: earlier(before.nextDueOn, due) },
  }
}

function eventOf(offer: OfferTerms, today: number, balanceMinor: bigint): PolicyEvent {
  const length = { months: offer.validityMonths, days: offer.validityDays }
  if (offer.kind === 'package') return { kind: 'package', on: today, length }
  const balanceAfterMinor = balanceMinor + offer.faceMinor + offer.bonusMinor
  return { kind: 'top-up', on: today, amountMinor: offer.faceMinor, balanceAfterMinor, length }
}

/** The sweep's day may be early, never late: leaving it where it was keeps the row's update inside its page. */
function earlier(current: number | null, due: number | null): number | null {
  if (current === null || due === null) return current ?? due
  return Math.min(current, due)
}

type LimitCounters = Pick<LineClock, 'limitDay' | 'limitDayMinor' | 'limitMonthMinor'>

function countTowardsLimits(work: Work, clock: LineClock, offer: OfferTerms): LimitCounters | NotCreditable {
  const { today, brand } = work.state
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

function sameMonth(a: number, b: number): boolean {
  return a === b || formatDay(a).slice(0, 7) === formatDay(b).slice(0, 7)
}

function no(entry: ErrorEntry, members: RefusalMembers, held: HeldReason): NotCreditable {
  return { can: false, entry, members, held }
}
