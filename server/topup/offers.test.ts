import { describe, expect, it } from 'vitest'
import { topUpHouse } from '../../test/support/top-up.ts'
import { formatDay, preActive, validUntil } from '../policy/index.ts'

const house = await topUpHouse()
const { visit } = house
const day = (offset: number) => formatDay(house.today() + offset)

await house.open({ msisdn: '8615400030001', days: 90 })
const account = await house.registered('15400030001')

describe('offers for a number of one’s own', () => {
  it('give each the date until which the number would be kept', async () => {
    const offers = await house.offers(account, '15400030001')
    // Service ends in 90 days; after it come 30 days barred, 60 suspended and 90 frozen.
    const effects = offers.denominations.map(({ face, effect }) => [
      face.amountMinor,
      effect.addedDays,
      effect.lastSafeDay,
    ])
    expect(effects).toEqual([
      ['3000', 90, day(90 + 90 + 179)],
      ['5000', 180, day(90 + 180 + 179)],
      ['10000', 365, day(90 + 365 + 179)],
      ['20000', 365, day(90 + 365 + 179)],
      ['30000', 365, day(90 + 365 + 179)],
      ['50000', 365, day(90 + 365 + 179)],
    ])
    expect(offers.packages.map(({ term }) => term)).toEqual(['month', 'month', 'quarter', 'year'])
    expect(offers.packages[2]).toMatchObject({
      ...{
        kind: 'package',
        term: 'quarter',
        price: { amountMinor: '2300' },
        listPrice: { amountMinor: '2400' },
      },
      ...{ allowances: { voiceSeconds: 5400, sms: 90, dataBytes: '314572800' }, validityMonths: 3 },
      effect: { addedDays: 89 },
    })
    expect(offers.freeAmount).toMatchObject({ min: { amountMinor: '1000' }, max: { amountMinor: '50000' } })
    expect(
      offers.freeAmount?.effects.map(({ from, effect }) => [from.amountMinor, effect.addedDays]),
    ).toEqual([
      ['1000', 30],
      ['2000', 60],
      ['3000', 90],
      ['5000', 180],
      ['10000', 365],
    ])
  })

  it('say the whole ladder in dates', async () => {
    const { denominations } = await house.offers(account, '15400030001')
    const { 'zh-CN': chinese, en } = denominations[1]?.effect.validityText ?? {}
    expect(chinese).toBe(
      `到账后号码保留至 ${day(449)}，比现在多 180 天。服务有效期至 ${day(269)}。到期前不再充值的话：` +
        `${day(270)} 起单停（不能呼出），${day(300)} 起双停（不能使用），${day(360)} 起冻结，${day(450)} 起销号。` +
        '冻结后余额不能使用，找回号码后恢复。',
    )
    expect(en).toContain(`Once credited, the number is kept until ${day(449)}, 180 days longer than now.`)
    expect(en).toContain(`calls out barred from ${day(270)}`)
  })
})

describe('offers for anybody else’s number', () => {
  it('tell days and no date of that number, the same for every state it may be in', async () => {
    await house.open({ msisdn: '8615400030002', days: 300 })
    await house.open({ msisdn: '8615400030003', days: -20 })
    await house.open({ msisdn: '8615400030004', state: preActive })
    const [far, barred, fresh] = await Promise.all(
      ['15400030002', '15400030003', '15400030004'].map((number) => house.offers(visit(), number)),
    )
    expect(barred).toEqual(far)
    expect(fresh).toEqual(far)
    expect(far?.denominations.map(({ effect }) => [effect.addedDays, effect.lastSafeDay])).toEqual([
      [90, null],
      [180, null],
      [365, null],
      [365, null],
      [365, null],
      [365, null],
    ])
    const text = far?.denominations[1]?.effect.validityText['zh-CN']
    expect(text).toBe(
      `到账后该号码多保留 180 天，至少保留至 ${day(1 + 180 + 179)}。到期前不再充值的话：` +
        '单停 30 天（不能呼出），双停 60 天（不能使用），冻结 90 天，之后销号。冻结后余额不能使用，找回号码后恢复。',
    )
  })

  it('under use-it-or-lose-it promise a date at least and no days', async () => {
    await house.open({ msisdn: '447700900301', brand: 'harbour', days: 20 })
    const { denominations } = await house.offers(visit('harbour'), '07700900301')
    const effect = denominations[0]?.effect
    expect(effect).toMatchObject({ addedDays: null, lastSafeDay: null })
    expect(effect?.validityText.en).toBe(
      'Once credited, the number is kept until 2027-05-21 at least. Unless used or topped up before then: ' +
        'it is given up. The balance is lost when the number is given up.',
    )
  })
})

describe('what a line does not take', () => {
  it('is left out: a free amount begins where the stage begins to take it', async () => {
    const number = '15400030005'
    await house.open({ msisdn: `86${number}`, days: -20 })
    const owner = await house.registered(number)
    const { freeAmount, denominations } = await house.offers(owner, number)
    expect(freeAmount?.min.amountMinor).toBe('1000')
    // Barred for 20 days: validity begins again today, and the bar is lifted.
    expect(denominations[0]?.effect).toMatchObject({ addedDays: 20 + 90, lastSafeDay: day(90 + 179) })
  })

  it.each([
    ['line-ceased', { ...preActive, standing: 'in-service', ceasedOn: 1 }],
    ['line-ceased', { ...preActive, standing: 'in-service', service: validUntil(1) }],
    ['line-ceased', { ...preActive, standing: 'ported-out' }],
  ] as const)('is everything: %s', async (code, state) => {
    const msisdn = `8615400031${Math.abs(JSON.stringify(state).length).toString().padStart(3, '0')}`
    await house.open({ msisdn, state })
    expect((await visit().get(`/v1/lines/${msisdn}/offers`)).body).toMatchObject({ code, status: 422 })
  })

  it('is what the brand does not have', async () => {
    const answers = await Promise.all(
      ['447700900301', '15409999999'].map((number) => visit().get(`/v1/lines/${number}/offers`)),
    )
    for (const { body } of answers) expect(body).toMatchObject({ status: 404, code: 'line-not-found' })
  })
})
