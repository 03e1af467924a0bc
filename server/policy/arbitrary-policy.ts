import fc from 'fast-check'
import type { Length } from './day.ts'
import { loadPolicy } from './load-policy.ts'
import { type Policy, type PolicyEvent, type PolicyState, preActive } from './policy.ts'
import { policyProblems } from './policy-problems.ts'
import type { ExtensionJson, PolicyJson, StepJson } from './policy-schema.ts'
import { presets } from './presets.ts'
import type { Clock } from './validity.ts'

/** Policies nobody has written yet, lines on them and their lives: what the property tests draw from. */

const day = fc.integer({ min: 19_700, max: 21_500 })
const length: fc.Arbitrary<Length> = fc
  .record({ months: fc.integer({ min: 0, max: 14 }), days: fc.integer({ min: 0, max: 200 }) })
  .filter(({ months, days }) => months + days > 0)
const amountMinor = fc.bigInt({ min: 1n, max: 12_000n })

const tiers = fc
  .array(fc.record({ more: fc.integer({ min: 1, max: 4000 }), longer: length }), {
    minLength: 1,
    maxLength: 4,
  })
  .map((rows) => {
    let amount = 0
    const sum = { months: 0, days: 0 }
    return rows.map(({ more, longer }) => {
      amount += more
      sum.months += longer.months
      sum.days += longer.days
      return { atLeastMinor: String(amount), length: { ...sum } }
    })
  })

type Clocks = ExtensionJson['clock']

function purchaseRules(clock: Clocks): fc.Arbitrary<ExtensionJson[]> {
  const cap = fc.option(length, { nil: undefined })
  return fc
    .record({
      from: fc.constantFrom('now' as const, 'end' as const, 'later' as const),
      cap,
      tiers,
      flat: length,
    })
    .chain(({ from, cap, tiers, flat }) => {
      const basis = { clock, from, ...(cap === undefined ? {} : { cap }) }
      const byOffer: ExtensionJson = { ...basis, on: ['top-up', 'package'], by: 'offer' }
      const byAmount: ExtensionJson = { ...basis, on: ['top-up'], by: 'amount', tiers }
      const byFlat: ExtensionJson = { ...basis, on: ['top-up'], by: 'flat', length: flat }
      const byBalance: ExtensionJson = { ...basis, from: 'now', on: ['top-up'], by: 'balance-after', tiers }
      return fc.constantFrom(
        [byOffer, byAmount, byFlat],
        [byOffer, byFlat],
        [byFlat],
        [byBalance],
        [byAmount],
      )
    })
}

function ruleForUse(clock: Clocks): fc.Arbitrary<ExtensionJson[]> {
  const trigger = fc.constantFrom('use' as const, 'chargeable-use' as const, 'log-in' as const)
  return fc
    .option(fc.record({ trigger, length }), { nil: null })
    .map((use) =>
      use === null ? [] : [{ clock, on: [use.trigger], from: 'now', by: 'flat', length: use.length }],
    )
}

const stages = ['outbound-barred', 'fully-barred', 'quarantined', 'ceased'] as const

function ladder(numberClock: boolean): fc.Arbitrary<StepJson[]> {
  return fc
    .record({
      chosen: fc.subarray([...stages], { minLength: numberClock ? 2 : 0 }),
      lasts: fc.array(length, { minLength: 4, maxLength: 4 }),
      balances: fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 4, maxLength: 4 }),
      atNumberClock: fc.nat(),
    })
    .map(({ chosen, lasts, balances, atNumberClock }) => {
      const harsher = [...balances].sort()
      return chosen.map((stage, index): StepJson => {
        const own =
          numberClock && index === atNumberClock % (chosen.length - 1) ? 'number-clock' : lasts[index]
        return {
          stage,
          ...(index === chosen.length - 1 || own === undefined ? {} : { lasts: own }),
          notice: true,
          topUp:
            stage === 'ceased' ? 'refused' : stage === 'quarantined' ? 'restores-number' : 'restores-service',
          leastTopUpMinor: '4000',
          balance:
            (['kept', 'frozen', 'forfeited-by-top-up', 'forfeited'] as const)[harsher[index] ?? 0] ?? 'kept',
        }
      })
    })
}

const invented: fc.Arbitrary<Policy> = fc
  .record({ numberClock: fc.boolean(), creditClock: fc.boolean(), exclusive: fc.boolean() })
  .chain(({ numberClock, creditClock, exclusive }) =>
    fc.record({
      service: purchaseRules('service'),
      use: ruleForUse('service'),
      number: numberClock ? purchaseRules('number') : fc.constant([]),
      numberUse: numberClock ? ruleForUse('number') : fc.constant([]),
      credit: creditClock ? purchaseRules('credit') : fc.constant([]),
      creditEnd: creditClock
        ? fc.constantFrom('frozen' as const, 'forfeited' as const)
        : fc.constant('kept' as const),
      ladder: ladder(numberClock),
      dayCounting: fc.constant(exclusive ? ('exclusive' as const) : ('inclusive' as const)),
    }),
  )
  .map(
    (parts): PolicyJson => ({
      id: 'invented',
      version: 1,
      source: 'drawn at random',
      currency: 'XXX',
      dayCounting: parts.dayCounting,
      changeHour: 0,
      leastTopUpMinor: '1',
      activatedBy: ['activation', 'top-up', 'package'],
      extensions: [...parts.service, ...parts.use, ...parts.number, ...parts.numberUse, ...parts.credit],
      leadingClock: 'service',
      ladder: parts.ladder,
      creditEnd: parts.creditEnd,
      retentionFeeMinor: null,
      reissue: { leastDays: 0, mostDays: null },
    }),
  )
  .filter((json) => policyProblems(json).length === 0)
  .map(loadPolicy)

export const anyPolicy: fc.Arbitrary<Policy> = fc.oneof(fc.constantFrom(...presets), invented)

const anyClock: fc.Arbitrary<Clock> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ anchor: day, months: fc.nat(14), days: fc.nat(400) }) },
  { weight: 1, arbitrary: fc.constant('unlimited' as const) },
  { weight: 1, arbitrary: fc.constant(null) },
)

/** A line in service wherever its clocks stand, or one that no clock has started for. */
export const anyState: fc.Arbitrary<PolicyState> = fc.oneof(
  {
    weight: 9,
    arbitrary: fc.record({
      standing: fc.constant('in-service' as const),
      ceasedOn: fc.constant(null),
      service: anyClock,
      credit: anyClock,
      number: anyClock,
    }),
  },
  { weight: 1, arbitrary: fc.constant(preActive) },
)

const offered = fc.option(length, { nil: null })

export function topUpOn(on: number): fc.Arbitrary<PolicyEvent & { kind: 'top-up' }> {
  return fc.record({
    kind: fc.constant('top-up' as const),
    on: fc.constant(on),
    amountMinor,
    balanceAfterMinor: fc.bigInt({ min: 0n, max: 20_000n }),
    length: offered,
  })
}

export function eventOn(on: number): fc.Arbitrary<PolicyEvent> {
  const plain = fc.constantFrom(
    'chargeable-use' as const,
    'outgoing-use' as const,
    'incoming-use' as const,
    'log-in' as const,
    'confirmation' as const,
    'retention-fee' as const,
    'activation' as const,
  )
  return fc.oneof(
    { weight: 4, arbitrary: topUpOn(on) },
    { weight: 2, arbitrary: length.map((length) => ({ kind: 'package' as const, on, length })) },
    { weight: 3, arbitrary: plain.map((kind) => ({ kind, on })) },
    { weight: 1, arbitrary: fc.constant({ kind: 'ported-out' as const, on }) },
    { weight: 1, arbitrary: fc.constant({ kind: 'ceased' as const, on }) },
  )
}

export const anyDay = day

/** Events in the order they happen, days to months apart. */
export const anyLife: fc.Arbitrary<PolicyEvent[]> = fc
  .record({ begins: day, gaps: fc.array(fc.oneof(fc.nat(2), fc.nat(60), fc.nat(300)), { maxLength: 12 }) })
  .chain(({ begins, gaps }) => {
    let on = begins
    const days = gaps.map((gap) => (on += gap))
    return fc.tuple(...days.map(eventOn))
  })
