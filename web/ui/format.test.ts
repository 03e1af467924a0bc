import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  formatCountdown,
  formatDateTime,
  formatMoney,
  formatTime,
  moneyParts,
  moneyPhrase,
  readMoney,
} from './format.ts'

const cny = (amountMinor: string) => ({ amountMinor, currency: 'CNY' })
const gbp = (amountMinor: string) => ({ amountMinor, currency: 'GBP' })

describe('money', () => {
  it('leads with the symbol only where readers take it for that one currency', () => {
    expect(formatMoney(cny('4980'), 'zh-CN')).toBe('¥49.80')
    expect(formatMoney(cny('4980'), 'en')).toBe('CNY\u00a049.80')
    expect(formatMoney(gbp('1000'), 'en')).toBe('£10.00')
    expect(formatMoney(gbp('1000'), 'zh-CN')).toBe('£10.00')
    expect(formatMoney({ amountMinor: '500', currency: 'USD' }, 'zh-CN')).toBe('USD\u00a05.00')
  })

  it('keeps every digit of large amounts, small ones and currencies without minor units', () => {
    expect(formatMoney(cny('99999999999999999'), 'zh-CN')).toBe('¥999,999,999,999,999.99')
    expect(formatMoney(cny('5'), 'zh-CN')).toBe('¥0.05')
    expect(formatMoney(cny('0'), 'zh-CN')).toBe('¥0.00')
    expect(formatMoney(cny('123456'), 'zh-CN')).toBe('¥1,234.56')
    expect(formatMoney({ amountMinor: '1500', currency: 'JPY' }, 'en')).toBe('JPY\u00a01,500')
    expect(formatMoney(cny('-20'), 'zh-CN')).toBe('\u2212¥0.20')
  })

  it('reads as people say it inside sentences', () => {
    expect(moneyPhrase(cny('5000'), 'zh-CN')).toBe('50\u00a0元')
    expect(moneyPhrase(cny('4980'), 'zh-CN')).toBe('49.80\u00a0元')
    expect(moneyPhrase(cny('5000'), 'en')).toBe('CNY\u00a050')
    expect(moneyPhrase(gbp('1000'), 'zh-CN')).toBe('10\u00a0英镑')
    expect(moneyPhrase(gbp('1050'), 'en')).toBe('£10.50')
  })

  it('loses nothing: the digits shown are the digits given', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 15n - 1n }), (amount) => {
        const { digits } = moneyParts(cny(amount.toString()), 'zh-CN')
        expect(BigInt(digits.replace(/[.,]/g, ''))).toBe(amount)
        expect(digits).toMatch(/^\d{1,3}(,\d{3})*\.\d\d$/)
      }),
    )
  })
})

describe('time', () => {
  const shanghai = { timeZone: 'Asia/Shanghai', viewerZone: 'Asia/Shanghai', language: 'zh-CN' } as const

  it('shows the brand\u2019s clock, and names its zone to viewers who read another', () => {
    expect(formatDateTime('2026-11-22T06:05:00Z', shanghai)).toBe('2026-11-22 14:05')
    expect(formatDateTime('2026-11-22T16:05:00Z', shanghai)).toBe('2026-11-23 00:05')
    expect(formatDateTime('2026-11-22T06:05:00Z', { ...shanghai, viewerZone: 'Europe/London' })).toBe(
      '2026-11-22 14:05（北京时间）',
    )
    expect(
      formatDateTime('2026-07-01T06:05:00Z', {
        timeZone: 'Europe/London',
        viewerZone: 'Asia/Shanghai',
        language: 'en',
      }),
    ).toBe('2026-07-01 07:05 (GMT+1)')
    expect(formatDateTime('2026-11-22T06:05:00Z', { ...shanghai, viewerZone: 'Asia/Singapore' })).toBe(
      '2026-11-22 14:05',
    )
  })

  it('gives seconds to steps that follow closely', () => {
    expect(formatTime('2026-11-22T06:05:09.120Z', shanghai)).toBe('14:05:09')
  })

  it('counts down to zero and stops', () => {
    expect(formatCountdown(1745)).toBe('29:05')
    expect(formatCountdown(0.2)).toBe('00:01')
    expect(formatCountdown(-3)).toBe('00:00')
  })
})

describe('a typed sum', () => {
  it.each([
    ['50', '5000'],
    [' 50.5 ', '5050'],
    ['0.05', '5'],
    ['50.', '5000'],
    ['¥1,000.00', '100000'],
    ['￥50', '5000'],
    ['５０元', '5000'],
    ['CNY 49.80', '4980'],
  ])('%s is read as %s', (text, amountMinor) => {
    expect(readMoney(text, 'CNY')).toEqual(cny(amountMinor))
  })

  it.each(['', '.', '.5', '1e2', '-5', '1.001', '1,5', '1,00', '五十', '50 5.0.0', '9'.repeat(13)])(
    '%s is none',
    (text) => {
      expect(readMoney(text, 'CNY')).toBeNull()
    },
  )

  it('has no minor digits where the currency has none', () => {
    expect(readMoney('1500', 'JPY')).toEqual({ amountMinor: '1500', currency: 'JPY' })
    expect(readMoney('1500.0', 'JPY')).toBeNull()
  })

  it('comes back from what a page shows, exactly', () => {
    fc.assert(
      fc.property(fc.bigInt(0n, 10n ** 14n - 1n), (minor) => {
        const money = cny(minor.toString())
        expect(readMoney(formatMoney(money, 'zh-CN'), 'CNY')).toEqual(money)
        expect(readMoney(formatMoney(money, 'en'), 'CNY')).toEqual(money)
      }),
    )
  })
})
