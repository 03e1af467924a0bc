import { describe, expect, test } from 'vitest'
import { parseDay } from './day.ts'
import { disclosure } from './disclosure.ts'
import { extend } from './extend.ts'
import { type PolicyEvent, type PolicyState, preActive } from './policy.ts'
import { presetOf } from './presets.ts'
import { validUntil } from './validity.ts'

const day = parseDay

function disclosed(preset: string, state: PolicyState, event: PolicyEvent) {
  const policy = presetOf(preset, 1)
  return disclosure(policy, extend(policy, state, event), event)
}

describe('what is told at sale', () => {
  const line: PolicyState = { ...preActive, standing: 'in-service', service: validUntil(day('2025-06-01')) }
  const event: PolicyEvent = {
    kind: 'top-up',
    on: day('2025-05-20'),
    amountMinor: 3000n,
    balanceAfterMinor: 3000n,
    length: null,
  }

  test('is the date before and after, every clock, and each stage that would follow', () => {
    const told = disclosed('china-keep', line, event)
    expect(told).toMatchObject({
      policyId: 'china-keep',
      policyVersion: 1,
      on: day('2025-05-20'),
      addedDays: 90,
      stageBefore: 'active',
      accepted: true,
      oldBalance: 'kept',
      leading: {
        clock: 'service',
        until: day('2025-08-30'),
        lastSafeDay: day('2025-08-29'),
        before: { until: day('2025-06-01'), lastSafeDay: day('2025-05-31') },
      },
    })
    expect(told.clocks).toEqual([
      { clock: 'service', until: day('2025-08-30'), lastSafeDay: day('2025-08-29') },
      { clock: 'number', until: day('2026-02-26'), lastSafeDay: day('2026-02-25') },
    ])
    expect(
      told.ladder.map(({ stage, begins, lastDay, topUp, balance }) => [
        stage,
        begins,
        lastDay,
        topUp,
        balance,
      ]),
    ).toEqual([
      ['outbound-barred', day('2025-08-30'), day('2025-09-28'), 'restores-service', 'kept'],
      ['fully-barred', day('2025-09-29'), day('2025-11-27'), 'restores-service', 'kept'],
      ['quarantined', day('2025-11-28'), day('2026-02-25'), 'restores-number', 'frozen'],
      ['ceased', day('2026-02-26'), null, 'refused', 'frozen'],
    ])
  })

  test('names the price of taking a number back and the fee that would keep it', () => {
    const told = disclosed('trai-in', line, { ...event, on: day('2025-06-10') })
    expect(told).toMatchObject({
      stageBefore: 'quarantined',
      oldBalance: 'thawed',
      reclaimFeeMinor: 2000n,
      retentionFeeMinor: 2000n,
    })
  })

  test('of a line without end has no dates and no ladder', () => {
    const told = disclosed('china-keep', { ...line, service: 'unlimited' }, event)
    expect(told.leading).toMatchObject({ until: null, lastSafeDay: null })
    expect(told.addedDays).toBeNull()
    expect(told.clocks).toEqual([{ clock: 'service', until: null, lastSafeDay: null }])
    expect(told.ladder).toEqual([])
  })

  test('of a refused top-up says so and moves nothing', () => {
    const told = disclosed('china-keep', line, { ...event, on: day('2025-12-01') })
    expect(told).toMatchObject({ accepted: false, stageBefore: 'ceased', addedDays: 0 })
  })
})
