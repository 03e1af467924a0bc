import { describe, expect, it } from 'vitest'
import { brandPresets, readBrand } from '../brand/index.ts'
import { Refusal } from '../platform/error.ts'
import laika from './presets/laika.json' with { type: 'json' }
import { priceTablePresets } from './presets.ts'
import { readPriceTable } from './read-price-table.ts'

function problemsOf(json: unknown): readonly string[] {
  try {
    readPriceTable(json)
  } catch (error) {
    if (error instanceof Refusal && error.entry.code === 'price-table-invalid')
      return error.members.problems as string[]
    throw error
  }
  return []
}

/** The laika preset with one thing changed. */
function changed(change: (table: typeof laika & Record<string, unknown>) => unknown): unknown {
  const table = structuredClone(laika)
  change(table)
  return table
}

describe.each(brandPresets)('the preset of $key', ({ key, facts }) => {
  const brand = readBrand(key, facts)
  const table = readPriceTable(priceTablePresets[key])

  it('is in the currency of its brand and begins before any demo data', () => {
    expect(table.currency).toBe(brand.currency)
    expect(table.validFrom).toBe(Date.UTC(2025, 0, 1) / 86_400_000)
  })

  it('has packages of every term, denominations and a free amount', () => {
    const terms = table.offers.filter((offer) => offer.kind === 'package').map((offer) => offer.term)
    expect(new Set(terms)).toEqual(new Set(['month', 'quarter', 'year']))
    expect(table.offers.filter((offer) => offer.kind === 'denomination').length).toBeGreaterThanOrEqual(5)
    expect(table.offers.filter((offer) => offer.kind === 'free-amount')).toHaveLength(1)
  })

  it('asks for nothing above the limit of one order', () => {
    for (const offer of table.offers) {
      const most = offer.kind === 'free-amount' ? offer.maxMinor : offer.priceMinor
      expect(most, offer.name.en).toBeLessThanOrEqual(brand.limits.perOrderMinor)
    }
  })

  it('names every offer in its language', () => {
    for (const { name } of table.offers) {
      expect(name['zh-CN']).toMatch(/\p{Script=Han}/u)
      expect(name.en).toMatch(/^[\p{Script=Latin}\p{Nd}£ -]+$/u)
    }
  })
})

it('reads amounts, validity and the days of a sale', () => {
  const table = readPriceTable({
    currency: 'CNY',
    validFrom: '2026-11-22',
    packages: [
      {
        name: { 'zh-CN': '保号季包', en: 'Quarterly' },
        term: 'quarter',
        listPriceMinor: '2400',
        priceMinor: '2300',
        allowances: { voiceSeconds: 5400, sms: 90, dataBytes: '314572800' },
        roaming: true,
        validity: { months: 3, days: 2 },
        recommended: true,
        onSaleUntil: '2026-12-01',
      },
    ],
    denominations: [],
  })
  expect(table).toEqual({
    currency: 'CNY',
    validFrom: 20_779,
    offers: [
      {
        kind: 'package',
        name: { 'zh-CN': '保号季包', en: 'Quarterly' },
        term: 'quarter',
        priceMinor: 2300n,
        faceMinor: 0n,
        bonusMinor: 0n,
        discountMinor: 100n,
        allowances: { voiceSeconds: 5400, sms: 90, dataBytes: 314_572_800n },
        roaming: true,
        validityMonths: 3,
        validityDays: 2,
        recommended: true,
        onSaleUntil: 20_788,
      },
    ],
  })
})

describe('a price table that is wrong', () => {
  const first = <T>(list: readonly T[]) => list[0] as T

  it.each<[string, unknown, string]>([
    ['no object', 'a table', ': must be object'],
    [
      'a missing field',
      changed((t) => Reflect.deleteProperty(t, 'validFrom')),
      ': must have required properties validFrom',
    ],
    ['an unknown field', changed((t) => Object.assign(t, { colour: 'red' })), '/colour: is not known here'],
    [
      'a day that does not exist',
      changed((t) => (t.validFrom = '2025-02-30')),
      '/validFrom: must match format "date"',
    ],
    [
      'an amount as a number',
      changed((t) => Object.assign(first(t.denominations), { priceMinor: 3000 })),
      '/denominations/0/priceMinor: must be string',
    ],
    [
      'an amount with a fraction',
      changed((t) => (first(t.denominations).priceMinor = '30.00')),
      '/denominations/0/priceMinor: must match pattern',
    ],
    [
      'a price of nothing',
      changed((t) => (first(t.denominations).priceMinor = '0')),
      '/denominations/0/priceMinor: must match pattern',
    ],
    [
      'a negative bonus',
      changed((t) => (first(t.denominations).bonusMinor = '-1')),
      '/denominations/0/bonusMinor: must match pattern',
    ],
    [
      'a term unheard of',
      changed((t) => (first(t.packages).term = 'week')),
      '/packages/0/term: must be equal to one of the allowed values',
    ],
    [
      'half a second of voice',
      changed((t) => (first(t.packages).allowances.voiceSeconds = 0.5)),
      '/packages/0/allowances/voiceSeconds: must be integer',
    ],
    [
      'a price above the face',
      changed((t) => (first(t.denominations).priceMinor = '3001')),
      '/denominations/0/priceMinor: is above what it is a price of',
    ],
    [
      'a price above the list price',
      changed((t) => (first(t.packages).priceMinor = '801')),
      '/packages/0/priceMinor: is above what it is a price of',
    ],
    [
      'one face twice',
      changed((t) => t.denominations.push(first(t.denominations))),
      '/denominations/6/faceMinor: is the face of /denominations/0 too',
    ],
    [
      'a package of no time',
      changed((t) => (first(t.packages).validity.months = 0)),
      '/packages/0/validity: is no time at all',
    ],
    [
      'a sale over before it begins',
      changed((t) => Object.assign(first(t.packages), { onSaleUntil: '2025-01-01' })),
      '/packages/0/onSaleUntil: is not after the day the table begins',
    ],
    [
      'a maximum below the minimum',
      changed((t) => (t.freeAmount.maxMinor = '900')),
      '/freeAmount/maxMinor: is below the minimum',
    ],
    [
      'a maximum off the steps',
      changed((t) => (t.freeAmount.stepMinor = '300')),
      '/freeAmount/maxMinor: is not on a step',
    ],
    [
      'nothing to sell',
      { currency: 'CNY', validFrom: '2025-01-01', packages: [], denominations: [] },
      ': offers nothing',
    ],
  ])('%s is named', (_, json, problem) => {
    const problems = problemsOf(json)
    expect(problems).toHaveLength(1)
    expect(problems[0]).toContain(problem)
    expect(problems[0]?.indexOf(problem)).toBe(0)
  })

  it('is told everything at once', () => {
    const json = changed((t) => {
      first(t.denominations).priceMinor = '3001'
      first(t.packages).validity.months = 0
      t.freeAmount.stepMinor = '300'
    })
    expect(problemsOf(json)).toHaveLength(3)
  })
})
