import type { ProviderName } from './port.ts'

const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE

/** When an unanswered question is asked again; after the last rung it is left for a person. */
export const ladderMs: readonly number[] = [
  5 * SECOND,
  15 * SECOND,
  MINUTE,
  5 * MINUTE,
  15 * MINUTE,
  HOUR,
  3 * HOUR,
  6 * HOUR,
  12 * HOUR,
  24 * HOUR,
]

/** When a rail may be asked what became of a payment. All times are milliseconds. */
export type QuerySchedule =
  /**
   * As often as we like: a pause after every answer, a shorter one while the page listens or the payer has just come back. Without
   * an answer, past the time limit and after closing along the ladder, whose first `closedRungs` a closed attempt takes.
   */
  | {
      readonly by: 'pauses'
      readonly openMs: number
      readonly watchedMs: number
      readonly closedRungs: number
    }
  /**
   * At moments counted from when the payment began, the first `closedMoments` of them for a closed attempt too; in between only
   * once the payer is back. A page that listens asks nothing.
   */
  | {
      readonly by: 'moments'
      readonly momentsMs: readonly number[]
      readonly watchedMs: number
      readonly closedMoments: number
    }
  /** Never: the statement of the account tells. */
  | { readonly by: 'statement' }

const often: QuerySchedule = { by: 'pauses', openMs: 10 * SECOND, watchedMs: 3 * SECOND, closedRungs: 6 }

/** Each rail's own, as its vendor wishes to be asked. */
export const querySchedules: Readonly<Record<ProviderName, QuerySchedule>> = {
  alipay: often,
  wechat: often,
  card: often,
  bank: { by: 'statement' },
  // UnionPay's guide: 5, 10, 30, 60 and 120 minutes after the payment, as "not found" and "failed" may be on their way to "paid". The
  // others are for an outage that outlasts those.
  unionpay: {
    by: 'moments',
    momentsMs: [5, 10, 30, 60, 120, 360, 720, 1440].map((minutes) => minutes * MINUTE),
    watchedMs: 3 * SECOND,
    closedMoments: 5,
  },
}

/** Whether anybody can be asked what became of a payment or a refund. */
export function isAsked(provider: ProviderName): boolean {
  return querySchedules[provider].by !== 'statement'
}

/** Rails that a listening page does not have asked sooner. */
export const deafToListeners: readonly ProviderName[] = (
  Object.keys(querySchedules) as ProviderName[]
).filter((name) => querySchedules[name].by !== 'pauses')
