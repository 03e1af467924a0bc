import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { chinaTime, parseChinaTime } from './china-time.ts'
import { formatYuan, parseYuan } from './yuan.ts'

describe('amounts on Alipay’s wire', () => {
  test('every amount Alipay takes survives the way there and back', () => {
    fc.assert(
      fc.property(fc.bigInt(1n, 10_000_000_000n), (amountMinor) => {
        expect(parseYuan(formatYuan(amountMinor))).toBe(amountMinor <= 99_999_999_999n ? amountMinor : null)
        expect(formatYuan(amountMinor)).toMatch(/^\d+\.\d\d$/)
      }),
    )
  })

  test.each([
    ['49.80', 4980n],
    ['49.8', 4980n],
    ['49', 4900n],
    ['0.01', 1n],
    ['100000000.00', 10_000_000_000n],
  ])('%s is read', (text, amountMinor) => expect(parseYuan(text)).toBe(amountMinor))

  test.each([
    '1.00 ',
    ' 1.00',
    '1e2',
    '1e20',
    '100000000000000000000',
    '-1',
    '+1',
    '0',
    '0.00',
    '1.000',
    '1,00',
    '01.00',
    '.5',
    '1.',
    '',
    '１.00',
    '0x10',
    'NaN',
    '1\n',
    1,
    null,
    undefined,
  ])('%j is no amount', (text) => expect(parseYuan(text)).toBeNull())
})

describe('times on Alipay’s wire', () => {
  test('every second survives the way there and back', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4_000_000_000 }), (second) => {
        expect(parseChinaTime(chinaTime(second * 1_000))).toBe(second * 1_000)
      }),
    )
  })

  test('is GMT+8 whatever the machine’s zone', () => {
    expect(chinaTime(Date.UTC(2026, 10, 22, 16, 0, 5, 999))).toBe('2026-11-23 00:00:05')
    expect(parseChinaTime('2026-11-22 14:00:05.000')).toBe(Date.UTC(2026, 10, 22, 6, 0, 5))
  })

  test.each(['2026-02-31 00:00:00', '2026-13-01 00:00:00', '2026-11-22', '2026-11-22 24:00:00', 7, ''])(
    '%j is no time',
    (text) => expect(parseChinaTime(text)).toBeNull(),
  )
})
