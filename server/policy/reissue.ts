import type { EpochDay } from './day.ts'

/** How long a number rests between two owners, counted from the day the first one was disconnected. */
export interface ReissueRule {
  readonly leastDays: number
  /** By class of the last owner; null: no upper bound. */
  readonly mostDays: { readonly residential: number; readonly business: number } | null
}

/** The first day the number may go to a new owner, where no stage of the policy still holds it for the old one. */
export function earliestReissue(rule: ReissueRule, disconnectedOn: EpochDay): EpochDay {
  return disconnectedOn + rule.leastDays
}

/** The day by which the number must be available again; null: none. */
export function latestReissue(
  rule: ReissueRule,
  disconnectedOn: EpochDay,
  owner: 'residential' | 'business',
): EpochDay | null {
  return rule.mostDays === null ? null : disconnectedOn + rule.mostDays[owner]
}
