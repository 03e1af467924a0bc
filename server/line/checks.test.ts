import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { dealing } from '../../test/support/dealing.ts'
import { DAY_MS, lineHouse } from '../../test/support/line.ts'
import type { BrokenRow } from '../platform/check.ts'
import { createDb, type Reader } from '../platform/db.ts'
import { preActive, presetOf } from '../policy/index.ts'
import { createChecks } from './checks.ts'
import type { Happening } from './index.ts'

const house = await lineHouse()
const { db, clock, log, lines, open, brands, today } = house
const laika = db.of('laika')
const checks = createChecks({ clock, brands, policyOf: presetOf })
const { sell } = await dealing(house)
const ownerDb = createDb({ url: house.ownerUrl, connections: 1, log, applicationName: 'owner' })
afterAll(() => ownerDb.close())

/** Every row that breaks a check, by the check’s id. */
async function broken(reader: Reader = laika): Promise<[id: string, row: BrokenRow][]> {
  const found: [string, BrokenRow][] = []
  for (const check of checks) {
    const rows = 'sql' in check ? await reader.query<BrokenRow>(check.sql) : await check.find(reader)
    for (const row of rows) found.push([check.id, row])
  }
  return found
}

class Undone extends Error {}

/** What is found once the owner has broken the data so; then it is as it was. */
async function planted(corruption: string, values: readonly unknown[]): Promise<[string, BrokenRow][]> {
  let found: [string, BrokenRow][] = []
  const undone = ownerDb.of('laika').tx(async (tx) => {
    const changed = await tx.query(`${corruption} returning 1`, values)
    expect(changed).toHaveLength(1)
    found = await broken(tx)
    throw new Undone()
  })
  await expect(undone).rejects.toThrow(Undone)
  return found
}

const orderOf = async (line: string): Promise<string> => {
  const rows = await laika.query<{ id: string }>(
    'select id from {{brand}}.top_up where line = $1 order by id limit 1',
    [line],
  )
  return (rows[0] as { id: string }).id
}
const happened = (line: string, kind: Happening['kind']) =>
  laika.tx((tx) =>
    lines.recordEvents(tx, [{ line, epoch: 1, kind, atMs: clock.business('laika'), cause: null }]),
  )

describe('a sound base', async () => {
  const kept = await open({ msisdn: '8615440000001', days: 20 })
  const used = await open({ msisdn: '8615440000002', days: 20, policy: 'giffgaff-uk' })
  const byBalance = await open({
    msisdn: '8615440000003',
    state: preActive,
    policy: 'lime-ky',
    paidMinor: 1000n,
  })
  const feePaid = await open({ msisdn: '8615440000004', days: 1, policy: 'trai-in', paidMinor: 5000n })
  const ceased = await open({ msisdn: '8615440000005', days: -179 })
  const [plain, twin] = [
    await open({ msisdn: '8615440000006', days: 300 }),
    await open({ msisdn: '8615440000007', days: 300 }),
  ]
  await sell('8615440000001', { amountMinor: 5000n })
  await sell('8615440000003', { amountMinor: 3000n })
  await happened(used, 'chargeable-use')
  clock.advance(DAY_MS)
  await lines.sweepStages('laika')
  await sell('8615440000001', { months: 3 })
  await sell('8615440000004', { amountMinor: 5000n })
  await sell('8615440000003', { amountMinor: 5000n })
  const bought = await orderOf(kept)

  it('has nothing to show, nor after a night', async () => {
    expect(await broken()).toEqual([])
    clock.advance(DAY_MS)
    await lines.sweepStages('laika')
    expect(await broken()).toEqual([])
  })

  it('names the line whose clock was moved by hand (I8)', async () => {
    const moved = 'update laika.line_clock set service_days = service_days + 1 where line = $1'
    expect(await planted(moved, [kept])).toEqual([
      ['I8', { line: kept, order: null, stored: expect.anything(), replayed: expect.anything() }],
    ])
    const endless = 'update laika.line_clock set credit_months = 0, credit_days = 0 where line = $1'
    expect(await planted(endless, [used])).toMatchObject([['I8', { line: used }]])
    const standing = `update laika.line_clock set standing = 'pre-active' where line = $1`
    expect(await planted(standing, [used])).toContainEqual(['I8', expect.objectContaining({ line: used })])
  })

  it.each([
    `line_clock set service_days = service_days + 1 where line = $1`,
    `line_clock set service_anchor = service_anchor - 1, service_days = service_days + 1 where line = $1`,
    `line_clock set service_anchor = null where line = $1`,
    `line_clock set credit_months = 0, credit_days = 0 where line = $1`,
    `line_clock set ceased_on = date '2030-01-01' where line = $1`,
    `line_clock set standing = 'ported-out' where line = $1`,
    `line_event set detail = jsonb_set(detail, '{state,service,days}', '9') where line = $1`,
    `line_event set kind = 'activation' where line = $1`,
  ])(
    'of lines that nothing moved names the one that does not stand as it was opened: %s (I8)',
    async (change) => {
      const found = await planted(`update laika.${change}`, [plain])
      expect(found).toContainEqual(['I8', expect.objectContaining({ line: plain, order: null })])
      expect(found.filter(([, { line }]) => line !== plain)).toEqual([])
    },
  )

  it('of lines that stand alike names the one whose network was told another stage, or that is due late (I9)', async () => {
    for (const change of [
      `stage_told = 'quarantined'`,
      'next_due_on = next_due_on + 1',
      'next_due_on = null',
    ]) {
      const found = await planted(`update laika.line_clock set ${change} where line = $1`, [twin])
      expect(found[0]).toEqual(['I9', expect.objectContaining({ line: twin, stage: 'active' })])
      expect(found.filter(([, { line }]) => line !== twin)).toEqual([])
    }
  })

  it('names the line that lost an event or gained one (I8)', async () => {
    const lost = `delete from laika.line_event where line = $1 and kind = 'chargeable-use'`
    expect(await planted(lost, [used])).toMatchObject([['I8', { line: used, order: null }]])
    const fee = `delete from laika.line_event where line = $1 and kind = 'retention-fee'`
    expect(await planted(fee, [feePaid])).toMatchObject([['I8', { line: feePaid }]])
    const gained = `insert into laika.line_event (id, line, epoch, kind, on_day, created_at)
      select gen_random_uuid(), line, 1, 'chargeable-use', on_day + 9, created_at + interval '1 day' from laika.line_event
       where line = $1 and kind = 'chargeable-use'`
    expect(await planted(gained, [used])).toMatchObject([['I8', { line: used, order: null }]])
    const opening = `delete from laika.line_event where line = $1 and kind = 'opening'`
    expect(await planted(opening, [used])).toContainEqual([
      'I8',
      { line: used, order: null, stored: expect.anything(), replayed: 'never opened' },
    ])
  })

  it('names the order whose dates, day, face or offer were changed (I8)', async () => {
    const named = [['I8', { line: kept, order: bought }]]
    expect(await planted('update laika.top_up set until = until + 1 where id = $1', [bought])).toMatchObject(
      named,
    )
    expect(
      await planted('update laika.top_up set until_before = null where id = $1', [bought]),
    ).toMatchObject(named)
    const face = 'update laika.top_up set face = 1000 where id = $1'
    expect(await planted(face, [bought])).toContainEqual(['I8', expect.objectContaining({ order: bought })])
    const day = `update laika.top_up set event_at = event_at + interval '1 day' where line = $1 and offer_kind = 'package'`
    // From the later of today and the end, a day makes no difference while the line is still kept.
    expect(await planted(day, [kept])).toEqual([])
    const offer = `update laika.top_up set offer = (select id from laika.offer where validity_months = 12 limit 1)
      where line = $1 and offer_kind = 'package'`
    expect(await planted(offer, [kept])).toMatchObject([
      ['I8', { line: kept, order: expect.any(String) }],
      ['I8', { line: kept, order: null }],
    ])
    const gone = `delete from laika.top_up where id = $1`
    expect(await planted(gone, [bought])).toContainEqual(['I8', expect.objectContaining({ line: kept })])
  })

  it('reads the balance that a tier asked for from the journal (I8)', async () => {
    const order = await orderOf(byBalance)
    const raised = `update laika.transfer set credit_after = credit_after + 100000 where cause = $1 and posting = 'dealer-top-up'
      and credit_account in (select id from laika.line_account)`
    expect(await planted(raised, [order])).toContainEqual(['I8', expect.objectContaining({ order })])
  })

  it('names the line of which the network was told a wrong stage (I9)', async () => {
    const wrong = `update laika.line_clock set stage_told = 'fully-barred' where line = $1`
    const found = await planted(wrong, [kept])
    expect(found).toEqual([
      ['I9', expect.objectContaining({ line: kept, stageTold: 'fully-barred', stage: 'active' })],
      ['I9', { line: kept, stage_told: 'fully-barred', last_event: 'active' }],
    ])
  })

  it('takes a stage that the sweep still owes for what it is, and a sweep that comes late for an error (I9)', async () => {
    const late = 'update laika.line_clock set next_due_on = next_due_on + 1000 where line = $1'
    expect(await planted(late, [kept])).toEqual([
      ['I9', expect.objectContaining({ line: kept, stage: 'active' })],
    ])
    const never = 'update laika.line_clock set next_due_on = null where line = $1'
    expect(await planted(never, [kept])).toMatchObject([['I9', { line: kept, dueOn: null }]])
    const early = `update laika.line_clock set next_due_on = date '1970-01-01' + $2::int where line = $1`
    expect(await planted(early, [kept, today()])).toEqual([])
  })

  it('names the telling that was lost (I9)', async () => {
    const lost = `delete from laika.line_event where line = $1 and kind = 'stage-told'`
    expect(await planted(lost, [ceased])).toEqual([
      ['I9', { line: ceased, stage_told: 'ceased', last_event: 'quarantined' }],
    ])
  })

  it('names the order that credited another epoch, another line or after its time (I9)', async () => {
    const epoch = 'update laika.top_up set epoch = 2 where id = $1'
    expect(await planted(epoch, [bought])).toContainEqual([
      'I9',
      expect.objectContaining({ id: bought, epoch: 2, credited_line: kept, credited_epoch: 1 }),
    ])
    const strayed = `update laika.transfer set credit_account = (select id from laika.line_account where line = $2)
      where cause = $1 and credit_account = (select id from laika.line_account where line = $3) and amount = 4980`
    expect(await planted(strayed, [bought, used, kept])).toContainEqual([
      'I9',
      expect.objectContaining({ id: bought, credited_line: used }),
    ])
    const before = `update laika.ownership set from_day = from_day + 30 where line = $1`
    expect(await planted(before, [byBalance])).toMatchObject([
      ['I9', { line: byBalance, credited_on: expect.any(Number) }],
      ['I9', { line: byBalance }],
    ])
  })

  it('names the line without an account at its epoch, and the one that nobody owns (L1)', async () => {
    expect(await planted('delete from laika.line_account where line = $1 and epoch = 2', [ceased])).toEqual([
      ['L1', { line: ceased, epoch: 2, stage_told: 'ceased', account: null, owned_epoch: null }],
    ])
    const ended = 'update laika.ownership set until_day = from_day where line = $1'
    expect(await planted(ended, [used])).toEqual([
      ['L1', expect.objectContaining({ line: used, owned_epoch: null })],
    ])
    const reopened = 'update laika.ownership set until_day = null where line = $1'
    expect(await planted(reopened, [ceased])).toEqual([
      ['L1', expect.objectContaining({ line: ceased, owned_epoch: 1 })],
    ])
  })
})

describe('whatever happens to lines, in any order', () => {
  const policies = [
    'china-keep',
    'use-it-or-lose-it',
    'trai-in',
    'lime-ky',
    'ethio',
    'valuegb-hk',
    'anatel-br',
  ] as const
  const act = fc.oneof(
    fc.record({
      do: fc.constant('sell' as const),
      amountMinor: fc.constantFrom(1000n, 3000n, 5000n, 10_000n),
    }),
    fc.record({ do: fc.constant('package' as const), months: fc.constantFrom(1, 3, 12) }),
    fc.record({
      do: fc.constant('happen' as const),
      kind: fc.constantFrom('chargeable-use', 'incoming-use', 'log-in', 'activation', 'ceased', 'ported-out'),
    }),
    fc.record({ do: fc.constant('sweep' as const) }),
    fc.record({ do: fc.constant('days' as const), days: fc.integer({ min: 1, max: 120 }) }),
  )
  let number = 8_615_441_000_000

  it('the checks find nothing', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...policies),
        fc.option(fc.integer({ min: -40, max: 60 })),
        fc.array(act, { maxLength: 12 }),
        async (policy, days, acts) => {
          const msisdn = String(++number)
          const state = days === null ? { state: preActive } : { days }
          const line = await open({ msisdn, policy, paidMinor: 2500n, bonusMinor: 700n, ...state })
          for (const done of acts) {
            // Ids order what happens within one millisecond of a clock that stands still; real ones move.
            clock.advance(1)
            switch (done.do) {
              case 'sell':
                await sell(msisdn, { amountMinor: done.amountMinor })
                break
              case 'package':
                await sell(msisdn, { months: done.months })
                break
              case 'happen':
                await happened(line, done.kind as Happening['kind'])
                break
              case 'sweep':
                await lines.sweepStages('laika')
                break
              case 'days':
                clock.advance(done.days * DAY_MS)
            }
            expect(await broken()).toEqual([])
          }
        },
      ),
      { numRuns: 40 },
    )
  }, 120_000)
})
