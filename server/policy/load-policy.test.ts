import { readdirSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { loadPolicy, PolicyRefused } from './load-policy.ts'
import { presetOf, presets } from './presets.ts'
import { regulators } from './regulators.ts'

type Json = Record<string, unknown>

const flat: Json = { clock: 'service', on: ['top-up'], from: 'later', by: 'flat', length: { days: 30 } }
const barred: Json = {
  stage: 'outbound-barred',
  lasts: { days: 30 },
  notice: true,
  topUp: 'restores-service',
  balance: 'kept',
}
const quarantined: Json = { ...barred, stage: 'quarantined', topUp: 'restores-number', balance: 'frozen' }
const ceased: Json = { stage: 'ceased', notice: true, topUp: 'refused', balance: 'frozen' }
const sound: Json = {
  id: 'sound',
  version: 1,
  source: 'a policy with nothing wrong',
  currency: 'CNY',
  dayCounting: 'inclusive',
  changeHour: 0,
  leastTopUpMinor: '100',
  activatedBy: ['activation'],
  extensions: [flat],
  leadingClock: 'service',
  ladder: [barred, quarantined, ceased],
  creditEnd: 'kept',
  retentionFeeMinor: null,
  reissue: { leastDays: 90, mostDays: null },
}

function problemsOf(json: unknown): readonly string[] {
  try {
    loadPolicy(json)
    return []
  } catch (error) {
    if (error instanceof PolicyRefused) return error.problems
    throw error
  }
}

const tier = (atLeastMinor: string, days: number): Json => ({ atLeastMinor, length: { days } })
const byAmount = (...tiers: Json[]): Json => ({
  clock: 'service',
  on: ['top-up'],
  from: 'now',
  by: 'amount',
  tiers,
})
const byBalance = (...tiers: Json[]): Json => ({ ...byAmount(...tiers), by: 'balance-after' })
const fee: Json = { ...flat, on: ['retention-fee'], from: 'end' }
const credit: Json = { ...flat, clock: 'credit' }
const number: Json = { ...flat, clock: 'number' }
const toNumber: Json = { ...barred, lasts: 'number-clock' }

/** Each change plants one thing wrong and names where it must be found. */
const planted: readonly [string, Json, string][] = [
  ['an unknown field', { colour: 'red' }, '/colour: unknown'],
  ['a number for an amount', { leastTopUpMinor: 100 }, '/leastTopUpMinor'],
  ['an amount with a point', { leastTopUpMinor: '1.00' }, '/leastTopUpMinor'],
  ['a stage of no such name', { ladder: [{ ...barred, stage: 'barred' }] }, '/ladder/0/stage'],
  ['a negative length', { extensions: [{ ...flat, length: { days: -1 } }] }, '/extensions/0/length'],
  ['a version of nothing', { version: 0 }, '/version'],
  ['a flat rule without length', { extensions: [{ ...flat, length: undefined }] }, '/extensions/0/length'],
  ['a length of nothing', { extensions: [{ ...flat, length: {} }] }, '/extensions/0/length'],
  ['tiers on a flat rule', { extensions: [{ ...flat, tiers: [tier('1', 1)] }] }, '/extensions/0/tiers'],
  ['an amount in a call', { extensions: [{ ...byAmount(tier('1', 1)), on: ['use'] }] }, '/extensions/0/on'],
  [
    'an offer in a call',
    { extensions: [{ ...flat, by: 'offer', length: undefined, on: ['use'] }] },
    '/extensions/0/on',
  ],
  [
    'tiers out of order',
    { extensions: [byAmount(tier('200', 30), tier('100', 60))] },
    '/extensions/0/tiers/1',
  ],
  [
    'a tier that gives less',
    { extensions: [byAmount(tier('100', 60), tier('200', 30))] },
    '/extensions/0/tiers/1',
  ],
  [
    'a month above thirty days',
    { extensions: [byAmount(tier('100', 30), { atLeastMinor: '200', length: { months: 1 } })] },
    '/extensions/0/tiers/1',
  ],
  [
    'a cap on unlimited',
    { extensions: [{ ...flat, length: 'unlimited', cap: { days: 1 } }] },
    '/extensions/0/cap',
  ],
  ['a cap of nothing', { extensions: [{ ...flat, cap: { months: 0 } }] }, '/extensions/0/cap'],
  [
    'purchases that count apart',
    { extensions: [flat, { ...flat, on: ['package'], from: 'now' }] },
    '/extensions: top-ups and packages move',
  ],
  [
    'purchases with two caps',
    { extensions: [flat, { ...flat, on: ['package'], cap: { days: 9 } }] },
    '/extensions: top-ups and packages move',
  ],
  [
    'balance tiers that add up',
    { extensions: [{ ...byBalance(tier('100', 30)), from: 'later' }] },
    '/extensions: tiers by balance on the service clock count from now',
  ],
  [
    'balance tiers beside others',
    { extensions: [byBalance(tier('100', 9)), { ...flat, from: 'now' }] },
    '/extensions: tiers by balance are the only rule',
  ],
  [
    'arrears that forfeit what pays them',
    {
      extensions: [{ ...flat, from: 'end' }],
      ladder: [
        { ...barred, balance: 'forfeited' },
        { ...ceased, balance: 'forfeited' },
      ],
    },
    '/extensions: counted from its end',
  ],
  ['stages out of order', { ladder: [quarantined, barred, ceased] }, '/ladder/1/stage'],
  ['a stage twice', { ladder: [barred, barred, ceased] }, '/ladder/1/stage'],
  [
    'money that comes back',
    {
      ladder: [
        { ...barred, balance: 'frozen' },
        { ...ceased, balance: 'kept' },
      ],
    },
    '/ladder/1/balance',
  ],
  ['a last step that ends', { ladder: [barred] }, '/ladder/0/lasts'],
  ['a step that does not end', { ladder: [{ ...barred, lasts: undefined }, ceased] }, '/ladder/0/lasts'],
  ['a step of no days', { ladder: [{ ...barred, lasts: { days: 0 } }, ceased] }, '/ladder/0/lasts'],
  ['top-ups after the end', { ladder: [{ ...ceased, topUp: 'restores-number' }] }, '/ladder/0/stage'],
  [
    'an active step that takes',
    { ladder: [{ ...barred, stage: 'active', balance: 'frozen' }, ceased] },
    '/ladder/0/stage',
  ],
  [
    'a reclaim fee on a bar',
    { ladder: [{ ...barred, reclaimFeeMinor: '5' }, ceased] },
    '/ladder/0/reclaimFeeMinor',
  ],
  [
    'a fee above the top-up',
    { ladder: [{ ...quarantined, reclaimFeeMinor: '500' }, ceased] },
    '/ladder/0/leastTopUpMinor',
  ],
  ['a promise not kept', { extensions: [byAmount(tier('500', 30))] }, '/ladder/0/topUp'],
  ['a leading clock at rest', { leadingClock: 'number' }, '/leadingClock: nothing moves'],
  ['an idle number clock', { extensions: [flat, number] }, '/ladder: a number clock is moved if and only if'],
  [
    'a number clock not moved',
    { ladder: [toNumber, ceased] },
    '/ladder: a number clock is moved if and only if',
  ],
  [
    'a step that ends when it starts',
    { extensions: [number], leadingClock: 'number', ladder: [toNumber, ceased] },
    '/ladder: no step can last',
  ],
  [
    'an idle service clock',
    { extensions: [flat, number], leadingClock: 'number' },
    '/leadingClock: a service clock that decides nothing',
  ],
  ['an idle credit clock', { extensions: [flat, credit] }, '/creditEnd'],
  ['a credit end without clock', { creditEnd: 'frozen' }, '/creditEnd'],
  [
    'credit that a top-up does not keep',
    {
      extensions: [flat, { ...byAmount(tier('500', 30)), clock: 'credit', from: 'later' }],
      creditEnd: 'frozen',
    },
    '/extensions: the least top-up does not move the credit clock',
  ],
  ['a fee that activates', { activatedBy: ['retention-fee'] }, '/activatedBy'],
  ['a fee that keeps nothing', { retentionFeeMinor: '2000' }, '/retentionFeeMinor'],
  ['a fee without amount', { extensions: [flat, fee] }, '/retentionFeeMinor'],
  [
    'a fee from now',
    { extensions: [flat, { ...fee, from: 'now' }], retentionFeeMinor: '1' },
    '/retentionFeeMinor',
  ],
  ['a fee of nothing', { extensions: [flat, fee], retentionFeeMinor: '0' }, '/retentionFeeMinor'],
  [
    'reissue bounds that cross',
    { reissue: { leastDays: 90, mostDays: { residential: 89, business: 365 } } },
    '/reissue',
  ],
]

describe('loadPolicy', () => {
  test('takes a policy with nothing wrong', () => {
    expect(problemsOf(sound)).toEqual([])
    expect(problemsOf({ ...sound, extensions: [flat, fee], retentionFeeMinor: '1' })).toEqual([])
    expect(problemsOf({ ...sound, extensions: [flat, number], ladder: [toNumber, ceased] })).toEqual([])
  })

  test.each(planted)('finds %s', (_, change, path) => {
    const problems = problemsOf(JSON.parse(JSON.stringify({ ...sound, ...change })))
    expect(problems.filter((problem) => problem.startsWith(path))).not.toEqual([])
  })

  test('names every problem at once', () => {
    const broken = {
      ...sound,
      ladder: [{ ...ceased, topUp: 'restores-number' }],
      creditEnd: 'frozen',
      retentionFeeMinor: '0',
    }
    expect(problemsOf(broken).map((problem) => problem.split(':')[0])).toEqual([
      '/ladder/0/stage',
      '/creditEnd',
      '/retentionFeeMinor',
      '/retentionFeeMinor',
    ])
    expect(problemsOf({ ...sound, version: 0, currency: 'yuan' })).toHaveLength(2)
  })

  test.each([null, 7, 'china-keep', []])('refuses %j', (json) => {
    expect(problemsOf(json)).not.toEqual([])
  })
})

describe('what is shipped', () => {
  test('is every preset in the folder, each once', () => {
    const files = readdirSync(new URL('./presets', import.meta.url)).map((file) => file.replace('.json', ''))
    expect(presets.map(({ id }) => id).sort()).toEqual(files.sort())
  })

  test('is every regulator in the folder, each once', () => {
    const files = readdirSync(new URL('./regulators', import.meta.url)).map((file) =>
      file.replace('.json', ''),
    )
    expect(regulators.map(({ id }) => id).sort()).toEqual(files.sort())
  })

  test('is found by id and version', () => {
    expect(presetOf('china-keep', 1).currency).toBe('CNY')
    expect(() => presetOf('china-keep', 2)).toThrow(RangeError)
    expect(() => presetOf('no-such', 1)).toThrow(RangeError)
  })
})
