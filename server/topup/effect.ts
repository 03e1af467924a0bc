import type { Brand } from '../brand/index.ts'
import type { OfferTerms } from '../catalog/index.ts'
import {
  clockUntil,
  type Disclosure,
  disclosure,
  type EpochDay,
  extend,
  lastSafeDay,
  type Policy,
  type PolicyState,
  validUntil,
} from '../policy/index.ts'
import { policyDay, purchase } from './creditable.ts'
import { type Locale, type Promised, validityText } from './validity-text.ts'

/** The line an offer is looked at for. A stranger's tells nothing of where it stands. */
export interface Asker {
  readonly brand: Brand
  readonly businessMs: number
  readonly policy: Policy
  readonly state: PolicyState
  readonly balanceMinor: bigint
  readonly own: boolean
}

/** What an offer does to the number's date, and the words for it. */
export interface Effect {
  readonly lastSafeDay: EpochDay | null
  /** Null: the date does not move, or never ends. */
  readonly addedDays: number | null
  text(locale: Locale): string
}

/** Null when the line does not take this offer today. */
export function effectOf(asker: Asker, offer: OfferTerms): Effect | null {
  const { policy, own } = asker
  const real = after(asker, offer, asker.state, asker.balanceMinor)
  if (!real.told.accepted) return null
  const promised = own ? real : promisedToAnybody(asker, offer)
  return {
    lastSafeDay: own ? lastSafeDay(promised.until) : null,
    addedDays: promised.addedDays,
    text: (locale) => validityText(asker.brand, policy, { ...promised, own }, locale),
  }
}

/**
 * What holds for every line of the policy, so that a stranger learns nothing of this one: the days are those a line gains
 * that has years left, the date that of a line which would end today. No line gains less.
 */
function promisedToAnybody(asker: Asker, offer: OfferTerms): Promised {
  const today = policyDay(asker, asker.policy)
  const ending = after(asker, offer, lineUntil(asker.policy, today + 1), 0n)
  const lasting = after(asker, offer, lineUntil(asker.policy, today + YEARS_LEFT), 0n)
  return { ...ending, addedDays: lasting.addedDays }
}

const YEARS_LEFT = 3653

function after(
  asker: Asker,
  offer: OfferTerms,
  state: PolicyState,
  balanceMinor: bigint,
): Promised & { readonly told: Disclosure } {
  const { policy } = asker
  const event = purchase(policy, state, offer, policyDay(asker, policy), balanceMinor)
  const extension = extend(policy, state, event)
  const untilBefore = clockUntil(policy, state, 'number')
  const until = clockUntil(policy, extension.state, 'number')
  const added = untilBefore === null || until === null ? 0 : until - untilBefore
  return {
    told: disclosure(policy, extension, event),
    until,
    moved: until !== untilBefore,
    addedDays: added > 0 ? added : null,
  }
}

/** A line in service all of whose clocks end on this day. */
function lineUntil(policy: Policy, until: EpochDay): PolicyState {
  const runs = (clock: 'service' | 'credit' | 'number') =>
    Object.values(policy.rules).some((rules) => rules[clock].length > 0) ? validUntil(until) : null
  return {
    standing: 'in-service',
    ceasedOn: null,
    service: runs('service'),
    credit: runs('credit'),
    number: runs('number'),
  }
}
