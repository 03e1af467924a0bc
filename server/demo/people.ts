import type { Bought, DemoBrand } from './habits.ts'
import type { Fate, Lot } from './life.ts'

/** Who can log in, and what is special about them; their story is told in i18n `demo` under the same id. */
export interface Person {
  readonly id: string
  readonly locale: 'zh-CN' | 'en'
  /** E.164 digits; that of the first line, where there is one. */
  readonly phone: string
  readonly email: string | null
  readonly hasPassword: boolean
  /** The number has passed from them, and no longer opens the account. */
  readonly numberLost: boolean
  readonly lines: readonly PersonsLine[]
}

export interface PersonsLine extends Partial<Pick<Lot, 'fedBy' | 'mishaps'>> {
  readonly msisdn: string
  readonly habit: string
  readonly daysLeft: number
  /** Since when it is the brand's; a year when left out. */
  readonly sinceDaysAgo?: number
  /** False: paid for, and not bound to the account. */
  readonly bound?: false
  /** Besides what its habit brings. */
  readonly also?: readonly {
    readonly kind: 'order'
    readonly daysAgo: number
    readonly bought: Bought
    readonly fate: Fate
  }[]
}

/** Every one of them: it is written on the demo's own page. */
export const DEMO_PASSWORD = 'keep-my-number-2026'

type Story = Omit<PersonsLine, 'msisdn'>
interface Told {
  readonly id: string
  readonly lines: readonly Story[]
  readonly noEmail?: true
  readonly noPassword?: true
  readonly numberLost?: true
  readonly locale?: 'zh-CN' | 'en'
}

const mishap = (fate: Fate, daysAgo: number, bought: Bought) =>
  ({ kind: 'order', fate, daysAgo, bought }) as const

const laika: readonly Told[] = [
  { id: 'monthly', lines: [{ habit: 'month', daysLeft: 21 }] },
  { id: 'soon', lines: [{ habit: 'small', daysLeft: 3 }] },
  { id: 'last-day', lines: [{ habit: 'small', daysLeft: 0 }] },
  { id: 'barred', lines: [{ habit: 'small', daysLeft: -6 }] },
  { id: 'fully-barred', lines: [{ habit: 'middle', daysLeft: -45 }] },
  { id: 'frozen', lines: [{ habit: 'small', daysLeft: -110 }] },
  { id: 'lost', lines: [{ habit: 'small', daysLeft: -190 }], numberLost: true },
  { id: 'yearly', lines: [{ habit: 'year', daysLeft: 300 }] },
  { id: 'package', lines: [{ habit: 'quarter', daysLeft: 64 }] },
  {
    id: 'family',
    lines: [
      { habit: 'month', daysLeft: 16 },
      { habit: 'quarter', daysLeft: 41 },
      { habit: 'small', daysLeft: 5 },
      { habit: 'small', daysLeft: -12 },
    ],
  },
  {
    id: 'couple',
    lines: [
      { habit: 'month', daysLeft: 9 },
      { habit: 'usual', daysLeft: 131 },
    ],
  },
  { id: 'no-number', lines: [] },
  { id: 'no-password', lines: [{ habit: 'small', daysLeft: 12 }], noPassword: true },
  { id: 'no-email', lines: [{ habit: 'middle', daysLeft: 33 }], noEmail: true },
  {
    id: 'paid-twice',
    lines: [
      {
        habit: 'middle',
        daysLeft: 52,
        also: [mishap('twice', 4, { face: 30_00n }), mishap('short', 12, { face: 50_00n })],
      },
    ],
  },
  { id: 'at-dealer', lines: [{ habit: 'month', daysLeft: 18, fedBy: 'dealer' }] },
  { id: 'abroad', lines: [{ habit: 'roaming', daysLeft: 14 }], locale: 'en' },
  { id: 'saver', lines: [{ habit: 'large', daysLeft: 250 }] },
  {
    id: 'helper',
    lines: [
      { habit: 'month', daysLeft: 24 },
      { habit: 'small', daysLeft: 8, bound: false },
      { habit: 'middle', daysLeft: 60, bound: false },
    ],
  },
  { id: 'new', lines: [{ habit: 'usual', daysLeft: 180, sinceDaysAgo: 14 }] },
]

const harbour: readonly Told[] = [
  { id: 'monthly', lines: [{ habit: 'month', daysLeft: 168 }] },
  { id: 'soon', lines: [{ habit: 'usual', daysLeft: 4 }] },
  { id: 'last-day', lines: [{ habit: 'small', daysLeft: 0 }] },
  { id: 'fortnight', lines: [{ habit: 'usual', daysLeft: 14 }] },
  {
    id: 'over-limit',
    lines: [
      { habit: 'month', daysLeft: 170, also: Array(3).fill(mishap('over-limit', 20, { amount: 100_00n })) },
    ],
  },
  { id: 'lost', lines: [{ habit: 'small', daysLeft: -8 }], numberLost: true },
  { id: 'long-lost', lines: [{ habit: 'usual', daysLeft: -60 }], numberLost: true },
  { id: 'yearly', lines: [{ habit: 'year', daysLeft: 290 }] },
  { id: 'package', lines: [{ habit: 'quarter', daysLeft: 150 }] },
  {
    id: 'family',
    lines: [
      { habit: 'month', daysLeft: 160 },
      { habit: 'usual', daysLeft: 101 },
      { habit: 'small', daysLeft: 12 },
      { habit: 'usual', daysLeft: 2 },
    ],
  },
  {
    id: 'couple',
    lines: [
      { habit: 'month', daysLeft: 170 },
      { habit: 'large', daysLeft: 77 },
    ],
  },
  { id: 'no-number', lines: [] },
  { id: 'no-password', lines: [{ habit: 'small', daysLeft: 120 }], noPassword: true },
  { id: 'no-email', lines: [{ habit: 'usual', daysLeft: 140 }], noEmail: true },
  {
    id: 'paid-twice',
    lines: [
      {
        habit: 'usual',
        daysLeft: 175,
        also: [mishap('twice', 4, { face: 10_00n }), mishap('short', 12, { face: 20_00n })],
      },
    ],
  },
  { id: 'at-dealer', lines: [{ habit: 'month', daysLeft: 165, fedBy: 'dealer' }] },
  { id: 'abroad', lines: [{ habit: 'usual', daysLeft: 60 }], locale: 'zh-CN' },
  { id: 'saver', lines: [{ habit: 'large', daysLeft: 178 }] },
  {
    id: 'helper',
    lines: [
      { habit: 'month', daysLeft: 155 },
      { habit: 'small', daysLeft: 130, bound: false },
      { habit: 'usual', daysLeft: 30, bound: false },
    ],
  },
  { id: 'new', lines: [{ habit: 'usual', daysLeft: 178, sinceDaysAgo: 14 }] },
]

/** Twenty a brand. The first line of the p-th person and their phone are one number. */
export const demoPeople: Readonly<Record<DemoBrand, readonly Person[]>> = {
  laika: laika.map((told, p) => personOf('laika', told, laikaNumber(p))),
  harbour: harbour.map((told, p) => personOf('harbour', told, harbourNumber(p))),
}

function personOf(brand: DemoBrand, told: Told, number: (nth: number) => string): Person {
  return {
    id: told.id,
    locale: told.locale ?? (brand === 'laika' ? 'zh-CN' : 'en'),
    phone: number(0),
    email: told.noEmail ? null : `${told.id}@${brand}.example`,
    hasPassword: !told.noPassword,
    numberLost: told.numberLost === true,
    lines: told.lines.map((line, nth) => ({ ...line, msisdn: number(nth) })),
  }
}

/** 154 8801 0001: person 01, line 1. Unassigned in China, so of nobody. */
function laikaNumber(p: number) {
  return (nth: number) => `8615488${String(p + 1).padStart(2, '0')}000${nth + 1}`
}

/** 07700 900400 to 900449, of the range kept for drama: two and a half a person, in the order they are told. */
function harbourNumber(p: number) {
  const before = harbour.slice(0, p).reduce((sum, { lines }) => sum + Math.max(1, lines.length), 0)
  return (nth: number) => `447700900${400 + before + nth}`
}
