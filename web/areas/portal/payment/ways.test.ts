import { describe, expect, test } from 'vitest'
import type { PaymentWays } from '../../../../contract/payment.ts'
import { railsElsewhere, waysHere } from './ways.ts'

const all: PaymentWays['ways'] = (['alipay', 'wechat', 'card', 'unionpay'] as const).map((provider) => ({
  provider,
  currency: 'CNY',
  off: null,
}))
type Args = Parameters<typeof waysHere>
const ids = (ways: Args[0], kind: Args[1], last: Args[2]) =>
  waysHere(ways, kind, last, 'CNY').map(({ key }) => key)

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
    expect(waysHere([{ provider: 'alipay', currency: 'CNY', off }], 'phone', null, 'CNY')).toEqual([
      { key: 'alipay-wap', id: 'alipay-wap', provider: 'alipay', scene: 'wap', currency: null, off },
    ])
  })

  test('of another currency than the order’s stand apart, and none of them is paid by a script', () => {
    const yuan = all.map((way) => ({ ...way, inApp: true as const }))
    const both = [{ ...(yuan[0] as (typeof yuan)[0]), currency: 'GBP' }, ...yuan]
    const keys = (kind: Args[1]) => waysHere(both, kind, null, 'GBP').map(({ key }) => key)
    expect(keys('phone')).toEqual([
      ...['alipay-wap', 'alipay-wap/CNY', 'wechat-wap/CNY', 'card-page/CNY', 'unionpay-wap/CNY'],
    ])
    expect(keys('inside-wechat')).toEqual(['card-page/CNY', 'unionpay-wap/CNY'])
  })

  test('are told of, inside another wallet’s app, where they only open elsewhere', () => {
    expect(railsElsewhere(all, 'inside-wechat', 'CNY')).toEqual(['alipay', 'wechat'])
    expect(railsElsewhere(all, 'inside-alipay', 'CNY')).toEqual(['wechat'])
    expect(railsElsewhere(all, 'phone', 'CNY')).toEqual([])
    expect(railsElsewhere(all, 'desktop', 'CNY')).toEqual([])
  })
})
