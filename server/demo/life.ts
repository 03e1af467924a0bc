import { addLength, type EpochDay, formatDay } from '../policy/index.ts'
import type { Bought, DemoBrand, Habit } from './habits.ts'
import type { Random } from './random.ts'

/**
 * What becomes of an order: paid; left without paying, and placed again later; paid with too little, and sent back; paid by
 * two scans, and one sent back; paid beyond the day's limit with others like it, held for its time, and sent back.
 */
export type Fate = 'paid' | 'left' | 'short' | 'twice' | 'over-limit'

/** Something that happens to a line on a business day: a dealer's sale, an order on the pages, a call it makes. */
export type Act =
  | { readonly kind: 'sale'; readonly day: EpochDay; readonly bought: Bought }
  | { readonly kind: 'order'; readonly day: EpochDay; readonly bought: Bought; readonly fate: Fate }
  | { readonly kind: 'use'; readonly day: EpochDay }

/** How a line is to have lived: what it is fed with and where, since when it is ours, and how it stands today. */
export interface Lot {
  readonly habit: Habit
  /** From today to the last safe day, less than what the habit brings at once; below zero: ended so long ago. */
  readonly daysLeft: number
  readonly fedBy: 'dealer' | 'pages' | 'both'
  readonly sinceDay: EpochDay
  /** Its dealer hands in sales, and its people have time to order, on every `every`-th day from `phase` on. */
  readonly marketDays: { readonly every: number; readonly phase: number }
  /** What may go wrong with its orders, and how often in a thousand. */
  readonly mishaps: readonly (readonly [fate: 'left' | 'short' | 'twice', perMille: number])[]
}

export interface Life {
  /** The first day on which the number would no longer be kept, as the line came to us. */
  readonly keptUntil: EpochDay
  /** In the order of their days. */
  readonly acts: readonly Act[]
}

const LONGEST_SILENCE = 181

/** A line's life, told backwards from how it stands today, as its brand's policy would have let it happen. */
export function liveOf(brand: DemoBrand, random: Random, lot: Lot, today: EpochDay): Life {
  const life = brand === 'laika' ? lifeByTopUps(random, lot, today) : lifeByUse(random, lot, today)
  return { ...life, acts: life.acts.toSorted((a, b) => a.day - b.day) }
}

/** Every purchase adds to what is left, so each is made shortly before the one before it ends. */
function lifeByTopUps(random: Random, lot: Lot, today: EpochDay): Life {
  const acts: Act[] = []
  const end = today + 1 + lot.daysLeft
  let until = lot.habit.lasts.months > 0 ? wholeInEveryMonth(end) : end
  for (;;) {
    const before = addLength(until - lot.habit.lasts.days, {
      months: -lot.habit.lasts.months,
      days: 0,
    })
    const latest = Math.min(before - 1, today - 1 - random.below(lot.marketDays.every))
    const day = marketDay(lot, latest - random.below(3))
    if (day <= lot.sinceDay) break
    acts.unshift(...purchase(random, lot, day))
    until = before
  }
  return { keptUntil: Math.max(until, lot.sinceDay + 2), acts }
}

/** Any use or purchase keeps the number for months from its day: the last one says until when. */
function lifeByUse(random: Random, lot: Lot, today: EpochDay): Life {
  const acts: Act[] = []
  const last = dayThatLastsTo(today + 1 + lot.daysLeft, lot.habit.lasts.months)
  // Whose number is about to be lost is told to the day.
  let day = lot.daysLeft >= 0 && lot.daysLeft <= 14 ? last : marketDay(lot, Math.min(last, today - 1))
  while (day > lot.sinceDay) {
    if (random.chance(300)) acts.unshift({ kind: 'use', day })
    else acts.unshift(...purchase(random, lot, day))
    day = marketDay(lot, day - random.between(20, 55))
  }
  return { keptUntil: Math.max(day, lot.sinceDay) + random.between(90, LONGEST_SILENCE), acts }
}

function purchase(random: Random, lot: Lot, day: EpochDay): Act[] {
  const bought = lot.habit.buys
  const atDealer = lot.fedBy === 'dealer' || (lot.fedBy === 'both' && random.chance(500))
  if (atDealer) return [{ kind: 'sale', day, bought }]
  const mishap = lot.mishaps.find(([, perMille]) => random.chance(perMille))?.[0]
  // A second scan pays what is paid already; the others leave the number as it was, so it is ordered again.
  if (mishap === 'twice') return [{ kind: 'order', day, bought, fate: 'twice' }]
  const paid: Act = { kind: 'order', day, bought, fate: 'paid' }
  const before = day - lot.marketDays.every
  return mishap && before > lot.sinceDay
    ? [{ kind: 'order', day: before, bought, fate: mishap }, paid]
    : [paid]
}

/** That day or the last market day before it. */
function marketDay({ marketDays: { every, phase } }: Lot, day: EpochDay): EpochDay {
  return day - ((day + phase) % every)
}

/** The day whose so many months reach `end`, or pass it by up to three days: six months from 28 February end on 28 August, from 1 March on 1 September. */
function dayThatLastsTo(end: EpochDay, months: number): EpochDay {
  const day = addLength(end, { months: -months, days: 0 })
  return addLength(day, { months, days: 0 }) < end ? day + 1 : day
}

/** The same or an earlier day that every month has, so that months add up from either end. */
function wholeInEveryMonth(day: EpochDay): EpochDay {
  return day - Math.max(0, Number.parseInt(formatDay(day).slice(8), 10) - 28)
}
