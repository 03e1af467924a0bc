import { utcTime } from '../clock.ts'
import { type Random, seeded } from './random.ts'
import { feeOf, type Trade } from './trade.ts'

/** How a bill and the merchant's books are made to differ, in the order in which they are planted. */
export const faults = [
  'payment-not-billed',
  'payment-unknown',
  'amount-off',
  'row-twice',
  'next-day',
  'fee-off',
  'refund-not-billed',
  'refund-unknown',
] as const
export type Fault = (typeof faults)[number]

/** A difference that was planted, by what names it. */
export interface Planted {
  fault: Fault
  outTradeNo: string
  transaction: string
  outRefundNo?: string
}

/** A day of a merchant: what its own books have, and what the provider's bill says. */
export interface Day {
  /** `2026-11-01`. */
  day: string
  books: Trade[]
  bill: Trade[]
  planted: Planted[]
}

export interface DaysOptions {
  seed: number
  /** The first midnight of the rail's zone, milliseconds. */
  firstMidnight: number
  days: number
  paymentsPerDay: number
  /** Of payments: how many are paid back, in whole or in half, on the same day. */
  refundShare: number
  /** Of trades: how many differ. */
  faultShare: number
  /** The provider's fee, parts per ten thousand. */
  feeBp: bigint
  /** The zone's distance from UTC. */
  offsetMs: number
}

const DAY_MS = 86_400_000
/** Nothing happens by chance so late that another clock would call it tomorrow. */
const LAST_SECOND = 85_500

/** Days in their order, the same for the same seed. What is billed on the next day stands on that day's bill. */
export function* makeDays(options: DaysOptions): Generator<Day> {
  const random = seeded(options.seed)
  let planted = 0
  let late: Trade[] = []
  for (let n = 0; n < options.days; n++) {
    const midnight = options.firstMidnight + n * DAY_MS
    const isLast = n === options.days - 1
    const day: Day = { day: dateOf(midnight + options.offsetMs), books: [], bill: late, planted: [] }
    late = []
    for (const trade of trades(random, options, midnight)) {
      const differs = trade.alone && random.next() < options.faultShare
      const fault = differs ? faultFor(trade, planted, isLast) : undefined
      if (fault === undefined) {
        day.books.push(trade.trade)
        day.bill.push(trade.trade)
        continue
      }
      planted++
      plant(day, late, fault, trade.trade, midnight)
    }
    day.books.sort((a, b) => a.at - b.at)
    day.bill.sort((a, b) => a.at - b.at)
    yield day
  }
}

interface Drawn {
  trade: Trade
  /** False of a payment that a refund pays back: were it unknown, its refund would be too. */
  alone: boolean
}

function* trades(random: Random, options: DaysOptions, midnight: number): Generator<Drawn> {
  for (let i = 0; i < options.paymentsPerDay; i++) {
    const second = random.below(LAST_SECOND)
    const at = midnight + second * 1000
    const amountMinor = BigInt(1 + random.below(50_000))
    const payment: Trade = {
      kind: 'payment',
      outTradeNo: random.number(at),
      transaction: `${dateOf(at + options.offsetMs).replaceAll('-', '')}22001${random.digits(15)}`,
      amountMinor,
      feeMinor: feeOf(amountMinor, options.feeBp),
      at,
    }
    const refunded = random.next() < options.refundShare
    yield { trade: payment, alone: !refunded }
    if (!refunded) continue
    const back = random.next() < 0.5 ? amountMinor : (amountMinor + 1n) / 2n
    const later = midnight + (second + random.below(LAST_SECOND - second)) * 1000
    const { outTradeNo, transaction } = payment
    const money = { amountMinor: back, feeMinor: -feeOf(back, options.feeBp) }
    yield {
      trade: {
        kind: 'refund',
        outTradeNo,
        transaction,
        outRefundNo: random.number(later),
        ...money,
        at: later,
      },
      alone: true,
    }
  }
}

/** Kinds of fault by turns, so that each comes; one that this trade cannot have leaves its turn to the next that can. */
function faultFor({ trade }: Drawn, planted: number, isLast: boolean): Fault {
  const can = faults.filter(
    (fault) => fault.startsWith('refund') === (trade.kind === 'refund') && !(isLast && fault === 'next-day'),
  )
  return can[planted % can.length] as Fault
}

function plant(day: Day, late: Trade[], fault: Fault, trade: Trade, midnight: number): void {
  const { outTradeNo, transaction, outRefundNo } = trade
  day.planted.push({ fault, outTradeNo, transaction, ...(outRefundNo === undefined ? {} : { outRefundNo }) })
  switch (fault) {
    case 'payment-not-billed':
    case 'refund-not-billed':
      day.books.push(trade)
      return
    case 'payment-unknown':
    case 'refund-unknown':
      day.bill.push(trade)
      return
    case 'amount-off':
      day.books.push(trade)
      day.bill.push({ ...trade, amountMinor: trade.amountMinor + 1n })
      return
    case 'row-twice':
      day.books.push(trade)
      day.bill.push(trade, trade)
      return
    case 'fee-off':
      day.books.push(trade)
      day.bill.push({ ...trade, feeMinor: trade.feeMinor + 1n })
      return
    case 'next-day':
      day.books.push({ ...trade, at: midnight + DAY_MS - 30_000 })
      late.push({ ...trade, at: midnight + DAY_MS + 5_000 })
      return
    default:
      fault satisfies never
  }
}

/** The date of a local instant. */
const dateOf = (localMs: number) => utcTime(localMs).slice(0, 10)
