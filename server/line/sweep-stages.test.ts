import { afterEach, describe, expect, it } from 'vitest'
import { dealing } from '../../test/support/dealing.ts'
import { DAY_MS, inService, lineHouse } from '../../test/support/line.ts'
import { armFailpoints, disarmFailpoints } from '../platform/failpoint.ts'
import { formatDay, preActive, presetOf } from '../policy/index.ts'
import { createChecks } from './checks.ts'
import { createLines, lockLines, openLines } from './index.ts'

const underWay = new Set<string>()
const house = await lineHouse({ underWay: async () => underWay })
const { db, owner, clock, lines, open, today, brands, log, identity } = house
const laika = db.of('laika')
const { sell } = await dealing(house)
const checks = createChecks({ clock, brands, policyOf: presetOf })

interface Row {
  readonly epoch: number
  readonly stage_told: string
  readonly next_due_on: string | null
}
const rowOf = async (line: string, brand = 'laika'): Promise<Row> => {
  const { rows } = await owner.query(
    `select epoch, stage_told, next_due_on::text from ${brand}.line_clock where line = $1`,
    [line],
  )
  return rows[0]
}
const eventsOf = async (line: string, brand = 'laika') => {
  const { rows } = await owner.query(
    `select epoch, kind, on_day::text as day, detail from ${brand}.line_event where line = $1 order by epoch, id`,
    [line],
  )
  return rows
}
const balanceOf = async (kind: string, brand = 'laika') => {
  const { rows } = await owner.query(`select balance from ${brand}.account where kind = $1`, [kind])
  return BigInt(rows[0].balance)
}
const accountsOf = async (line: string, brand = 'laika') => {
  const { rows } = await owner.query(
    `select epoch, balance::int, paid::int, bonus::int from ${brand}.line_account where line = $1 order by epoch`,
    [line],
  )
  return rows
}
const ownershipsOf = async (line: string, brand = 'laika') => {
  const { rows } = await owner.query(
    `select epoch, from_day::text, until_day::text from ${brand}.ownership where line = $1 order by epoch`,
    [line],
  )
  return rows
}
const day = (offset: number, brand = 'laika') => formatDay(today(brand) + offset)
async function proved(brand = 'laika'): Promise<void> {
  for (const check of checks) {
    const rows = 'sql' in check ? await db.of(brand).query(check.sql) : await check.find(db.of(brand))
    expect([check.id, check.sentence, rows]).toEqual([check.id, check.sentence, []])
  }
}

afterEach(async () => {
  disarmFailpoints()
  underWay.clear()
  await lines.sweepStages('laika')
  await proved()
})

describe('a line whose time runs out', () => {
  it('is told each stage on its day and, ceased, begins a new epoch', async () => {
    const line = await open({ msisdn: '8615430000001', days: 1, paidMinor: 4000n })
    const opened = today()
    const told: unknown[] = []
    for (let i = 0; i <= 181; i++) {
      const { moved } = await lines.sweepStages('laika')
      if (moved > 0) told.push([today() - opened, (await rowOf(line)).stage_told])
      clock.advance(DAY_MS)
    }
    expect(told).toEqual([
      [1, 'outbound-barred'],
      [31, 'fully-barred'],
      [91, 'quarantined'],
      [181, 'ceased'],
    ])
    expect(await rowOf(line)).toEqual({ epoch: 2, stage_told: 'ceased', next_due_on: null })
    const lost = formatDay(opened + 181)
    expect((await eventsOf(line)).at(-1)).toEqual({
      epoch: 1,
      kind: 'stage-told',
      day: lost,
      detail: { from: 'quarantined', to: 'ceased' },
    })
    expect(await ownershipsOf(line)).toEqual([{ epoch: 1, from_day: formatDay(opened), until_day: lost }])
    // Frozen, not forfeited: this policy keeps it where it was.
    expect(await accountsOf(line)).toEqual([
      { epoch: 1, balance: 4000, paid: 4000, bonus: 0 },
      { epoch: 2, balance: 0, paid: 0, bonus: 0 },
    ])
  })

  it('is told only where it stands when days were missed, on the day it was lost', async () => {
    const line = await open({ msisdn: '8615430000002', days: 10 })
    const opened = today()
    clock.advance(300 * DAY_MS)
    expect(await lines.sweepStages('laika')).toMatchObject({ moved: 1 })
    expect((await eventsOf(line)).slice(1)).toEqual([
      {
        epoch: 1,
        kind: 'stage-told',
        day: formatDay(opened + 190),
        detail: { from: 'active', to: 'ceased' },
      },
    ])
  })

  it('is not touched again the same day, nor told the same twice', async () => {
    const line = await open({ msisdn: '8615430000003', days: 1 })
    clock.advance(DAY_MS)
    expect(await lines.sweepStages('laika')).toEqual({ moved: 1, left: 0, failed: 0 })
    expect(await lines.sweepStages('laika')).toEqual({ moved: 0, left: 0, failed: 0 })
    expect(await eventsOf(line)).toHaveLength(2)
  })

  it('ends at once when it came to us past its end', async () => {
    const line = await open({ msisdn: '8615430000004', days: -400 })
    expect(await lines.sweepStages('laika')).toMatchObject({ moved: 1 })
    expect(await rowOf(line)).toMatchObject({ epoch: 2, stage_told: 'ceased' })
    expect(await ownershipsOf(line)).toEqual([{ epoch: 1, from_day: day(0), until_day: day(0) }])
  })

  it('loses its credit where the policy says so: paid to breakage, bonus back to promotion', async () => {
    const before = [await balanceOf('breakage', 'harbour'), await balanceOf('promotion-bonus', 'harbour')]
    const line = await open({
      msisdn: '447700900301',
      brand: 'harbour',
      days: 2,
      paidMinor: 700n,
      bonusMinor: 50n,
    })
    clock.advance(2 * DAY_MS)
    expect(await lines.sweepStages('harbour')).toMatchObject({ moved: 1 })
    expect(await rowOf(line, 'harbour')).toEqual({ epoch: 2, stage_told: 'ceased', next_due_on: null })
    expect(await accountsOf(line, 'harbour')).toMatchObject([{ balance: 0, paid: 0, bonus: 0 }, { epoch: 2 }])
    expect(await balanceOf('breakage', 'harbour')).toBe((before[0] as bigint) + 700n)
    expect(await balanceOf('promotion-bonus', 'harbour')).toBe((before[1] as bigint) - 50n)
    const [, forfeit] = await eventsOf(line, 'harbour')
    expect(forfeit).toMatchObject({
      kind: 'credit-forfeited',
      detail: { paidMinor: '700', bonusMinor: '50' },
    })
    const { rows } = await owner.query(
      `select posting, amount::int from harbour.transfer where cause in
        (select id from harbour.line_event where line = $1 and kind = 'credit-forfeited') order by amount`,
      [line],
    )
    expect(rows).toEqual([
      { posting: 'breakage', amount: 50 },
      { posting: 'breakage', amount: 700 },
    ])
    await proved('harbour')
  })
})

it('a retention fee keeps a line while its balance covers it, each fee an event and a posting', async () => {
  // The policy’s currency is of no matter here: amounts are minor units of the brand’s.
  const line = await open({
    msisdn: '8615430000011',
    days: 1,
    policy: 'trai-in',
    paidMinor: 5000n,
    bonusMinor: 500n,
  })
  const opened = today()
  const revenue = await balanceOf('retention-fee-revenue')
  clock.advance(40 * DAY_MS)
  await lines.sweepStages('laika')
  expect(await rowOf(line)).toMatchObject({ stage_told: 'active', next_due_on: formatDay(opened + 61) })
  expect((await eventsOf(line)).slice(1).map((event) => [event.kind, event.day])).toEqual([
    ['retention-fee', formatDay(opened + 1)],
    ['retention-fee', formatDay(opened + 31)],
  ])
  expect(await accountsOf(line)).toEqual([{ epoch: 1, balance: 1500, paid: 1000, bonus: 500 }])
  expect(await balanceOf('retention-fee-revenue')).toBe(revenue + 4000n)
  clock.advance(21 * DAY_MS)
  await lines.sweepStages('laika')
  expect(await rowOf(line)).toMatchObject({ stage_told: 'quarantined' })
})

describe('a top-up', () => {
  it('that restores a line makes it due at once, so that the network is told', async () => {
    const line = await open({ msisdn: '8615430000021', days: 1 })
    clock.advance(DAY_MS)
    await lines.sweepStages('laika')
    expect(await rowOf(line)).toMatchObject({ stage_told: 'outbound-barred', next_due_on: day(30) })
    expect(await sell('8615430000021', { amountMinor: 5000n })).toMatchObject({ outcome: 'credited' })
    expect(await rowOf(line)).toMatchObject({ stage_told: 'outbound-barred', next_due_on: day(0) })
    expect(await lines.sweepStages('laika')).toMatchObject({ moved: 1 })
    expect(await rowOf(line)).toMatchObject({ stage_told: 'active', next_due_on: day(180) })
  })

  it('on a line in service leaves the day it is due as it was; the sweep then finds nothing to tell', async () => {
    const line = await open({ msisdn: '8615430000022', days: 5 })
    const due = day(5)
    await sell('8615430000022', { amountMinor: 5000n })
    expect((await rowOf(line)).next_due_on).toBe(due)
    clock.advance(5 * DAY_MS)
    expect(await lines.sweepStages('laika')).toEqual({ moved: 0, left: 0, failed: 0 })
    expect(await rowOf(line)).toMatchObject({ stage_told: 'active', next_due_on: day(180) })
  })

  it('under way keeps a line from a losing stage until it is settled', async () => {
    const line = await open({ msisdn: '8615430000023', days: 1 })
    const other = await open({ msisdn: '8615430000024', days: 1 })
    underWay.add(line)
    clock.advance(DAY_MS)
    expect(await lines.sweepStages('laika')).toEqual({ moved: 1, left: 1, failed: 0 })
    expect(await rowOf(line)).toMatchObject({ stage_told: 'active' })
    expect(await rowOf(other)).toMatchObject({ stage_told: 'outbound-barred' })
    await sell('8615430000023', { amountMinor: 5000n })
    underWay.clear()
    await lines.sweepStages('laika')
    expect(await rowOf(line)).toMatchObject({ stage_told: 'active', next_due_on: day(180) })
    expect((await eventsOf(line)).map((event) => event.kind)).toEqual(['opening'])
  })

  it('to a line that was ceased is refused, before and after the network was told', async () => {
    await open({ msisdn: '8615430000025', days: -179 })
    clock.advance(DAY_MS)
    const refusal = { outcome: 'refused', entry: { code: 'line-ceased' } }
    expect(await sell('8615430000025', { amountMinor: 5000n })).toMatchObject(refusal)
    await lines.sweepStages('laika')
    expect(await sell('8615430000025', { amountMinor: 5000n })).toMatchObject(refusal)
  })
})

describe('a sweep', () => {
  it('goes on past a thousand lines, due on several days', async () => {
    const brand = brands.get('laika')
    const opening = { clock, brand, policy: presetOf('china-keep', 1), today: today() }
    const many = Array.from({ length: 2_300 }, (_, i) => ({
      msisdn: `8615431${String(i).padStart(6, '0')}`,
      iccid: null,
      state: inService(today() + 1 + (i % 3)),
      paidMinor: 0n,
      bonusMinor: 0n,
    }))
    await laika.tx((tx) => openLines(tx, opening, many))
    clock.advance(3 * DAY_MS)
    expect(await lines.sweepStages('laika')).toEqual({ moved: 2_300, left: 0, failed: 0 })
  })

  it('by two processes at once tells each line once', async () => {
    const other = createLines({ db, clock, log, brands, policyOf: presetOf, identity })
    for (let i = 0; i < 30; i++) await open({ msisdn: `86154320000${String(i).padStart(2, '0')}`, days: 1 })
    clock.advance(DAY_MS)
    const [one, two] = await Promise.all([lines.sweepStages('laika'), other.sweepStages('laika')])
    expect(one.moved + two.moved).toBe(30)
    const { rows } = await owner.query(
      `select count(*)::int as n, count(distinct line)::int as lines from laika.line_event e join laika.line l on l.id = e.line
        where kind = 'stage-told' and msisdn like '86154320000%'`,
    )
    expect(rows).toEqual([{ n: 30, lines: 30 }])
  })

  it('leaves out a line that cannot be swept and goes on with the rest', async () => {
    const poison = await open({ msisdn: '8615430000031', days: 1 })
    const sound = await open({ msisdn: '8615430000032', days: 1 })
    await owner.query('update laika.line_clock set policy = $2 where line = $1', [poison, 'no-such-policy'])
    clock.advance(DAY_MS)
    expect(await lines.sweepStages('laika')).toEqual({ moved: 1, left: 0, failed: 1 })
    expect(await rowOf(sound)).toMatchObject({ stage_told: 'outbound-barred' })
    await owner.query('update laika.line_clock set policy = $2 where line = $1', [poison, 'china-keep'])
    expect(await lines.sweepStages('laika')).toEqual({ moved: 1, left: 0, failed: 0 })
  })

  it.each(['sweep.begin', 'sweep.written'])(
    'that breaks at %s has done nothing, and the next does it all',
    async (place) => {
      // No other line is due then, whose failure this would be as well.
      clock.advance(1_000 * DAY_MS)
      await lines.sweepStages('laika')
      const line = await open({
        msisdn: place === 'sweep.begin' ? '8615430000041' : '8615430000042',
        days: 1,
        policy: 'use-it-or-lose-it',
        paidMinor: 500n,
      })
      clock.advance(DAY_MS)
      armFailpoints(`${place}:1:throw`)
      expect(await lines.sweepStages('laika')).toMatchObject({ moved: 0, failed: 1 })
      expect(await rowOf(line)).toMatchObject({ epoch: 1, stage_told: 'active' })
      expect(await accountsOf(line)).toEqual([{ epoch: 1, balance: 500, paid: 500, bonus: 0 }])
      expect(await lines.sweepStages('laika')).toMatchObject({ moved: 1, failed: 0 })
      expect(await rowOf(line)).toMatchObject({ epoch: 2, stage_told: 'ceased' })
      expect(await accountsOf(line)).toMatchObject([{ balance: 0 }, { balance: 0 }])
    },
  )

  it('begins the day at the brand’s own midnight', async () => {
    // 30 June 2036: British Summer Time, so London’s midnight is 23:00 UTC and Shanghai’s 16:00.
    clock.advance(Date.parse('2036-06-30T12:00:00Z') - clock.instant())
    const inShanghai = await open({ msisdn: '8615430000051', days: 1 })
    const inLondon = await open({ msisdn: '447700900351', brand: 'harbour', days: 1 })
    const toldAt = async (iso: string) => {
      clock.advance(Date.parse(iso) - clock.instant())
      await Promise.all([lines.sweepStages('laika'), lines.sweepStages('harbour')])
      return [(await rowOf(inShanghai)).stage_told, (await rowOf(inLondon, 'harbour')).stage_told]
    }
    expect(await toldAt('2036-06-30T15:59:59.999Z')).toEqual(['active', 'active'])
    expect(await toldAt('2036-06-30T16:00:00.000Z')).toEqual(['outbound-barred', 'active'])
    expect(await toldAt('2036-06-30T22:59:59.999Z')).toEqual(['outbound-barred', 'active'])
    expect(await toldAt('2036-06-30T23:00:00.000Z')).toEqual(['outbound-barred', 'ceased'])
  })

  it('works as a loop too, until it is stopped', async () => {
    const line = await open({ msisdn: '8615430000061', state: { ...preActive, standing: 'in-service' } })
    await owner.query(`update laika.line_clock set next_due_on = $2 where line = $1`, [line, day(0)])
    lines.startLoops()
    lines.startLoops()
    await expect.poll(() => rowOf(line)).toMatchObject({ next_due_on: null })
    await lines.stopLoops()
    await owner.query(`update laika.line_clock set next_due_on = $2 where line = $1`, [line, day(0)])
    expect(await rowOf(line)).toMatchObject({ next_due_on: day(0) })
  })
})

describe('a number given to a new holder', () => {
  const opening = () => ({ brand: brands.get('laika'), policy: presetOf('china-keep', 1), today: today() })
  const anew = (msisdn: string) => ({
    msisdn,
    iccid: '898600000000000001',
    state: preActive,
    paidMinor: 0n,
    bonusMinor: 30n,
  })

  it('begins afresh at the next epoch and leaves the former holder’s as it was', async () => {
    const line = await open({ msisdn: '8615430000071', days: -180, paidMinor: 250n })
    await lines.sweepStages('laika')
    clock.advance(DAY_MS)
    await laika.tx((tx) => lines.reissueLines(tx, opening(), [anew('8615430000071')]))
    expect(await rowOf(line)).toEqual({ epoch: 2, stage_told: 'pre-active', next_due_on: null })
    expect(await accountsOf(line)).toEqual([
      { epoch: 1, balance: 250, paid: 250, bonus: 0 },
      { epoch: 2, balance: 30, paid: 0, bonus: 30 },
    ])
    expect(await ownershipsOf(line)).toEqual([
      { epoch: 1, from_day: day(-1), until_day: day(-1) },
      { epoch: 2, from_day: day(0), until_day: null },
    ])
    await sell('8615430000071', { amountMinor: 5000n })
    expect(await lines.sweepStages('laika')).toMatchObject({ moved: 1 })
    const [clockRow] = await laika.tx((tx) => lockLines(tx, [line]))
    expect(clockRow).toMatchObject({ epoch: 2, stageTold: 'active', limitDayMinor: 5000n })
  })

  it('waits until the network was told and the number has rested', async () => {
    await open({ msisdn: '8615430000072', days: -181 })
    await expect(
      laika.tx((tx) => lines.reissueLines(tx, opening(), [anew('8615430000072')])),
    ).rejects.toThrow('the number 8615430000072 was ceased')
    const given = await open({ msisdn: '8615430000073' })
    const happening = {
      line: given,
      epoch: 1,
      kind: 'ceased' as const,
      atMs: clock.business('laika'),
      cause: null,
    }
    expect(await laika.tx((tx) => lines.recordEvents(tx, [happening]))).toEqual([true])
    expect(await lines.sweepStages('laika')).toMatchObject({ moved: 2 })
    expect(await rowOf(given)).toMatchObject({ epoch: 2, stage_told: 'ceased' })
    const reissue = () =>
      laika.tx((tx) => lines.reissueLines(tx, opening(), [{ ...anew('8615430000073'), iccid: null }]))
    clock.advance(89 * DAY_MS)
    await expect(reissue()).rejects.toThrow('has rested long enough')
    clock.advance(DAY_MS)
    await reissue()
    await expect(reissue()).rejects.toThrow('was ceased')
  })
})
