import type { Stage } from '../../contract/line.ts'
import type { PlainEvent, PolicyState } from '../policy/index.ts'
import type { FlagKind } from './flag-store.ts'
import type { TakenBack } from './taken-back.ts'

/** Paid credit that was bought for another number; amounts in minor units, as digits. */
export interface Received {
  readonly amountMinor: string
  /** With it, and with what the line had and kept. */
  readonly balanceAfterMinor: string
}

/** What an event of each kind carries beside its day. Amounts are minor units of the brand's currency, as digits. */
export interface LineEventDetail extends Record<PlainEvent['kind'], Readonly<Record<string, never>>> {
  /** `imported`: the row it came with, see import-row.ts. */
  opening: { readonly state: PolicyState; readonly stage: Stage; readonly imported?: string }
  'stage-told': { readonly from: Stage; readonly to: Stage }
  'credit-forfeited': { readonly paidMinor: string; readonly bonusMinor: string }
  'validity-taken-back': TakenBack
  /** For how many days what is kept from the number and its payer. */
  flagged: { readonly flag: FlagKind; readonly days: number }
  'flag-lifted': { readonly flag: FlagKind; readonly by: string; readonly reason: string }
  'credit-received': Received
}

export type LineEventKind = keyof LineEventDetail

/**
 * Every kind of line event. `replayed`: the clocks are worked out from it again, by the policy; an order that was credited
 * is such an event too, and its row is the top-up room's. The table's CHECK has the same kinds.
 */
export const lineEventKinds: Readonly<
  Record<LineEventKind, { readonly replayed: boolean; readonly says: string }>
> = {
  opening: { replayed: true, says: 'the line came to its holder of this epoch, its clocks as given' },
  'stage-told': { replayed: false, says: 'the network was told another stage' },
  'credit-forfeited': { replayed: false, says: 'the policy took what was left on the line' },
  'retention-fee': {
    replayed: true,
    says: 'a fee was taken that keeps the line; the posting names this event',
  },
  'chargeable-use': { replayed: true, says: 'outgoing use that was charged' },
  'outgoing-use': { replayed: true, says: 'outgoing use that was not charged' },
  'incoming-use': { replayed: true, says: 'a call or message came in' },
  'log-in': { replayed: true, says: 'the holder logged in' },
  confirmation: { replayed: true, says: 'the holder said that the number is still wanted' },
  activation: { replayed: true, says: 'the line was put in service' },
  ceased: { replayed: true, says: 'the holder gave the number up' },
  'validity-taken-back': {
    replayed: true,
    says: 'the days that an order gave went back with its money; its cause is the refund',
  },
  flagged: { replayed: false, says: 'something is kept from the number and its payer for a time' },
  'flag-lifted': { replayed: false, says: 'a person said that it is kept from them no longer' },
  'credit-received': {
    replayed: true,
    says: 'credit that was bought for another number came to this one; its cause is the correction',
  },
  'ported-out': { replayed: true, says: 'the holder took the number to another operator' },
}

/** A row of `line_event`. `id` is also the cause of what it posts. */
export type LineEvent = {
  readonly [K in LineEventKind]: {
    readonly id: string
    readonly line: string
    readonly epoch: number
    readonly kind: K
    /** The policy's day on which it happened. */
    readonly onDay: number
    readonly detail: LineEventDetail[K]
    /** What brought it about: a usage record, a case. */
    readonly cause: string | null
  }
}[LineEventKind]
