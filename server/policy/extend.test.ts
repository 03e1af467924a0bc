import { describe, expect, test } from 'vitest'
import { amountSteps } from './amount-steps.ts'
import { formatDay, parseDay } from './day.ts'
import { type Extension, extend } from './extend.ts'
import { loadPolicy } from './load-policy.ts'
import { type Policy, type PolicyEvent, type PolicyState, preActive } from './policy.ts'
import chinaKeepJson from './presets/china-keep.json' with { type: 'json' }
import { presetOf } from './presets.ts'
import { clockUntil, leastTopUpMinor, nextDueOn, reissuableOn, stageAt, topUpAt } from './stage.ts'
import { validUntil } from './validity.ts'

const day = parseDay
const chinaKeep = presetOf('china-keep', 1)
const useIt = presetOf('use-it-or-lose-it', 1)

function serviceUntil(until: string): PolicyState {
  return { ...preActive, standing: 'in-service', service: validUntil(day(until)) }
}

function topUp(on: string, amountMinor: bigint, balanceAfterMinor = amountMinor): PolicyEvent {
  return { kind: 'top-up', on: day(on), amountMinor, balanceAfterMinor, length: null }
}

function use(kind: 'chargeable-use' | 'outgoing-use' | 'incoming-use', on: string): PolicyEvent {
  return { kind, on: day(on) }
}

function untilAfter(policy: Policy, state: PolicyState, event: PolicyEvent): string | null {
  const { until } = extend(policy, state, event)
  return until === null ? null : formatDay(until)
}

describe('china-keep', () => {
  const line = serviceUntil('2025-06-01')

  test.each([
    [999n, '2025-06-01'],
    [1000n, '2025-07-01'],
    [2999n, '2025-07-31'],
    [3000n, '2025-08-30'],
    [5000n, '2025-11-28'],
    [9999n, '2025-11-28'],
    [10_000n, '2026-06-01'],
  ])('a top-up of %s fen before the end moves it to %s', (amountMinor, until) => {
    expect(untilAfter(chinaKeep, line, topUp('2025-05-20', amountMinor))).toBe(until)
  })

  test('a quarterly package adds three calendar months', () => {
    const event: PolicyEvent = { kind: 'package', on: day('2025-05-20'), length: { months: 3, days: 0 } }
    expect(untilAfter(chinaKeep, line, event)).toBe('2025-09-01')
  })

  test('goes down one-way bar, two-way bar and freeze, and ceases after 180 days', () => {
    const days = ['2025-05-31', '2025-06-01', '2025-07-01', '2025-08-30', '2025-11-27', '2025-11-28']
    expect(days.map((date) => stageAt(chinaKeep, line, day(date)))).toEqual([
      'active',
      'outbound-barred',
      'fully-barred',
      'quarantined',
      'quarantined',
      'ceased',
    ])
    expect(clockUntil(chinaKeep, line, 'number')).toBe(day('2025-11-28'))
    expect(clockUntil(chinaKeep, line, 'service')).toBe(day('2025-06-01'))
    expect(clockUntil(chinaKeep, line, 'credit')).toBeNull()
    expect(reissuableOn(chinaKeep, line)).toBe(day('2025-11-28'))
    expect(nextDueOn(chinaKeep, line, day('2025-06-01'))).toBe(day('2025-07-01'))
    expect(nextDueOn(chinaKeep, line, day('2025-11-28'))).toBeNull()
  })

  test.each([
    ['2025-06-10', 'outbound-barred', 'restores-service', 'kept'],
    ['2025-07-10', 'fully-barred', 'restores-service', 'kept'],
    ['2025-09-10', 'quarantined', 'restores-number', 'thawed'],
  ] as const)('a top-up on %s finds it %s, %s, and its balance is %s', (on, stage, effect, oldBalance) => {
    const done = extend(chinaKeep, line, topUp(on, 3000n))
    expect(done).toMatchObject({ accepted: true, stage, oldBalance, reclaimFeeMinor: 0n })
    expect(topUpAt(chinaKeep, stage)).toBe(effect)
    expect(done.until).toBe(day(on) + 90)
    expect(stageAt(chinaKeep, done.state, day(on))).toBe('active')
  })

  test('a barred line takes no top-up that would not restore it', () => {
    expect(leastTopUpMinor(chinaKeep, 'outbound-barred')).toBe(1000n)
    const done = extend(chinaKeep, line, topUp('2025-06-10', 999n))
    expect(done.accepted).toBe(false)
    expect(done.state).toBe(line)
    expect(done.until).toBe(done.from)
  })

  test('a ceased line takes nothing', () => {
    expect(topUpAt(chinaKeep, 'ceased')).toBe('refused')
    expect(extend(chinaKeep, line, topUp('2025-11-28', 10_000n)).accepted).toBe(false)
    const cancelled = extend(chinaKeep, line, { kind: 'ceased', on: day('2025-02-01') }).state
    expect(stageAt(chinaKeep, cancelled, day('2025-01-31'))).toBe('active')
    expect(stageAt(chinaKeep, cancelled, day('2025-02-01'))).toBe('ceased')
    expect(extend(chinaKeep, cancelled, topUp('2025-03-01', 10_000n)).accepted).toBe(false)
    expect(nextDueOn(chinaKeep, cancelled, day('2025-02-01'))).toBeNull()
    expect(reissuableOn(chinaKeep, cancelled)).toBe(day('2025-05-02'))
  })

  test('a line that left to another operator takes nothing', () => {
    const gone = extend(chinaKeep, line, { kind: 'ported-out', on: day('2025-02-01') }).state
    expect(stageAt(chinaKeep, gone, day('2025-02-01'))).toBe('ported-out')
    expect(extend(chinaKeep, gone, topUp('2025-02-02', 10_000n)).accepted).toBe(false)
    expect(nextDueOn(chinaKeep, gone, day('2025-02-02'))).toBeNull()
  })

  test('an unlimited line stays so', () => {
    const state: PolicyState = { ...line, service: 'unlimited' }
    const done = extend(chinaKeep, state, topUp('2025-02-01', 3000n))
    expect(done.state.service).toBe('unlimited')
    expect(done).toMatchObject({ accepted: true, from: null, until: null })
  })

  test('tells the amounts at which the date changes', () => {
    expect(amountSteps(chinaKeep, 0n)).toEqual([1000n, 2000n, 3000n, 5000n, 10_000n])
    expect(amountSteps(useIt, 0n)).toEqual([])
    expect(amountSteps(presetOf('lime-ky', 1), 700n)).toEqual([300n, 1300n, 4300n])
  })
})

describe('use-it-or-lose-it', () => {
  const line = extend(useIt, preActive, { kind: 'activation', on: day('2025-01-01') }).state

  test('a line in service that nothing has started yet does not end', () => {
    expect(stageAt(useIt, line, day('2035-01-01'))).toBe('active')
  })

  test('six months from any outgoing use or purchase, on the day that many months later', () => {
    expect(untilAfter(useIt, line, use('outgoing-use', '2025-08-31'))).toBe('2026-02-28')
    expect(untilAfter(useIt, line, use('chargeable-use', '2025-01-01'))).toBe('2025-07-01')
    expect(untilAfter(useIt, line, topUp('2025-01-01', 1000n))).toBe('2025-07-01')
    expect(untilAfter(useIt, line, use('incoming-use', '2025-01-01'))).toBeNull()
  })

  test('only what was charged counts where the policy says so', () => {
    const vodafone = presetOf('vodafone-uk', 1)
    expect(untilAfter(vodafone, line, use('chargeable-use', '2025-01-01'))).toBe('2025-06-30')
    expect(untilAfter(vodafone, line, use('outgoing-use', '2025-01-01'))).toBeNull()
  })

  test('a late record of an earlier use does not take away what a later one gave', () => {
    const { state } = extend(useIt, line, use('outgoing-use', '2025-03-01'))
    expect(untilAfter(useIt, state, use('outgoing-use', '2025-02-01'))).toBe('2025-09-01')
  })
})

describe('a line before its first use', () => {
  test('is put in service by what the policy names and by nothing else', () => {
    const stages = (event: PolicyEvent): Extension => extend(useIt, preActive, event)
    expect(stages(use('incoming-use', '2025-01-01'))).toMatchObject({ accepted: false, stage: 'pre-active' })
    expect(stages(use('outgoing-use', '2025-01-01')).state.standing).toBe('in-service')
    expect(topUpAt(useIt, 'pre-active')).toBe('restores-service')
    const { state } = stages(topUp('2025-01-01', 1000n))
    expect(stageAt(useIt, state, day('2025-06-30'))).toBe('active')
    expect(extend(useIt, state, { kind: 'activation', on: day('2025-02-01') }).accepted).toBe(false)
  })

  test('refuses top-ups where only activation starts it', () => {
    const policy = loadPolicy({ ...chinaKeepJson, activatedBy: ['activation'] })
    expect(topUpAt(policy, 'pre-active')).toBe('refused')
    expect(extend(policy, preActive, topUp('2025-01-01', 3000n)).accepted).toBe(false)
  })
})

describe('a policy of three clocks', () => {
  const policy = loadPolicy({
    ...chinaKeepJson,
    id: 'three-clocks',
    extensions: [
      { clock: 'service', on: ['top-up'], from: 'later', by: 'flat', length: { days: 30 } },
      { clock: 'service', on: ['activation'], from: 'now', by: 'flat', length: { days: 7 } },
      { clock: 'service', on: ['use'], from: 'now', by: 'flat', length: { days: 20 } },
      { clock: 'credit', on: ['top-up'], from: 'now', by: 'flat', length: { days: 60 } },
      { clock: 'number', on: ['top-up'], from: 'now', by: 'flat', length: { months: 12 } },
      { clock: 'number', on: ['use', 'confirmation'], from: 'now', by: 'flat', length: { months: 6 } },
    ],
    ladder: [
      {
        stage: 'outbound-barred',
        lasts: { days: 30 },
        notice: true,
        topUp: 'restores-service',
        balance: 'kept',
      },
      {
        stage: 'fully-barred',
        lasts: 'number-clock',
        notice: true,
        topUp: 'restores-service',
        balance: 'kept',
      },
      {
        stage: 'quarantined',
        lasts: { days: 10 },
        notice: true,
        topUp: 'restores-number',
        balance: 'frozen',
      },
      { stage: 'ceased', notice: true, topUp: 'refused', balance: 'forfeited' },
    ],
    creditEnd: 'frozen',
  })
  const line = extend(policy, preActive, topUp('2025-01-01', 100n)).state

  test('lets a step last until the number clock ends', () => {
    const at = (date: string) => stageAt(policy, line, day(date))
    expect([at('2025-01-30'), at('2025-01-31'), at('2025-03-02')]).toEqual([
      'active',
      'outbound-barred',
      'fully-barred',
    ])
    expect([at('2025-12-31'), at('2026-01-01'), at('2026-01-11')]).toEqual([
      'fully-barred',
      'quarantined',
      'ceased',
    ])
    expect(clockUntil(policy, line, 'number')).toBe(day('2026-01-01'))
  })

  test('keeps the number of a barred line by a call it receives, without lifting the bar', () => {
    const done = extend(policy, line, use('incoming-use', '2025-10-01'))
    expect(done.accepted).toBe(true)
    expect(stageAt(policy, done.state, day('2025-10-01'))).toBe('fully-barred')
    expect(clockUntil(policy, done.state, 'number')).toBe(day('2026-04-01'))
    const inTime = extend(policy, line, use('incoming-use', '2025-01-30'))
    expect(clockUntil(policy, inTime.state, 'service')).toBe(day('2025-02-19'))
  })

  test('does not bring a quarantined number back by use', () => {
    expect(extend(policy, line, { kind: 'confirmation', on: day('2026-01-05') }).accepted).toBe(false)
    expect(extend(policy, line, topUp('2026-01-05', 100n)).oldBalance).toBe('thawed')
  })

  test('falls due when the credit clock ends though no stage changes', () => {
    expect(nextDueOn(policy, line, day('2025-01-31'))).toBe(day('2025-03-02'))
    const service = extend(policy, line, topUp('2025-02-20', 100n)).state
    expect(clockUntil(policy, service, 'credit')).toBe(day('2025-04-21'))
  })

  test('starts with the validity the card came with', () => {
    const { state } = extend(policy, preActive, { kind: 'activation', on: day('2025-01-01') })
    expect(stageAt(policy, state, day('2025-01-07'))).toBe('active')
    expect(stageAt(policy, state, day('2025-01-08'))).toBe('outbound-barred')
  })
})

test('exclusive counting gives the day of the event on top', () => {
  const policy = loadPolicy({ ...chinaKeepJson, dayCounting: 'exclusive' })
  const line = serviceUntil('2025-01-01')
  expect(untilAfter(chinaKeep, line, topUp('2025-01-01', 1000n))).toBe('2025-01-31')
  expect(untilAfter(policy, line, topUp('2025-01-01', 1000n))).toBe('2025-02-01')
})

test('top-ups add up to the cap and no further', () => {
  const ethio = presetOf('ethio', 1)
  let state = serviceUntil('2025-01-01')
  const ends: (string | null)[] = []
  for (let count = 0; count < 5; count++) {
    ends.push(untilAfter(ethio, state, topUp('2025-01-01', 5000n)))
    state = extend(ethio, state, topUp('2025-01-01', 5000n)).state
  }
  expect(ends).toEqual(['2025-01-31', '2025-03-02', '2025-04-01', '2025-05-01', '2025-05-01'])
})

test.each([
  [499n, null],
  [500n, '2025-04-01'],
  [999n, '2025-04-01'],
  [1000n, '2025-05-01'],
  [1999n, '2025-05-01'],
  [2000n, '2025-06-30'],
  [4999n, '2025-06-30'],
  [5000n, '2026-01-01'],
])('LIME: a balance of %s after the top-up gives %s', (balance, until) => {
  const lime = presetOf('lime-ky', 1)
  const line: PolicyState = { ...preActive, standing: 'in-service' }
  expect(untilAfter(lime, line, topUp('2025-01-01', balance < 500n ? balance : 500n, balance))).toBe(until)
})
