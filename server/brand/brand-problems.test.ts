import { expect, test } from 'vitest'
import { brandPresets, brandProblems, factChanges } from './index.ts'

const laika = brandPresets[0]?.facts as Record<string, unknown>
const other = (changes: Record<string, unknown>) => ({ ...laika, ...changes })

test('the brands that ship have no problem', () => {
  for (const { key, facts } of brandPresets) expect(brandProblems(key, facts)).toEqual([])
})

test.each([
  ['a reserved key', 'platform', laika, '/key: "platform" is a reserved word'],
  ['no key', undefined, laika, '/key: is missing'],
  ['a currency of no country', 'acme', other({ currency: 'CNX' }), '/currency: CNX is no currency'],
  ['a zone of no place', 'acme', other({ zone: 'Asia/Beijing2' }), '/zone: Asia/Beijing2 is no zone'],
  [
    'an accent too light for white text',
    'acme',
    other({ accent: '#ffee00' }),
    '/accent: white text on #ffee00',
  ],
  ['an accent that is no colour', 'acme', other({ accent: 'green' }), '/accent: is a colour such as'],
  ['an example that is not in the plan', 'acme', other({ numberExample: '13800138000' }), '/numberExample:'],
  [
    'a pattern that is none',
    'acme',
    other({ numberPlan: [{ countryCode: '86', trunkPrefix: '', pattern: '154(' }] }),
    '/numberPlan/0/pattern: is no regular expression',
  ],
  [
    'limits that fall',
    'acme',
    other({ limits: { ...(laika.limits as object), perLineDayMinor: '1' } }),
    '/limits/perLineDayMinor: is below perOrderMinor',
  ],
  ['a field that is not known', 'acme', other({ colour: 'red' }), '/colour: is not known here'],
])('%s is named', (_, key, facts, problem) => {
  expect(brandProblems(key, facts)).toEqual([expect.stringContaining(problem)])
})

test('all problems are named at once', () => {
  expect(brandProblems('x', other({ zone: 'nowhere', accent: '#ffffff' }))).toHaveLength(3)
})

test('the order of fields is no difference; what money and lines were made by may not change', () => {
  const turned = Object.fromEntries(Object.entries(laika).reverse())
  expect(factChanges(laika, turned)).toEqual([])
  const plan = laika.numberPlan as readonly unknown[]
  const block = { countryCode: '86', trunkPrefix: '', pattern: '155\\d{8}' }
  const may = (facts: unknown) => factChanges(laika, facts).map(({ path, mayChange }) => [path, mayChange])
  expect(may(other({ accent: '#0b6e50' }))).toEqual([['/accent', true]])
  expect(may(other({ currency: 'HKD' }))).toEqual([['/currency', false]])
  expect(may(other({ policy: { preset: 'china-keep', version: 2 } }))).toEqual([['/policy/version', false]])
  expect(may(other({ numberPlan: [...plan, block] }))).toEqual([['/numberPlan', true]])
  expect(may(other({ numberPlan: [block] }))).toEqual([['/numberPlan', false]])
})
