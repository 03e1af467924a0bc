import { describe, expect, test } from 'vitest'
import type { PaymentWays } from '../../../../contract/payment.ts'
import { waysHere } from './ways.ts'

const all: PaymentWays['ways'] = (['alipay', 'wechat', 'card', 'unionpay'] as const).map((provider) => ({
  provider,
  currency: 'CNY',
  off: null,
}))
const ids = (...args: Parameters<typeof waysHere>) => waysHere(...args).map(({ id }) => id)

describe('the rows of the cashier', () => {
  test('are those that work in this browser', () => {
    expect(ids(all, 'phone', null)).toEqual(['alipay-wap', 'wechat-wap', 'card-page', 'unionpay-wap'])
    expect(ids(all, 'desktop', null)).toEqual([
      ...['alipay-qr', 'alipay-page', 'wechat-qr', 'card-page', 'unionpay-page'],
    ])
    expect(ids(all, 'inside-wechat', null)).toEqual(['card-page', 'unionpay-wap'])
    const told = all.map((way) => (way.provider === 'wechat' ? { ...way, inApp: true as const } : way))
    expect(ids(told, 'inside-wechat', null)).toEqual(['wechat-jsapi', 'card-page', 'unionpay-wap'])
    expect(ids(told, 'phone', null)).toEqual(ids(all, 'phone', null))
    expect(ids(all, 'inside-alipay', null)).toEqual(['alipay-wap', 'card-page', 'unionpay-wap'])
  })

  test('begin with the rail used last, where it works here', () => {
    expect(ids(all, 'phone', 'unionpay')[0]).toBe('unionpay-wap')
    expect(ids(all, 'desktop', 'wechat').slice(0, 2)).toEqual(['wechat-qr', 'alipay-qr'])
    expect(ids(all, 'inside-wechat', 'alipay')).toEqual(['card-page', 'unionpay-wap'])
  })

  test('have the bank transfer everywhere, and last', () => {
    const withBank = [...all, { provider: 'bank', currency: 'CNY', off: null } as const]
    for (const kind of ['phone', 'desktop', 'inside-wechat', 'inside-alipay'] as const)
      expect(ids(withBank, kind, null).at(-1)).toBe('bank-page')
  })

  test('are of the brand’s rails alone, each with why it is off', () => {
    const off = { why: 'not-answering', notice: null } as const
    expect(waysHere([{ provider: 'alipay', currency: 'CNY', off }], 'phone', null)).toEqual([
      { id: 'alipay-wap', provider: 'alipay', scene: 'wap', off },
    ])
  })
})
