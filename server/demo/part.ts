import type { EpochDay } from '../policy/index.ts'
import { type DemoBrand, habits, someHabit } from './habits.ts'
import { type Act, type Life, type Lot, liveOf } from './life.ts'
import { demoPeople, type Person } from './people.ts'
import { type Random, seeded } from './random.ts'

/**
 * A part of a brand's year that is filled in whole or not at all: the people who can log in, or a dealer's district. Everything
 * of it follows from its name and the day.
 */
export interface Part {
  readonly dealer: PlannedDealer
  readonly people: readonly Person[]
  readonly lines: readonly PlannedLine[]
}

export interface PlannedDealer {
  readonly name: string
  readonly commissionBp: number
}

export interface PlannedLine extends Life {
  readonly msisdn: string
  /** Of `people`, who pays for it on the pages; null: whoever holds it, as a guest. */
  readonly payer: number | null
  /** Bound to its payer's account. */
  readonly bound: boolean
  readonly sinceDay: EpochDay
  /** As it came to us. */
  readonly paidMinor: bigint
}

export const YEAR_DAYS = 365
const PEOPLE = 'people'
const PEOPLES_DAYS = { every: 3, phase: 0 }

interface District {
  readonly dealer: string
  readonly commissionBp: number
  readonly lines: number
}

const districts: Readonly<Record<DemoBrand, readonly District[]>> = {
  laika: [
    { dealer: '城南通信', commissionBp: 200, lines: 120 },
    { dealer: '海淀手机城', commissionBp: 180, lines: 130 },
    { dealer: '老街电信店', commissionBp: 250, lines: 110 },
    { dealer: '大学城代理点', commissionBp: 200, lines: 120 },
    { dealer: '机场便利店', commissionBp: 300, lines: 120 },
  ],
  harbour: [
    { dealer: 'Quayside Phones', commissionBp: 250, lines: 160 },
    { dealer: 'Old Mill Newsagent', commissionBp: 300, lines: 160 },
    { dealer: 'Castle Street Cards', commissionBp: 200, lines: 155 },
  ],
}

/** The parts of a brand's year in the order they are filled in; the first has the people who can log in. */
export function partNames(brand: DemoBrand): readonly string[] {
  return [PEOPLE, ...districts[brand].map((_, i) => `district-${i + 1}`)]
}

export function planPart(brand: DemoBrand, name: string, today: EpochDay): Part {
  const random = seeded(`${brand} ${name}`)
  if (name === PEOPLE) return planPeople(brand, random, today)
  const at = partNames(brand).indexOf(name) - 1
  const district = districts[brand][at]
  if (!district) throw new Error(`no part of ${brand} is called ${name}`)
  const first = districts[brand].slice(0, at).reduce((sum, { lines }) => sum + lines, 0)
  // One district's people come on one day, the next one's on the next.
  const marketDays = { every: districts[brand].length, phase: at }
  const lines = Array.from({ length: district.lines }, (_, i): PlannedLine => {
    const sinceDay = today - YEAR_DAYS
    return {
      ...liveOf(brand, random, someLot(brand, random, sinceDay, marketDays), today),
      ...{ msisdn: districtNumber(brand, first + i), payer: null, bound: false, sinceDay },
      paidMinor: BigInt(random.below(40)) * 50n,
    }
  })
  return {
    dealer: { name: district.dealer, commissionBp: district.commissionBp },
    people: [],
    lines,
  }
}

function someLot(brand: DemoBrand, random: Random, sinceDay: EpochDay, marketDays: Lot['marketDays']): Lot {
  const habit = someHabit(brand, random)
  return {
    ...{ habit, sinceDay, marketDays },
    daysLeft: someDaysLeft(brand, random, habit.lasts.months * 30 + habit.lasts.days),
    fedBy: random.pick([
      ['dealer', 58],
      ['pages', 30],
      ['both', 12],
    ]),
    mishaps: [
      ['left', 40],
      ['short', 6],
      ['twice', 5],
    ],
  }
}

/** Most lines are kept; the others are on each stage of their way to being lost, some at its end. */
function someDaysLeft(brand: DemoBrand, random: Random, longest: number): number {
  const ended: readonly (readonly [readonly [number, number], number])[] =
    brand === 'laika'
      ? [
          [[-29, -1], 7],
          [[-88, -32], 6],
          [[-178, -92], 5],
          [[-215, -184], 4],
        ]
      : [[[-40, -2], 9]]
  const [least, most] = random.pick<readonly [number, number]>([[[0, longest - 1], 78], ...ended])
  return random.between(least, most)
}

/** The i-th number of the districts: of nobody, as all the demo's are. */
function districtNumber(brand: DemoBrand, i: number): string {
  return brand === 'laika'
    ? `8615466${((i * 7919) % 1_000_000).toString().padStart(6, '0')}`
    : `447700900${(450 + i).toString()}`
}

function planPeople(brand: DemoBrand, random: Random, today: EpochDay): Part {
  const people = demoPeople[brand]
  const lines = people.flatMap((person, payer) =>
    person.lines.map((line): PlannedLine => {
      const sinceDay = today - (line.sinceDaysAgo ?? YEAR_DAYS)
      const habit = (habits[brand] as Readonly<Record<string, Lot['habit']>>)[line.habit]
      if (!habit) throw new Error(`${brand} knows no habit ${line.habit}`)
      const { daysLeft, fedBy = 'pages', mishaps = [] } = line
      const life = liveOf(
        brand,
        random,
        { habit, daysLeft, fedBy, sinceDay, mishaps, marketDays: PEOPLES_DAYS },
        today,
      )
      return {
        ...life,
        ...{ msisdn: line.msisdn, payer, bound: line.bound ?? true, sinceDay },
        acts: [...life.acts, ...ownActs(line.also, today)].sort((a, b) => a.day - b.day),
        paidMinor: BigInt(random.below(30)) * 100n,
      }
    }),
  )
  const dealer =
    brand === 'laika'
      ? { name: '莱卡营业厅', commissionBp: 200 }
      : { name: 'Harbour high street', commissionBp: 200 }
  return { dealer, people, lines }
}

function ownActs(also: Person['lines'][number]['also'], today: EpochDay): Act[] {
  return (also ?? []).map(({ daysAgo, ...act }) => ({ ...act, day: today - daysAgo }))
}
