import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type {
  DenominationOffer,
  FreeAmountOffer,
  OffersView,
  PackageOffer,
} from '../../../../contract/offer.ts'
import { readAmount } from './amount-entry.ts'
import { choiceOf, firstTab, offerKey, perDay, tabsOf } from './choice.ts'

const cny = (amountMinor: string) => ({ amountMinor, currency: 'CNY' })
const effect = (lastSafeDay: string, addedDays: number) => ({
  lastSafeDay,
  addedDays,
  validityText: { 'zh-CN': `至 ${lastSafeDay}`, en: `until ${lastSafeDay}` },
})

const quarter: PackageOffer = {
  kind: 'package',
  id: '01JD9Z3K6N8Q4W2V7X5Y0ABCD1',
  name: { 'zh-CN': '保号季包', en: 'Quarterly' },
  term: 'quarter',
  price: cny('2300'),
  listPrice: cny('2400'),
  allowances: { voiceSeconds: 5400, sms: 90, dataBytes: '314572800' },
  roaming: false,
  validityMonths: 3,
  validityDays: 0,
  recommended: true,
  effect: effect('2027-02-22', 92),
}
const month: PackageOffer = {
  ...quarter,
  id: '01JD9Z3K6N8Q4W2V7X5Y0ABCD2',
  term: 'month',
  recommended: false,
}
const fifty: DenominationOffer = {
  kind: 'denomination',
  id: '01JD9Z3K6N8Q4W2V7X5Y0ABCD3',
  face: cny('5000'),
  price: cny('4980'),
  bonus: cny('500'),
  recommended: false,
  effect: effect('2027-05-21', 180),
}
const free: FreeAmountOffer = {
  kind: 'free-amount',
  id: '01JD9Z3K6N8Q4W2V7X5Y0ABCD4',
  min: cny('1000'),
  max: cny('50000'),
  step: cny('300'),
  effects: [
    { from: cny('1000'), effect: effect('2026-12-22', 30) },
    { from: cny('5000'), effect: effect('2027-05-21', 180) },
  ],
}
const table: OffersView = {
  packages: [month, quarter],
  denominations: [fifty],
  freeAmount: free,
  priceTable: { version: '1', validFrom: '2025-01-01' },
}

describe('the tabs', () => {
  it('are those with something on them', () => {
    expect(tabsOf(table)).toEqual(['month', 'quarter', 'amount'])
    expect(tabsOf({ ...table, denominations: [], freeAmount: null })).toEqual(['month', 'quarter'])
  })
  it('begin at the last purchase, else at what is recommended, else at the first', () => {
    expect(firstTab(table, offerKey(fifty))).toBe('amount')
    expect(firstTab(table, 'package/year/gone')).toBe('quarter')
    expect(firstTab({ ...table, packages: [month] }, undefined)).toBe('month')
    expect(
      firstTab({ ...table, packages: [], denominations: [], freeAmount: null }, undefined),
    ).toBeUndefined()
  })
})

describe('a choice', () => {
  it('of credit gives what is left once what is owed is paid, and all of its bonus', () => {
    const owing = { ...table, owed: { amount: cny('1992'), since: '2026-11-03T06:10:00.000Z' } }
    const [fifty] = table.denominations.filter(({ face }) => face.amountMinor === '5000')
    if (!fifty) throw new Error('no such tile')
    const gained = (amount: string) =>
      choiceOf({ ...owing, owed: { ...owing.owed, amount: cny(amount) } }, offerKey(fifty), null)?.credit
    expect([gained('1992'), gained('9000')]).toEqual([cny('3508'), cny('500')])
  })

  it('of a package gives its price, what is saved, and no credit', () => {
    expect(choiceOf(table, offerKey(quarter), null)).toMatchObject({
      offerId: quarter.id,
      amount: null,
      price: cny('2300'),
      saved: cny('100'),
      credit: null,
      effect: quarter.effect,
    })
  })
  it('of a denomination gives face and bonus to the balance', () => {
    expect(choiceOf(table, offerKey(fifty), null)).toMatchObject({ saved: cny('20'), credit: cny('5500') })
  })
  it('of a free amount needs the amount, and takes the effect of its tier', () => {
    expect(choiceOf(table, offerKey(free), null)).toBeNull()
    const chosen = choiceOf(table, offerKey(free), cny('4900'))
    expect(chosen).toMatchObject({
      amount: cny('4900'),
      price: cny('4900'),
      saved: null,
      credit: cny('4900'),
    })
    expect(chosen?.effect.addedDays).toBe(30)
    expect(choiceOf(table, offerKey(free), cny('5000'))?.effect.addedDays).toBe(180)
  })
  it('survives a new price table, whose offers have new ids, and falls away with its offer', () => {
    const renewed = {
      ...table,
      packages: [{ ...quarter, id: '01JD9Z3K6N8Q4W2V7X5Y0ABCD9', price: cny('2500') }],
    }
    expect(choiceOf(renewed, offerKey(quarter), null)).toMatchObject({ price: cny('2500'), saved: null })
    expect(choiceOf({ ...table, packages: [] }, offerKey(quarter), null)).toBeNull()
  })
})

describe('the price of a day', () => {
  it('is rounded half up', () => {
    expect(perDay(cny('2300'), 92)).toEqual(cny('25'))
    expect(perDay(cny('1'), 2)).toEqual(cny('1'))
    expect(perDay(cny('1'), 3)).toEqual(cny('0'))
  })
  it('does not exist where no day is added', () => {
    expect(perDay(cny('2300'), null)).toBeNull()
    expect(perDay(cny('2300'), 0)).toBeNull()
  })
  it('is never further from the truth than half a minor unit', () => {
    fc.assert(
      fc.property(fc.bigInt(0n, 10n ** 12n), fc.integer({ min: 1, max: 4000 }), (price, days) => {
        const daily = BigInt(perDay(cny(price.toString()), days)?.amountMinor ?? '-1')
        const error = 2n * (daily * BigInt(days) - price)
        expect(error <= BigInt(days) && error > -BigInt(days) - 1n).toBe(true)
      }),
    )
  })
})

describe('a typed amount', () => {
  it.each([
    ['10', 'good'],
    ['13', 'good'],
    ['499', 'good'],
    ['', 'empty'],
    ['  ', 'empty'],
    ['9', 'bad'],
    ['11', 'bad'],
    ['502', 'bad'],
    ['ten', 'bad'],
  ])('%s is %s', (text, kind) => {
    expect(readAmount(text, free).kind).toBe(kind)
  })
})
