import { afterEach, describe, expect, it } from 'vitest'
import { DAY_MS, inService, lineHouse } from '../../test/support/line.ts'
import { type PolicyState, preActive, presetOf, untilOf } from '../policy/index.ts'
import { createChecks } from './checks.ts'
import { type Happening, lockLines } from './index.ts'
import { lineEventKinds } from './line-event.ts'

const house = await lineHouse()
const { db, owner, clock, lines, open, today, brands } = house
const harbour = db.of('harbour')
const london = () => today('harbour')

const happened = (line: string, kind: Happening['kind'], more: Partial<Happening> = {}): Happening => ({
  line,
  epoch: 1,
  kind,
  atMs: clock.business('harbour'),
  cause: null,
  ...more,
})
const record = (...happenings: Happening[]) => harbour.tx((tx) => lines.recordEvents(tx, happenings))
const stateOf = async (line: string): Promise<PolicyState> => {
  const [clockRow] = await harbour.tx((tx) => lockLines(tx, [line]))
  return (clockRow as { state: PolicyState }).state
}
const kindsOf = async (line: string) => {
  const { rows } = await owner.query('select kind from harbour.line_event where line = $1 order by id', [
    line,
  ])
  return rows.map((row) => row.kind)
}
const sixMonthsOn = { anchor: 0, months: 6, days: 0 }
let number = 447_700_900_400

/** Every line of these tests follows from its events. */
afterEach(async () => {
  const [validity] = createChecks({ clock, brands, policyOf: presetOf })
  expect(await (validity as { find(db: unknown): Promise<unknown> }).find(harbour)).toEqual([])
})
const line = (state = inService(london() + 10)) => open({ msisdn: String(++number), brand: 'harbour', state })

describe('use of a line that is lost unless it is used', () => {
  it('keeps it six months from that day, and the event says why', async () => {
    const id = await line()
    const cause = '00000000-0000-7000-8000-00000000000a'
    expect(await record(happened(id, 'chargeable-use', { cause }))).toEqual([true])
    expect((await stateOf(id)).service).toEqual({ ...sixMonthsOn, anchor: london() })
    const { rows } = await owner.query(
      `select epoch, on_day - date '1970-01-01' as day, cause, detail from harbour.line_event where line = $1 and kind = 'chargeable-use'`,
      [id],
    )
    expect(rows).toEqual([{ epoch: 1, day: london(), cause, detail: {} }])
  })

  it('leaves one row a day, however often it happens', async () => {
    const id = await line()
    const uses = [happened(id, 'outgoing-use'), happened(id, 'outgoing-use'), happened(id, 'chargeable-use')]
    expect(await record(...uses)).toEqual([true, false, false])
    expect(await record(happened(id, 'outgoing-use'))).toEqual([false])
    clock.advance(DAY_MS)
    expect(await record(happened(id, 'outgoing-use'))).toEqual([true])
    expect(await kindsOf(id)).toEqual(['opening', 'outgoing-use', 'outgoing-use'])
  })

  it('that comes in moves nothing, and neither does a log-in', async () => {
    const id = await line()
    expect(await record(happened(id, 'incoming-use'), happened(id, 'log-in'))).toEqual([false, false])
    expect(await kindsOf(id)).toEqual(['opening'])
  })

  it('that is told late counts from the day it happened', async () => {
    const id = await line()
    const atMs = clock.business('harbour') - 3 * DAY_MS
    expect(await record(happened(id, 'chargeable-use', { atMs }))).toEqual([true])
    expect((await stateOf(id)).service).toEqual({ ...sixMonthsOn, anchor: london() - 3 })
  })

  it('belongs to the day of the brand’s zone', async () => {
    clock.advance(Date.parse('2027-07-01T12:00:00Z') - clock.instant())
    const [before, after] = [await line(), await line()]
    const at = (iso: string) => ({ atMs: Date.parse(iso) })
    await record(happened(before, 'outgoing-use', at('2027-06-30T22:59:59.999Z')))
    await record(happened(after, 'outgoing-use', at('2027-06-30T23:00:00.000Z')))
    expect((await stateOf(before)).service).toMatchObject({ anchor: london() - 1 })
    expect((await stateOf(after)).service).toMatchObject({ anchor: london() })
  })

  it('puts a new line in service and has the network told', async () => {
    const id = await line(preActive)
    expect(await record(happened(id, 'outgoing-use'))).toEqual([true])
    expect(await stateOf(id)).toMatchObject({ standing: 'in-service' })
    await lines.sweepStages('harbour')
    expect(await kindsOf(id)).toEqual(['opening', 'outgoing-use', 'stage-told'])
  })
})

describe('nothing moves', () => {
  it('for a holder who has since lost the number', async () => {
    const id = await line(inService(london() - 1))
    await lines.sweepStages('harbour')
    expect(await record(happened(id, 'chargeable-use'))).toEqual([false])
    expect(await record(happened(id, 'chargeable-use', { epoch: 2 }))).toEqual([false])
    expect(await record(happened(id, 'chargeable-use', { epoch: 3 }))).toEqual([false])
  })

  it('once the number was given up or has left for another operator', async () => {
    const [given, left] = [await line(), await line()]
    expect(await record(happened(given, 'ceased'), happened(left, 'ported-out'))).toEqual([true, true])
    expect(await record(happened(given, 'chargeable-use'), happened(left, 'chargeable-use'))).toEqual([
      false,
      false,
    ])
    await lines.sweepStages('harbour')
    const { rows } = await owner.query(
      'select stage_told from harbour.line_clock where line = any($1) order by stage_told',
      [[given, left]],
    )
    expect(rows.map((row) => row.stage_told)).toEqual(['ceased', 'ported-out'])
  })

  it('of any line when the transaction rolls back', async () => {
    const id = await line()
    const fails = harbour.tx(async (tx) => {
      await lines.recordEvents(tx, [happened(id, 'outgoing-use')])
      throw new Error('no')
    })
    await expect(fails).rejects.toThrow('no')
    expect(await kindsOf(id)).toEqual(['opening'])
  })
})

it('several lines and several events of one are applied in the order given', async () => {
  const [one, two] = [await line(preActive), await line()]
  const answers = await record(
    happened(one, 'outgoing-use'),
    happened(two, 'chargeable-use'),
    happened(one, 'ceased'),
    happened(one, 'outgoing-use'),
  )
  expect(answers).toEqual([true, true, true, false])
  expect(await stateOf(one)).toMatchObject({ standing: 'in-service', ceasedOn: london() })
  expect(untilOf((await stateOf(two)).service as never)).toBeGreaterThan(london() + 170)
})

it('uses at the same moment all count, one after the other', async () => {
  const id = await line()
  const answers = await Promise.all(Array.from({ length: 12 }, () => record(happened(id, 'outgoing-use'))))
  expect(answers.flat().filter(Boolean)).toHaveLength(1)
})

it('the table knows the kinds there are, and no other', async () => {
  const { rows } = await owner.query(
    `select pg_get_constraintdef(oid) as text from pg_constraint
      where conrelid = 'harbour.line_event'::regclass and conname = 'line_event_kind_check'`,
  )
  const kinds = [...rows[0].text.matchAll(/'([a-z-]+)'::text/g)].map((match) => match[1])
  expect(kinds.sort()).toEqual(Object.keys(lineEventKinds).sort())
})
