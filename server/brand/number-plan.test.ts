import { expect, test } from 'vitest'
import { brandPresets, maskNumber, readBrand, readNumber } from './index.ts'

const [laika, harbour] = brandPresets.map(({ key, facts }) => readBrand(key, facts))

test.each([
  [laika, '154 0000 1234', '8615400001234'],
  [laika, '+86 154-0000-1234', '8615400001234'],
  [laika, '008615400001234', '8615400001234'],
  [laika, '１５４００００１２３４', '8615400001234'],
  [harbour, '07700 900123', '447700900123'],
  [harbour, '+44 (7700) 900 123', '447700900123'],
  [harbour, '447700900123', '447700900123'],
])('%# a number as typed becomes E.164', (brand, typed, msisdn) => {
  expect(readNumber(brand as never, typed)).toEqual({ msisdn })
})

test.each([
  [laika, '1540000123', 'not-in-plan'],
  [laika, '154000', 'number-invalid'],
  [laika, '13800138000', 'not-in-plan'],
  [laika, '+447700900123', 'not-in-plan'],
  [harbour, '15400001234', 'not-in-plan'],
  [harbour, '7700 900123', 'not-in-plan'],
  [harbour, 'abc', 'number-invalid'],
])('%# what is no number of the brand says why', (brand, typed, problem) => {
  expect(readNumber(brand as never, typed)).toEqual({ problem })
})

test('a masked number shows three digits before and four after', () => {
  expect(maskNumber(laika as never, '8615400001234')).toBe('154****1234')
  expect(maskNumber(harbour as never, '447700900123')).toBe('077****0123')
})
