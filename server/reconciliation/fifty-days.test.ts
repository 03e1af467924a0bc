import { expect, it } from 'vitest'
import { idFromWire } from '../../contract/id.ts'
import { type Fault, faults, makeDays, type Planted } from '../../sandbox/statement/days.ts'
import type { BreakClass } from './break.ts'
import { ACTOR, alipay, reconciliationRoom, wechat, written } from './reconcile-fixture.ts'
import { setTerms } from './record-settlement.ts'

const room = await reconciliationRoom()
const RAILS = [
  [alipay, 50],
  [wechat, 10],
] as const
const SEED = 20261122

/** The class that each planted difference is to be found as. */
const classes: Readonly<Record<Fault, BreakClass>> = {
  'payment-not-billed': 'missing-there',
  'payment-unknown': 'missing-here',
  'amount-off': 'amount',
  'row-twice': 'duplicate',
  'next-day': 'day-boundary',
  'fee-off': 'fee',
  'refund-not-billed': 'missing-there',
  'refund-unknown': 'missing-here',
}

/** The same days whenever they are asked for. */
const daysOf = (days: number, rail: number) =>
  makeDays({
    ...{ seed: SEED + rail, firstMidnight: Date.UTC(2026, 8, 30, 16), days, offsetMs: 8 * 3_600_000 },
    ...{ paymentsPerDay: 100, refundShare: 0.2, faultShare: 0.01, feeBp: 60n },
  })

const nameOf = ({ fault, transaction, outRefundNo }: Planted) =>
  `${classes[fault]} ${outRefundNo === undefined ? transaction : idFromWire(outRefundNo)}`

it('in fifty days, and ten of another rail, every planted difference of eight kinds is found, as what it is, and nothing else', async () => {
  const planted: Planted[] = []
  for (const [i, [merchant, count]] of RAILS.entries()) {
    const terms = {
      provider: merchant.provider,
      merchant: merchant.id,
      feeBp: 60,
      feeFixedMinor: 0n,
      feeReturned: true,
    }
    await room.db.of('laika').tx((tx) => setTerms(tx, room.clock, terms, ACTOR))
    for (const day of daysOf(count, i)) {
      planted.push(...day.planted)
      await room.books(merchant, day.books)
      await room.bill(merchant, day.day, day.bill)
    }
  }
  expect(new Set(planted.map(({ fault }) => fault))).toEqual(new Set(faults))
  const breaks = await room.breaks()
  const found = breaks.map(({ class: name, key }) => `${name} ${key}`)
  expect(found.toSorted()).toEqual(planted.map(nameOf).toSorted())
  const closed = breaks.filter(({ closedAtMs }) => closedAtMs !== null)
  expect(closed.map(({ class: name }) => name)).toEqual(
    planted.filter(({ fault }) => fault === 'next-day').map(() => 'day-boundary'),
  )
  expect(breaks.every(({ owner }) => owner === 'finance')).toBe(true)
  expect(await room.broken()).toEqual([])
}, 120_000)

it('the same bills once more change nothing', async () => {
  const tables = ['bill', 'bill_row', 'bill_break', 'transfer', 'account']
  const all = async () => {
    const found: string[][] = []
    for (const table of tables) {
      const { rows } = await room.owner.query(`select t::text as row from laika.${table} t order by 1`)
      found.push(rows.map(({ row }) => row as string))
    }
    return found
  }
  const before = await all()
  room.clock.advance(60_000)
  const days = [...daysOf(50, 0)].slice(0, 3)
  for (const { day, bill } of days) {
    const { id, added } = await room.take(alipay, day, written(alipay, day, bill))
    expect(added).toBe(false)
    const { found, closed, feeMinor } = await room.match(id)
    expect({ found, closed, feeMinor }).toEqual({ found: new Map(), closed: 0, feeMinor: null })
  }
  expect(await all()).toEqual(before)
})
