import { describe, expect, test } from 'vitest'
import { formatDay, parseDay } from './day.ts'
import { loadPolicy } from './load-policy.ts'
import { type PolicyEvent, type PolicyState, preActive } from './policy.ts'
import traiJson from './presets/trai-in.json' with { type: 'json' }
import { presetOf } from './presets.ts'
import { retentionFeeDue } from './retention-fee.ts'
import { type Simulation, simulate } from './simulate.ts'
import { validUntil } from './validity.ts'

const day = parseDay

function serviceUntil(until: string): PolicyState {
  return { ...preActive, standing: 'in-service', service: validUntil(day(until)) }
}

function topUp(on: string, amountMinor: bigint): PolicyEvent {
  return { kind: 'top-up', on: day(on), amountMinor, balanceAfterMinor: 0n, length: null }
}

/** One line per happening, as a person would note it. */
function diary(life: Simulation): string[] {
  return life.happenings.map((happening) => {
    const { on, kind, ...rest } = happening
    return [formatDay(on), kind, ...Object.values(rest)].join(' ')
  })
}

function live(
  preset: string,
  state: PolicyState,
  balanceMinor: bigint,
  events: PolicyEvent[],
  until: string,
) {
  return simulate(presetOf(preset, 1), { on: day('2025-01-01'), state, balanceMinor }, events, day(until))
}

describe('a simulated life', () => {
  test('of a forgotten Chinese line ends with its money frozen, not taken', () => {
    const life = live('china-keep', serviceUntil('2025-06-01'), 1234n, [], '2026-12-31')
    expect(diary(life)).toEqual([
      '2025-06-01 notice outbound-barred',
      '2025-06-01 stage active outbound-barred',
      '2025-07-01 notice fully-barred',
      '2025-07-01 stage outbound-barred fully-barred',
      '2025-08-30 notice quarantined',
      '2025-08-30 stage fully-barred quarantined',
      '2025-08-30 balance-frozen 1234',
      '2025-11-28 notice ceased',
      '2025-11-28 stage quarantined ceased',
    ])
    expect(life.balanceMinor).toBe(1234n)
  })

  test('of one taken back from quarantine goes on with its old money', () => {
    const events = [topUp('2025-09-10', 3000n), topUp('2025-09-11', 500n)]
    const life = live('china-keep', serviceUntil('2025-06-01'), 1234n, events, '2025-09-30')
    expect(diary(life).slice(-2)).toEqual([
      '2025-09-10 stage quarantined active',
      '2025-09-10 balance-thawed 1234',
    ])
    expect(life.balanceMinor).toBe(4734n)
  })

  test('refuses what the stage does not take', () => {
    const events = [topUp('2025-06-10', 999n), topUp('2026-01-01', 3000n)]
    const life = live('china-keep', serviceUntil('2025-06-01'), 0n, events, '2026-02-01')
    expect(diary(life).filter((line) => line.includes('refused'))).toEqual([
      '2025-06-10 refused top-up',
      '2026-01-01 refused top-up',
    ])
    expect(life.balanceMinor).toBe(0n)
  })

  test('in Ethiopia loses the old money by the recharge itself', () => {
    const life = live('ethio', serviceUntil('2025-01-10'), 4000n, [topUp('2025-12-10', 5000n)], '2025-12-31')
    expect(diary(life).slice(-4)).toEqual([
      '2025-12-06 stage outbound-barred fully-barred',
      '2025-12-06 balance-frozen 4000',
      '2025-12-10 balance-forfeited 4000',
      '2025-12-10 stage fully-barred active',
    ])
    expect(life.balanceMinor).toBe(5000n)
  })

  test('in Hong Kong loses the money when the grace begins and the number when it ends', () => {
    const life = live(
      'valuegb-hk',
      serviceUntil('2025-03-01'),
      700n,
      [topUp('2025-03-10', 5000n)],
      '2026-12-31',
    )
    expect(diary(life).filter((line) => !line.includes('notice'))).toEqual([
      '2025-03-01 stage active quarantined',
      '2025-03-01 balance-forfeited 700',
      '2025-03-10 stage quarantined active',
      '2026-03-10 stage active quarantined',
      '2026-03-10 balance-forfeited 5000',
      '2026-04-09 stage quarantined ceased',
    ])
  })

  test('in India pays for its periods, is taken back for a fee, and goes on', () => {
    const events: PolicyEvent[] = [
      { kind: 'incoming-use', on: day('2025-01-01') },
      topUp('2025-05-10', 5000n),
    ]
    const state = { ...preActive, standing: 'in-service' as const }
    const life = live('trai-in', state, 2500n, events, '2025-06-01')
    expect(diary(life).filter((line) => !line.includes('notice'))).toEqual([
      '2025-04-01 retention-fee 2000',
      '2025-05-01 stage active quarantined',
      '2025-05-01 balance-frozen 500',
      '2025-05-10 stage quarantined active',
      '2025-05-10 balance-thawed 500',
      '2025-05-10 reclaim-fee 2000',
    ])
    expect(life.balanceMinor).toBe(3500n)
  })

  test('takes no fee from a line that had left active before', () => {
    const life = live('trai-in', serviceUntil('2024-12-25'), 9000n, [], '2025-02-01')
    expect(diary(life)).toEqual(['2025-01-09 notice ceased', '2025-01-09 stage quarantined ceased'])
    expect(life.balanceMinor).toBe(9000n)
  })

  test('stops on the day asked for and needs its events in order', () => {
    const state = serviceUntil('2025-06-01')
    expect(diary(live('china-keep', state, 0n, [], '2025-05-31'))).toEqual([])
    expect(live('china-keep', state, 0n, [topUp('2025-05-31', 100n)], '2025-05-30').balanceMinor).toBe(0n)
    const events = [topUp('2025-03-02', 100n), topUp('2025-03-01', 100n)]
    expect(() => live('china-keep', state, 0n, events, '2025-05-31')).toThrow(RangeError)
  })
})

describe('a retention fee', () => {
  const trai = presetOf('trai-in', 1)
  const line = serviceUntil('2025-04-01')

  test('is due from the day the clock ends, and dated that day however late it is taken', () => {
    expect(retentionFeeDue(trai, line, day('2025-03-31'), 9000n)).toBeNull()
    const due = { on: day('2025-04-01'), amountMinor: 2000n }
    expect(retentionFeeDue(trai, line, day('2025-04-01'), 2000n)).toEqual(due)
    expect(retentionFeeDue(trai, line, day('2025-04-20'), 2000n)).toEqual(due)
  })

  test('is not taken from money that ended before the clock did', () => {
    const credit = { clock: 'credit', on: ['top-up'], from: 'now', by: 'flat', length: { days: 60 } }
    const policy = loadPolicy({
      ...traiJson,
      extensions: [...traiJson.extensions, credit],
      creditEnd: 'frozen',
    })
    const endsOn = (credit: string): PolicyState => ({ ...line, credit: validUntil(day(credit)) })
    expect(retentionFeeDue(policy, endsOn('2025-04-01'), day('2025-04-01'), 2000n)).not.toBeNull()
    expect(retentionFeeDue(policy, endsOn('2025-03-31'), day('2025-04-01'), 2000n)).toBeNull()
  })

  test('is never taken in part, from a lost line, or under a policy without one', () => {
    expect(retentionFeeDue(trai, line, day('2025-04-01'), 1999n)).toBeNull()
    expect(
      retentionFeeDue(trai, { ...line, ceasedOn: day('2025-03-01') }, day('2025-04-01'), 9000n),
    ).toBeNull()
    expect(retentionFeeDue(trai, { ...line, standing: 'ported-out' }, day('2025-04-01'), 9000n)).toBeNull()
    expect(retentionFeeDue(trai, { ...line, service: 'unlimited' }, day('2025-04-01'), 9000n)).toBeNull()
    expect(retentionFeeDue(presetOf('china-keep', 1), line, day('2025-04-01'), 9000n)).toBeNull()
  })
})
