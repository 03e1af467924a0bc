import { addLength, addMonths, type EpochDay, type Length } from './day.ts'

/**
 * How long a clock holds: anchor + months + days. Kept in parts, because 31 Jan + 1 month + 30 days must not
 * depend on which of two top-ups of one instant came first. Months clip to the month's end from the anchor.
 */
export interface Validity extends Length {
  readonly anchor: EpochDay
}

/** null: not running, because the policy does not use this clock or nothing has started it. It does not end. */
export type Clock = Validity | 'unlimited' | null

export type ClockName = 'service' | 'credit' | 'number'

export const clockNames: readonly ClockName[] = ['service', 'credit', 'number']

/** What an extension counts from: the day it happens, the current end, or the later of both. */
export type Base = 'now' | 'end' | 'later'

/** The first day on which the clock no longer holds. null: no such day, unlimited or not running. */
export function untilOf(clock: Validity): EpochDay
export function untilOf(clock: Clock): EpochDay | null
export function untilOf(clock: Clock): EpochDay | null {
  if (clock === null || clock === 'unlimited') return null
  return addMonths(clock.anchor, clock.months) + clock.days
}

/** The last day on which a clock with this `until` holds: what screens, messages and certificates show. */
export function lastSafeDay(until: EpochDay): EpochDay
export function lastSafeDay(until: EpochDay | null): EpochDay | null
export function lastSafeDay(until: EpochDay | null): EpochDay | null {
  return until === null ? null : until - 1
}

/** A clock that is known only by its end, as an import from another system brings it. */
export function validUntil(until: EpochDay): Validity {
  return { anchor: until, months: 0, days: 0 }
}

/**
 * Moves one clock and never shortens it. All extensions of one base, cap and day commute; those from now
 * commute on different days too, since the greatest by a total order wins.
 */
export function extendClock(
  current: Clock,
  now: EpochDay,
  from: Base,
  length: Length | 'unlimited',
  cap: Length | null,
): Clock {
  if (current === 'unlimited' || length === 'unlimited') return 'unlimited'
  const currentUntil = untilOf(current)
  const fresh =
    current === null || currentUntil === null || from === 'now' || (from === 'later' && currentUntil <= now)
  let extended: Validity = fresh
    ? { anchor: now, months: length.months, days: length.days }
    : {
        anchor: current.anchor,
        months: current.months + length.months,
        days: current.days + length.days,
      }
  if (cap !== null) {
    const capUntil = addLength(now, cap)
    if (untilOf(extended) >= capUntil) {
      extended = { anchor: now, months: cap.months, days: cap.days }
      // At the cap the parts are forgotten, so that every order of reaching it ends alike.
      if (from !== 'now' && (currentUntil === null || currentUntil <= capUntil)) return extended
    }
  }
  return current === null || isLater(extended, current) ? extended : current
}

/** By end; clocks that end together by anchor and months, so that the winner never depends on who came first. */
function isLater(a: Validity, b: Validity): boolean {
  const byEnd = untilOf(a) - untilOf(b)
  if (byEnd !== 0) return byEnd > 0
  if (a.anchor !== b.anchor) return a.anchor > b.anchor
  return a.months > b.months
}
