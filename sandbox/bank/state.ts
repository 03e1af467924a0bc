import { applyNotification, type NotificationEntry, type NotificationRecord } from '../notification.ts'
import type { Account, Booking } from '../statement/booking.ts'
import type { BankKnobs } from './knobs.ts'

/** A customer of the bank who takes transfers. */
export interface BankAccount extends Account {
  /** What the customer calls it; the id of the control API. */
  id: string
  brand: string
  /** Where the bank sends notices; without it there are none. */
  notifyUrl?: string
}

/** A booking with when it was made, and on which statements it stands. */
export interface Booked {
  accountId: string
  at: number
  booking: Booking
  /** The knob `repeatNextDay`: it stands on the next day's statement too. */
  repeated: boolean
}

/** A notice of a booking. */
export interface Notice {
  id: string
  at: number
  accountId: string
  reference: string
  url: string
}

export type Entry =
  | { kind: 'account'; account: BankAccount }
  | { kind: 'knobs'; accountId: string; knobs: BankKnobs }
  | { kind: 'booked'; accountId: string; at: number; booking: WireBooking; repeated: boolean }
  | NotificationEntry<Notice>

/** A booking as a line of JSON holds it. */
export type WireBooking = Omit<Booking, 'amountMinor'> & { amountMinor: string }

export interface BankState {
  accounts: Map<string, BankAccount>
  knobs: Map<string, BankKnobs>
  booked: Booked[]
  notices: Map<string, NotificationRecord<Notice>>
}

export function emptyState(): BankState {
  return { accounts: new Map(), knobs: new Map(), booked: [], notices: new Map() }
}

export function apply(state: BankState, entry: Entry): void {
  switch (entry.kind) {
    case 'account':
      state.accounts.set(entry.account.id, entry.account)
      return
    case 'knobs':
      state.knobs.set(entry.accountId, entry.knobs)
      return
    case 'booked': {
      const { kind: _, booking, ...booked } = entry
      state.booked.push({ ...booked, booking: { ...booking, amountMinor: BigInt(booking.amountMinor) } })
      return
    }
    case 'notification-made':
    case 'notification-sent':
    case 'notification-dropped':
      applyNotification(state.notices, entry)
      return
    default:
      entry satisfies never
  }
}

/** The bookings of an account, in their order. */
export function bookingsOf(state: BankState, accountId: string): Booked[] {
  return state.booked.filter((each) => each.accountId === accountId)
}
