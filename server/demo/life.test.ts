import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  extend,
  type PolicyEvent,
  type PolicyState,
  parseDay,
  presetOf,
  stageAt,
  untilOf,
  validUntil,
} from '../policy/index.ts'
import { type DemoBrand, type Habit, habits } from './habits.ts'
import { type Life, type Lot, liveOf } from './life.ts'
import { seeded } from './random.ts'

const policies = { laika: presetOf('china-keep', 1), harbour: presetOf('use-it-or-lose-it', 1) }
const YEAR = 365
const marketDays = { every: 3, phase: 1 }

/** What the brand's policy makes of a life, as the rooms would. */
function lived(brand: DemoBrand, life: Life, habit: Habit): PolicyState {
  const policy = policies[brand]
  let state: PolicyState = {
    ...{ standing: 'in-service', ceasedOn: null, credit: null, number: null },
    service: validUntil(life.keptUntil),
  }
  for (const act of life.acts) {
    if (act.kind === 'order' && (act.fate === 'left' || act.fate === 'short')) continue
    const { accepted, state: next } = extend(policy, state, eventOf(act, habit))
    expect(accepted, `${act.kind} on ${act.day}`).toBe(true)
    state = next
  }
  return state
}

function eventOf(act: Life['acts'][number], habit: Habit): PolicyEvent {
  if (act.kind === 'use') return { kind: 'outgoing-use', on: act.day }
  if ('term' in act.bought) return { kind: 'package', on: act.day, length: habit.lasts }
  const amountMinor = 'face' in act.bought ? act.bought.face : act.bought.amount
  return { kind: 'top-up', on: act.day, amountMinor, balanceAfterMinor: amountMinor, length: null }
}

const anyDay = fc.integer({ min: parseDay('2026-01-01'), max: parseDay('2028-12-31') })
const wish = (brand: DemoBrand) =>
  fc.record({
    seed: fc.string(),
    today: anyDay,
    habit: fc.constantFrom<Habit>(...Object.values(habits[brand])),
    daysLeft: fc.integer({ min: brand === 'laika' ? -215 : -60, max: 170 }),
    fedBy: fc.constantFrom('dealer' as const, 'pages' as const, 'both' as const),
  })

test.each(['laika', 'harbour'] as const)(
  'a life at %s is one that the brand’s policy lets happen, in order, before today',
  (brand) => {
    fc.assert(
      fc.property(wish(brand), ({ seed, today, ...wished }) => {
        const { months, days: restDays } = wished.habit.lasts
        const lot = { ...wished, daysLeft: Math.min(wished.daysLeft, months * 28 + restDays - 1) }
        const sinceDay = today - YEAR
        const life = liveOf(
          brand,
          seeded(seed),
          { ...lot, sinceDay, mishaps: [['left', 100]], marketDays },
          today,
        )
        const days = life.acts.map((act) => act.day)
        expect(days).toEqual([...days].sort((a, b) => a - b))
        for (const day of days) expect(day > sinceDay && day < today).toBe(true)
        lived(brand, life, lot.habit)
      }),
    )
  },
)

/** A line of a whole year, topped up on the pages, to which nothing happened. */
function plainLot(habit: Habit, daysLeft: number, today: number): Lot {
  return { habit, daysLeft, fedBy: 'pages', sinceDay: today - YEAR, mishaps: [], marketDays }
}

test('a line of the Chinese brand that is to have so many days left has them', () => {
  fc.assert(
    fc.property(fc.string(), anyDay, fc.integer({ min: 0, max: 29 }), (seed, today, daysLeft) => {
      const habit = habits.laika.small
      const lot = plainLot(habit, daysLeft, today)
      const state = lived('laika', liveOf('laika', seeded(seed), lot, today), habit)
      expect(untilOf(state.service)).toBe(today + 1 + daysLeft)
    }),
  )
})

test('a line of the British brand that is about to be lost is lost on its day', () => {
  fc.assert(
    fc.property(fc.string(), anyDay, fc.integer({ min: 0, max: 14 }), (seed, today, daysLeft) => {
      const habit = habits.harbour.usual
      const lot = plainLot(habit, daysLeft, today)
      const life = liveOf('harbour', seeded(seed), lot, today)
      const state = lived('harbour', life, habit)
      expect(stageAt(policies.harbour, state, today)).toBe('active')
      // Six months reach from 1 March to 1 September, and no day's to the three before it.
      const late = (untilOf(state.service) as number) - (today + 1 + daysLeft)
      expect(late >= 0 && late <= 3).toBe(true)
    }),
  )
})

test('the same seed tells the same life, another seed another', () => {
  const lot = {
    habit: habits.harbour.usual,
    daysLeft: 100,
    fedBy: 'both',
    sinceDay: 20_000,
    mishaps: [],
    marketDays,
  } as const
  const of = (seed: string) => liveOf('harbour', seeded(seed), lot, 20_365)
  expect(of('a')).toEqual(of('a'))
  expect(of('a')).not.toEqual(of('b'))
})
