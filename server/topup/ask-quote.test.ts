import { describe, expect, it } from 'vitest'
import { idFromWire } from '../../contract/id.ts'
import { FOREIGN_APP_ID, newKey, topUpHouse } from '../../test/support/top-up.ts'
import { parseDay } from '../policy/index.ts'
import { createQuotes, importRates, quoteChecks, readRates } from '../quote/index.ts'
import { ecbFile } from '../quote/rates-fixture.ts'
import { askRefund } from './index.ts'
import { quotedChecks } from './quoted-checks.ts'

const house = await topUpHouse()
const { db, clock, topUps, payments, alipay } = house
const harbour = house.brands.get('harbour')
const imported = (text: string, acquirer: string | null = null) =>
  importRates(db.of('harbour'), clock, readRates(Buffer.from(text), acquirer), 'operator ann')
const FRIDAY = '2026-11-20'

await house.open({ msisdn: '447700900321', brand: 'harbour' })
const guest = await house.guest('07700900321', 'harbour')

/** An order of ten pounds. */
async function placed(): Promise<string> {
  const answer = await house.place(guest, '07700900321', 1000n, { locale: 'en', confirmDuplicate: true })
  expect(answer).toMatchObject({ status: 201 })
  return answer.body.id
}
const quoteOf = (order: string, currency = 'CNY') =>
  guest.send('POST', `/v1/top-ups/${order}/quotes`, { currency })
const pay = (order: string, quote?: string, key = newKey()) =>
  guest.send(
    'POST',
    `/v1/top-ups/${order}/payments`,
    { provider: 'alipay', scene: 'wap', locale: 'en', ...(quote ? { quote } : {}) },
    { 'idempotency-key': key },
  )
const ways = async () => (await guest.get('/v1/payment-ways')).body.ways
const paid = async (attempt: string, amount: string, fields = {}) => {
  const money = { total_amount: amount, app_id: FOREIGN_APP_ID, auth_app_id: FOREIGN_APP_ID, ...fields }
  expect(await house.notify(attempt, money, 'harbour')).toBe('success')
  await topUps.sweep('harbour')
}

describe('without a merchant or a rate', () => {
  it('nothing is quoted, and it is said that the way is closed', async () => {
    expect(await ways()).toEqual([{ provider: 'alipay', currency: 'GBP', off: null }])
    await house.addForeignRail('harbour', 'CNY')
    expect(await ways()).toMatchObject([
      { currency: 'GBP', off: null },
      { currency: 'CNY', off: { why: 'no-rate' } },
    ])
    const order = await placed()
    expect(await quoteOf(order)).toMatchObject({ status: 503, body: { code: 'rate-missing' } })
    expect(await quoteOf(order, 'GBP')).toMatchObject({ status: 422, body: { code: 'quote-not-offered' } })
  })
})

describe('rates', () => {
  it('are history: the same again adds nothing, another value for the same day is refused', async () => {
    const text = ecbFile(FRIDAY, { GBP: '0.87', CNY: '7.8', USD: '1.15' })
    expect(await imported(text)).toEqual({ added: 3, newest: parseDay(FRIDAY) })
    expect(await imported(text)).toEqual({ added: 0, newest: parseDay(FRIDAY) })
    await expect(imported(ecbFile(FRIDAY, { GBP: '0.86', HKD: '9' }))).rejects.toThrow('1 EUR was 0.87 GBP')
    await expect(imported(ecbFile('2026-11-24', { GBP: '0.86' }))).rejects.toThrow('cannot be out yet')
    expect(await db.of('harbour').query('select 1 from {{brand}}.rate')).toHaveLength(3)
    expect(await ways()).toMatchObject([{ currency: 'GBP' }, { currency: 'CNY', off: null }])
  })
})

describe('a quote', () => {
  it('is frozen: asked again it is the same, whatever the rate does', async () => {
    const order = await placed()
    const first = await quoteOf(order)
    expect(first).toMatchObject({
      status: 200,
      body: {
        ...{
          price: { amountMinor: '1000', currency: 'GBP' },
          amount: { amountMinor: '9100', currency: 'CNY' },
        },
        ...{ rate: '8.9655', rateSource: 'European Central Bank', rateDate: FRIDAY, marginBp: 150 },
        expiresAt: new Date(clock.instant() + 600_000).toISOString(),
      },
    })
    const until = (ms: number) => new Date(clock.instant() + ms).toISOString()
    await imported(
      `base,currency,rate,from,until\nGBP,CNY,9.5,${until(-1000)},${until(60_000)}\n`,
      'Acquirer',
    )
    expect((await quoteOf(order)).body).toEqual(first.body)
    expect((await quoteOf(await placed())).body).toMatchObject({ rate: '9.5000', rateSource: 'Acquirer' })
    clock.advance(60_000)
  })

  it('is of its order alone', async () => {
    const [order, other] = [await placed(), await placed()]
    const { id } = (await quoteOf(order)).body
    expect(await pay(other, id)).toMatchObject({ status: 404, body: { code: 'quote-not-found' } })
    expect(
      await house.visit('harbour').send('POST', `/v1/top-ups/${order}/quotes`, { currency: 'CNY' }),
    ).toMatchObject({
      status: 401,
    })
  })

  it('needs a rate that is recent: Friday’s ends on Monday at 18:00 in Frankfurt', async () => {
    const at = (atMs: number) =>
      createQuotes({ db, clock: { ...clock, instant: () => atMs } }).quotable(harbour, 'CNY')
    const mondayEvening = Date.UTC(2026, 10, 23, 17)
    expect([await at(mondayEvening - 1), await at(mondayEvening)]).toEqual(['now', 'no-rate'])
    expect(await createQuotes({ db, clock }).quotable(harbour, 'SEK')).toBe('no-rate')
    expect(await createQuotes({ db, clock }).quotable(house.brands.get('laika'), 'GBP')).toBe('never')
  })
})

describe('an order paid under a quote', () => {
  it('is credited, shows both sums, is refunded in parts at the quote, and the books are whole', async () => {
    const order = await placed()
    const quote = (await quoteOf(order)).body
    const { attemptId } = (await pay(order, quote.id)).body
    await paid(attemptId, '91.00')
    const shown = await house.order(guest, order)
    expect(shown).toMatchObject({
      ...{ state: 'credited', captured: { amountMinor: '1000', currency: 'GBP' } },
      paidIn: { captured: { amountMinor: '9100', currency: 'CNY' }, refunded: { amountMinor: '0' }, quote },
    })
    const receipt = await guest.get(`/v1/top-ups/${order}/receipt`)
    expect(receipt.body).toMatchObject({ paid: { amountMinor: '1000', currency: 'GBP' }, paidIn: { quote } })
    await topUps.handOverMessages('harbour')
    alipay.on('alipay.trade.refund', ({ biz }) => ({
      ...{ code: '10000', out_trade_no: biz.out_trade_no, trade_no: biz.trade_no, fund_change: 'Y' },
      ...{ refund_fee: biz.refund_amount, gmt_refund_pay: '2026-11-22 15:00:00' },
    }))
    let before = 0n
    for (const [amountMinor, back] of [
      [333n, 3031n],
      [null, 9100n],
    ] as const) {
      const part = amountMinor === null ? '' : `?amountMinor=${amountMinor}`
      const { offer } = (await guest.get(`/v1/top-ups/${order}/refunds${part}`)).body
      await askRefund({ db, clock }, harbour, {
        ...{ order: idFromWire(order) ?? '', amountMinor, reason: 'asked', mayEnd: true },
        by: { channel: 'staff', actor: 'operator ann' },
      })
      await topUps.beginRefunds('harbour')
      await payments.sendRefunds('harbour')
      await topUps.sweep('harbour')
      await topUps.handOverMessages('harbour')
      const after = await house.order(guest, order)
      expect(after.paidIn?.refunded).toEqual({ amountMinor: back.toString(), currency: 'CNY' })
      expect(after.refund?.paidBack).toEqual({ amountMinor: (back - before).toString(), currency: 'CNY' })
      expect(offer.paidBack).toEqual(after.refund?.paidBack)
      before = back
    }
    expect(await house.order(guest, order)).toMatchObject({
      state: 'refunded',
      refunded: { amountMinor: '1000' },
    })
    expect(await house.fsck()).toEqual([])
  })

  it('by another sum goes back whole', async () => {
    const order = await placed()
    const { attemptId } = (await pay(order, (await quoteOf(order)).body.id)).body
    await paid(attemptId, '90.99')
    expect(await house.order(guest, order)).toMatchObject({
      ...{ state: 'refunding', captured: { amountMinor: '999', currency: 'GBP' } },
      paidIn: { captured: { amountMinor: '9099', currency: 'CNY' } },
    })
    await payments.sendRefunds('harbour')
    await topUps.sweep('harbour')
    expect((await house.order(guest, order)).state).toBe('refunded')
    expect(await house.fsck()).toEqual([])
  })
})

describe('a quote', () => {
  it('that has ended begins no payment, and the one to look at next comes with the refusal', async () => {
    const order = await placed()
    const quote = (await quoteOf(order)).body
    const key = newKey()
    expect(await pay(order, quote.id, key)).toMatchObject({
      status: 201,
      body: { expiresAt: quote.expiresAt },
    })
    clock.advance(600_000)
    const refused = await pay(order, quote.id)
    expect(refused).toMatchObject({
      status: 409,
      body: { code: 'quote-expired', quote: { amount: { amountMinor: '9100', currency: 'CNY' } } },
    })
    expect(refused.body.quote.id).not.toBe(quote.id)
    expect(await pay(order, quote.id, key)).toMatchObject({ status: 201 })
    expect(await pay(order, refused.body.quote.id)).toMatchObject({ status: 201 })
  })
})

describe('what is planted in its books is found', () => {
  it.each([
    ['a quote that is not its price at its rate', 'update harbour.quote set amount = amount + 1', 'I6'],
    ['a margin that is not what was worth more', 'update harbour.quote set margin = margin + 1', 'I6'],
    [
      'a refund at another rate',
      `update harbour.refund set amount = amount - 1 where reason = 'asked-by-staff'`,
      'I10',
    ],
    ['a position nobody explains', `delete from harbour.transfer where posting = 'fx-paid'`, 'I6'],
    [
      'an order under a stranger’s quote',
      'update harbour.quote q set order_id = (select id from harbour.top_up t where t.id <> q.order_id limit 1)',
      'I4',
    ],
    [
      'an order that says it took something else',
      'update harbour.top_up set captured = captured + 1 where attempt is not null',
      'I4',
    ],
  ])('%s', async (_, sql, id) => {
    await house.owner.query('begin')
    try {
      await house.owner.query(sql)
      const found = new Set<string>()
      for (const check of [...quoteChecks, ...quotedChecks]) {
        if (!('sql' in check)) throw new Error('said in SQL')
        const { rows } = await house.owner.query(check.sql.replaceAll('{{brand}}', 'harbour'))
        if (rows.length > 0) found.add(check.id)
      }
      expect([...found]).toContain(id)
    } finally {
      await house.owner.query('rollback')
    }
  })
})
