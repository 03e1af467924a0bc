import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Policy, type PolicyState, parseDay, presetOf, presets, validUntil } from '../policy/index.ts'
import { dueAfter, type LineClock } from './line-clock.ts'
import { lookAt } from './look.ts'

const day = parseDay('2025-01-01')

function lineOf(policy: Policy, state: PolicyState, stageTold: LineClock['stageTold'] = 'active'): LineClock {
  return {
    line: '00000000-0000-7000-8000-000000000001',
    msisdn: '8615400000001',
    epoch: 1,
    policy: policy.id,
    policyVersion: policy.version,
    state,
    stageTold,
    nextDueOn: day,
    limitDay: 0,
    limitDayMinor: 0n,
    limitMonthMinor: 0n,
  }
}

const service = (until: number): PolicyState => ({
  standing: 'in-service',
  ceasedOn: null,
  service: validUntil(until),
  credit: null,
  number: null,
})
const money = (paid: bigint, bonus = 0n) => ({ paid, bonus })

describe('retention fees', () => {
  const trai = presetOf('trai-in', 1)
  // Last use on 1 January: the clock ends on 1 April, then Rs 20 for each further 30 days (retention.md 4).
  const line = lineOf(trai, service(parseDay('2025-04-01')))

  it('are taken on the days the published rule names, while the balance covers them', () => {
    const look = lookAt(trai, line, money(6500n), parseDay('2025-06-29'))
    expect(look.fees.map(({ on, amountMinor }) => [on, amountMinor])).toEqual([
      [parseDay('2025-04-01'), 2000n],
      [parseDay('2025-05-01'), 2000n],
      [parseDay('2025-05-31'), 2000n],
    ])
    expect(look).toMatchObject({ stage: 'active', loses: false, nextDueOn: parseDay('2025-06-30') })
  })

  it('no longer keep a line whose balance is short', () => {
    const look = lookAt(trai, line, money(6500n), parseDay('2025-06-30'))
    expect(look.fees).toHaveLength(3)
    expect(look).toMatchObject({ stage: 'quarantined', loses: true, forfeited: null })
  })

  it('come from paid credit first and from bonus for the rest', () => {
    const { fees } = lookAt(trai, line, money(3000n, 1500n), parseDay('2025-05-02'))
    expect(fees.map(({ split }) => split)).toEqual([money(2000n), money(1000n, 1000n)])
  })

  it('are not taken from a line that has left the stage active', () => {
    const told = lineOf(trai, line.state, 'quarantined')
    expect(lookAt(trai, told, money(6500n), parseDay('2025-04-02')).fees).toEqual([])
  })
})

describe('the end', () => {
  const losing = presetOf('use-it-or-lose-it', 1)

  it('is dated by the ladder, however late somebody looks, and takes what the policy takes', () => {
    const look = lookAt(losing, lineOf(losing, service(day)), money(500n, 20n), day + 40)
    expect(look).toMatchObject({
      stage: 'ceased',
      ceasedOn: day,
      forfeited: money(500n, 20n),
      nextDueOn: null,
    })
  })

  it('is told once', () => {
    const told = lineOf(losing, service(day), 'ceased')
    expect(lookAt(losing, told, money(0n), day + 40)).toMatchObject({
      ceasedOn: null,
      forfeited: null,
      loses: false,
    })
  })

  it('is the day the number was given up, where that came first', () => {
    const given = { ...service(day + 100), ceasedOn: day + 3 }
    expect(lookAt(losing, lineOf(losing, given), money(0n), day + 5)).toMatchObject({ ceasedOn: day + 3 })
  })
})

it('leaving for another operator is no loss that a top-up under way could prevent', () => {
  const china = presetOf('china-keep', 1)
  const ported = { ...service(day), standing: 'ported-out' as const }
  expect(lookAt(china, lineOf(china, ported), money(0n), day)).toMatchObject({
    stage: 'ported-out',
    loses: false,
  })
})

describe('over every preset', () => {
  const arbitraryLine = fc.record({
    policy: fc.constantFrom(...presets),
    until: fc.integer({ min: day - 500, max: day + 500 }),
    credit: fc.option(fc.integer({ min: day - 500, max: day + 500 })),
    number: fc.option(fc.integer({ min: day - 500, max: day + 500 })),
    paid: fc.bigInt(0n, 20_000n),
    bonus: fc.bigInt(0n, 5_000n),
  })

  it('a line looked at day by day ends as one looked at once, after the whole time', () => {
    fc.assert(
      fc.property(arbitraryLine, fc.integer({ min: 0, max: 200 }), ({ policy, ...line }, days) => {
        const state: PolicyState = {
          ...service(line.until),
          credit: line.credit === null ? null : validUntil(line.credit),
          number: line.number === null ? null : validUntil(line.number),
        }
        // A line is first told where it stands; only then do days pass.
        const first = lineOf(
          policy,
          state,
          lookAt(policy, lineOf(policy, state, 'ceased'), money(0n), day).stage,
        )
        const live = (clock: LineClock, held: { paid: bigint; bonus: bigint }, today: number) => {
          const look = lookAt(policy, clock, held, today)
          const spent = look.fees.reduce((sum, { split }) => sum + split.paid + split.bonus, 0n)
          const left = look.forfeited ? money(0n) : money(held.paid + held.bonus - spent)
          return { clock: { ...clock, state: look.state, stageTold: look.stage }, left, look }
        }
        const start = money(line.paid, line.bonus)
        let daily = live(first, start, day)
        const once = live(daily.clock, daily.left, day + days)
        for (let i = 1; i <= days; i++) daily = live(daily.clock, daily.left, day + i)
        expect(daily.clock).toEqual(once.clock)
        expect(daily.left).toEqual(once.left)
      }),
      { numRuns: 300 },
    )
  })

  it('a look leaves nothing to do that day, and is due again no later than its stage changes', () => {
    fc.assert(
      fc.property(arbitraryLine, ({ policy, until, paid, bonus }) => {
        const clock = lineOf(policy, service(until), 'active')
        const look = lookAt(policy, clock, money(paid, bonus), day)
        const told = { ...clock, state: look.state, stageTold: look.stage, nextDueOn: look.nextDueOn }
        const left = look.forfeited
          ? money(0n)
          : money(paid + bonus - look.fees.reduce((s, f) => s + f.amountMinor, 0n))
        const again = lookAt(policy, told, left, day)
        expect(again).toMatchObject({
          fees: [],
          stage: look.stage,
          forfeited: null,
          ceasedOn: null,
          loses: false,
        })
        const changes = lookAt(policy, told, money(0n), (look.nextDueOn ?? day + 2_000) - 1)
        expect(changes.stage).toBe(look.stage)
      }),
      { numRuns: 300 },
    )
  })
})

describe('when a line that moved is looked at again', () => {
  const china = presetOf('china-keep', 1)
  const on = (stageTold: LineClock['stageTold'], nextDueOn: number | null, until: number) =>
    dueAfter(china, { stageTold, nextDueOn }, service(until), day)

  it('is today, if the network must be told another stage', () => {
    expect(on('outbound-barred', day + 20, day + 90)).toBe(day)
    expect(on('pre-active', null, day + 90)).toBe(day)
  })

  it('stays as early as it was, else is the day something happens', () => {
    expect(on('active', day + 5, day + 90)).toBe(day + 5)
    expect(on('active', null, day + 90)).toBe(day + 90)
    expect(on('active', day + 200, day + 90)).toBe(day + 90)
  })
})
