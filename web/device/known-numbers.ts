import { readStoredList, writeStored } from './storage.ts'

/** A number that was topped up on this device, and what was bought for it last. */
export interface RecentNumber {
  readonly msisdn: string
  /** See `offerKey`: it names the offer across price tables. */
  readonly offer: string
}

/** An order placed on this device: the server masks other people's numbers, so only this list knows them whole. */
interface PlacedOrder extends RecentNumber {
  readonly order: string
}

const recentName = 'recent-numbers'
const placedName = 'placed-orders'
const mostRecent = 5
const mostPlaced = 20

function isRecent(value: unknown): value is RecentNumber {
  if (typeof value !== 'object' || value === null) return false
  const { msisdn, offer } = value as Partial<RecentNumber>
  return typeof msisdn === 'string' && /^\d{7,15}$/.test(msisdn) && typeof offer === 'string'
}

function isPlaced(value: unknown): value is PlacedOrder {
  return isRecent(value) && typeof (value as Partial<PlacedOrder>).order === 'string'
}

/** Numbers topped up on this device, the last one first. */
export function recentNumbers(): readonly RecentNumber[] {
  return readStoredList(recentName, isRecent)
}

export function forgetRecentNumbers(): void {
  writeStored('local', recentName, null)
  writeStored('local', placedName, null)
}

/** An order exists; its number is not yet one to trust. */
export function notePlaced(order: string, { msisdn, offer }: RecentNumber): void {
  const others = readStoredList(placedName, isPlaced).filter((placed) => placed.order !== order)
  writeStored('local', placedName, JSON.stringify([{ order, msisdn, offer }, ...others].slice(0, mostPlaced)))
}

/** The number of an order placed on this device. */
export function numberOfOrder(order: string): string | undefined {
  return readStoredList(placedName, isPlaced).find((placed) => placed.order === order)?.msisdn
}

/** The order was paid and credited: its number is known from now on, and need not be typed twice again. */
export function noteCredited(order: string): void {
  const placed = readStoredList(placedName, isPlaced).find((candidate) => candidate.order === order)
  if (!placed) return
  const { msisdn, offer } = placed
  const others = recentNumbers().filter((recent) => recent.msisdn !== msisdn)
  writeStored('local', recentName, JSON.stringify([{ msisdn, offer }, ...others].slice(0, mostRecent)))
}
