import { describe, expect, test } from 'vitest'
import { formatDay, parseDay } from './day.ts'
import { type Policy, type PolicyEvent, type PolicyState, preActive } from './policy.ts'
import { presets } from './presets.ts'
import { regulators } from './regulators.ts'
import { earliestReissue } from './reissue.ts'
import golden from './retention-golden.json' with { type: 'json' }
import { simulate } from './simulate.ts'
import { clockUntil, stageAt } from './stage.ts'
import { type ClockName, validUntil } from './validity.ts'

interface GoldenEvent {
  on: string
  kind: string
  amount?: string
  currency?: string
  days?: number
}

interface GoldenExpectation {
  on?: string
  stage?: string
  notice?: boolean
  fee?: string
  clock?: string
  until?: string
  balance?: string
  earliestReissue?: string
}

interface GoldenCase {
  preset: string
  balanceBefore?: string
  serviceUntil?: string
  lots?: { amount: string; expired: string }[]
  events: GoldenEvent[]
  expect: GoldenExpectation[]
}

const cases: readonly GoldenCase[] = golden.cases
const horizon = parseDay('2027-12-31')

/** All currencies of the golden cases have two decimals. */
function toMinor(decimal: string): bigint {
  const [whole, fraction] = decimal.split('.')
  return BigInt(`${whole}${fraction}`)
}

function toEvent(policy: Policy, event: GoldenEvent): PolicyEvent {
  const on = parseDay(event.on)
  const length = event.days === undefined ? null : { months: 0, days: event.days }
  switch (event.kind) {
    case 'top-up':
      expect(event.currency).toBe(policy.currency)
      return { kind: 'top-up', on, amountMinor: toMinor(event.amount ?? ''), balanceAfterMinor: 0n, length }
    case 'renewal':
    case 'accumulated':
      return { kind: 'package', on, length: length ?? { months: 0, days: 0 } }
    case 'outgoing-use':
      return { kind: 'chargeable-use', on }
    case 'incoming-sms':
      return { kind: 'incoming-use', on }
    default:
      throw new Error(`no such event: ${event.kind}`)
  }
}

function startOf(golden: GoldenCase): { on: number; state: PolicyState; balanceMinor: bigint } {
  const lots = golden.lots ?? []
  const lastEnd = lots.map((lot) => parseDay(lot.expired)).sort((a, b) => b - a)[0]
  const state: PolicyState = {
    ...preActive,
    standing: 'in-service',
    service: golden.serviceUntil === undefined ? null : validUntil(parseDay(golden.serviceUntil)),
    credit: lastEnd === undefined ? null : validUntil(lastEnd),
  }
  const inLots = lots.reduce((sum, lot) => sum + toMinor(lot.amount), 0n)
  return {
    on: parseDay('2025-01-01'),
    state,
    balanceMinor: inLots + toMinor(golden.balanceBefore ?? '0.00'),
  }
}

function check(policy: Policy, golden: GoldenCase, expected: GoldenExpectation): void {
  const events = golden.events.map((event) => toEvent(policy, event))
  const start = startOf(golden)
  const end = simulate(policy, start, events, horizon)
  const on = expected.on === undefined ? horizon : parseDay(expected.on)
  const then = simulate(policy, start, events, on)
  if (expected.stage !== undefined) {
    expect(stageAt(policy, then.state, on)).toBe(expected.stage)
    // The change falls on the named day itself, not merely before it.
    const changes = end.happenings
      .filter((h) => h.kind === 'stage' && h.on === on)
      .map((h) => h.kind === 'stage' && h.to)
    if (expected.stage !== 'active') expect(changes).toEqual([expected.stage])
  }
  if (expected.notice) expect(end.happenings).toContainEqual({ on, kind: 'notice', stage: expected.stage })
  if (expected.fee !== undefined) {
    expect(end.happenings).toContainEqual({ on, kind: 'retention-fee', amountMinor: toMinor(expected.fee) })
    const fees = end.happenings.filter((h) => h.kind === 'retention-fee')
    expect(fees).toHaveLength(golden.expect.filter((e) => e.fee !== undefined).length)
  }
  if (expected.clock !== undefined && expected.until !== undefined) {
    const until = clockUntil(policy, end.state, expected.clock as ClockName)
    expect(until === null ? null : formatDay(until)).toBe(expected.until)
  }
  if (expected.balance !== undefined) expect(then.balanceMinor).toBe(toMinor(expected.balance))
}

describe('golden cases', () => {
  test.each(cases.map((golden, index) => ({ name: `${index + 1} ${golden.preset}`, golden })))(
    '$name',
    ({ golden }) => {
      const regulator = regulators.find(({ id }) => id === golden.preset)
      if (regulator) {
        const [event] = golden.events
        const rule = regulator.reissue
        if (!rule || !event) throw new Error('a reissue rule and a disconnection are needed')
        expect(formatDay(earliestReissue(rule, parseDay(event.on)))).toBe(golden.expect[0]?.earliestReissue)
        return
      }
      const policy = presets.find(({ id }) => id === golden.preset)
      if (!policy) throw new Error(`no preset ${golden.preset}`)
      for (const expected of golden.expect) check(policy, golden, expected)
    },
  )
})
