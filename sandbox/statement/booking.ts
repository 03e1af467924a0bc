/** A booking of an account, as its bank keeps it. */
export interface Booking {
  /** The bank's own reference. */
  reference: string
  direction: 'credit' | 'debit'
  /** It takes an earlier booking back. */
  reversal: boolean
  amountMinor: bigint
  /** The bank's day, `2026-11-22`. */
  day: string
  /** What was written on the transfer. */
  text: string
  /** Who paid, or was paid, and from or to where. */
  name: string
  account: string
}

/** An account as its bank prints it. */
export interface Account {
  holder: string
  number: string
  /** In the United Kingdom, `20-00-00`. */
  sortCode?: string
  currency: string
}

/** What an account held before its bookings, and they in their order. */
export interface AccountDay {
  account: Account
  openingMinor: bigint
  bookings: Booking[]
  /** What it held after them, where the bookings as they are printed do not come to it. */
  closedMinor?: bigint
}

export function signedMinor({ direction, amountMinor }: Booking): bigint {
  return direction === 'credit' ? amountMinor : -amountMinor
}

export function closingMinor({ openingMinor, bookings, closedMinor }: AccountDay): bigint {
  return closedMinor ?? bookings.reduce((sum, booking) => sum + signedMinor(booking), openingMinor)
}

/** `1234.56`, for currencies of two decimals. */
export function decimal(minor: bigint): string {
  const digits = (minor < 0n ? -minor : minor).toString().padStart(3, '0')
  return `${digits.slice(0, -2)}.${digits.slice(-2)}`
}
