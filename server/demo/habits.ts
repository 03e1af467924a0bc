import type { PriceTable } from '../catalog/index.ts'
import type { Length } from '../policy/index.ts'
import type { Random } from './random.ts'

/** What somebody buys: a package by its term, a tile by its face, or an amount of their own. Amounts in minor units. */
export type Bought =
  | { readonly term: 'month' | 'quarter' | 'year'; readonly roaming?: true }
  | { readonly face: bigint }
  | { readonly amount: bigint }

/** What a person buys again and again, and how much longer the number is kept by it. */
export interface Habit {
  readonly buys: Bought
  readonly lasts: Length
}

const months = (count: number): Length => ({ months: count, days: 0 })
const days = (count: number): Length => ({ months: 0, days: count })

/** Habits by brand; how long a purchase lasts is as the brand's own policy and offers say. */
export const habits = {
  laika: {
    month: { buys: { term: 'month' }, lasts: months(1) },
    roaming: { buys: { term: 'month', roaming: true }, lasts: months(1) },
    quarter: { buys: { term: 'quarter' }, lasts: months(3) },
    year: { buys: { term: 'year' }, lasts: months(12) },
    small: { buys: { amount: 10_00n }, lasts: days(30) },
    middle: { buys: { face: 30_00n }, lasts: days(90) },
    usual: { buys: { face: 50_00n }, lasts: days(180) },
    large: { buys: { face: 100_00n }, lasts: days(365) },
  },
  harbour: {
    month: { buys: { term: 'month' }, lasts: months(6) },
    quarter: { buys: { term: 'quarter' }, lasts: months(6) },
    year: { buys: { term: 'year' }, lasts: months(12) },
    small: { buys: { face: 5_00n }, lasts: months(6) },
    usual: { buys: { face: 10_00n }, lasts: months(6) },
    large: { buys: { face: 20_00n }, lasts: months(6) },
  },
} as const satisfies Record<string, Record<string, Habit>>

/** How often each habit is met with. */
const frequency = {
  laika: [
    [habits.laika.month, 46],
    [habits.laika.small, 26],
    [habits.laika.roaming, 4],
    [habits.laika.quarter, 10],
    [habits.laika.middle, 8],
    [habits.laika.usual, 4],
    [habits.laika.large, 1],
    [habits.laika.year, 1],
  ],
  harbour: [
    [habits.harbour.month, 30],
    [habits.harbour.usual, 40],
    [habits.harbour.small, 20],
    [habits.harbour.large, 8],
    [habits.harbour.quarter, 2],
  ],
} as const satisfies Record<string, readonly (readonly [Habit, number])[]>

export type DemoBrand = keyof typeof habits

export function isDemoBrand(key: string): key is DemoBrand {
  return key in habits
}

export function someHabit(brand: DemoBrand, random: Random): Habit {
  return random.pick<Habit>(frequency[brand])
}

/** The offer of a price table that is bought, as a request names it, and its price. */
export function offerFor(table: PriceTable, bought: Bought) {
  if ('amount' in bought) {
    const { freeAmount } = table
    if (!freeAmount) throw new Error('no free amount is on sale')
    return { offer: freeAmount.id, amountMinor: bought.amount, priceMinor: bought.amount }
  }
  const offer =
    'term' in bought
      ? table.packages.find(
          ({ term, roaming }) => term === bought.term && roaming === (bought.roaming === true),
        )
      : table.denominations.find(({ faceMinor }) => faceMinor === bought.face)
  if (!offer) throw new Error(`what is bought is not on sale: ${Object.values(bought).join(' ')}`)
  return { offer: offer.id, amountMinor: null, priceMinor: offer.priceMinor }
}
