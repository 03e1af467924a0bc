import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { DAY_MS } from '../../test/support/line.ts'
import { newKey, topUpHouse } from '../../test/support/top-up.ts'
import type { Answer } from '../../test/support/visitor.ts'
import { preActive } from '../policy/index.ts'

const house = await topUpHouse()
const { clock, owner, visit } = house

let numbers = 0
/** A line of its own for each test, in service for 90 more days. */
async function aLine(given: Partial<Parameters<typeof house.open>[0]> = {}): Promise<string> {
  const national = `1540001${(++numbers).toString().padStart(4, '0')}`
  await house.open({ msisdn: `86${national}`, ...given })
  return national
}

const someone = await house.guest()
const code = ({ status, body }: Answer) => `${status} ${body.code ?? body.state}`
describe('placing', () => {
  it('freezes price, credit, epoch and the validity text, and awaits payment for half an hour', async () => {
    const number = await aLine()
    const { status, body, headers } = await house.place(someone, number, 10_000n)
    expect(status).toBe(201)
    expect(headers['idempotency-replayed']).toBeUndefined()
    expect(body).toMatchObject({
      ...{
        state: 'awaiting-payment',
        final: false,
        heldReason: null,
        receiptNumber: null,
        paymentState: null,
      },
      price: { amountMinor: '9950', currency: 'CNY' },
      captured: { amountMinor: '0', currency: 'CNY' },
      placedAt: new Date(clock.instant()).toISOString(),
      payBy: new Date(clock.instant() + 1_800_000).toISOString(),
      timeline: [{ step: 'placed' }],
    })
    expect(body.items).toMatchObject([
      {
        msisdn: `154****${number.slice(-4)}`,
        offer: { kind: 'denomination', name: { en: 'CNY 100 credit' } },
        face: { amountMinor: '10000' },
        bonus: { amountMinor: '500' },
        ...{ balanceAfter: null, lastSafeDayBefore: null, lastSafeDay: null, addedDays: 365 },
      },
    ])
    const { rows } = await owner.query('select * from laika.top_up order by id desc limit 1')
    expect(rows[0]).toMatchObject({ epoch: 1, payer_msisdn: '8615400099999', locale: 'zh-CN' })
    expect(rows[0].validity_text).toBe(body.items[0].validityText)
    expect(rows[0].validity_text_hash).toEqual(
      createHash('sha256').update(body.items[0].validityText).digest(),
    )
  })
})

describe('what cannot be placed', () => {
  const order = (number: string, more: object = {}) => ({
    items: [{ number, offerId: '0'.repeat(26) }],
    expected: { amountMinor: '4980', currency: 'CNY' },
    locale: 'zh-CN',
    ...more,
  })
  const post = (body: unknown, key: string | null = newKey(), who = someone) =>
    who.send('POST', '/v1/top-ups', body, key === null ? {} : { 'idempotency-key': key })
  const item = (number: string, more: object) =>
    order(number, { items: [{ number, offerId: '0'.repeat(26), ...more }] })

  it('says of a body what is wrong with it', async () => {
    const number = await aLine()
    expect(code(await post(order(number), null))).toBe('400 idempotency-key-missing')
    expect(code(await post(order(number), 'short'))).toBe('400 idempotency-key-malformed')
    expect(code(await post(order(number, { extra: 1 })))).toBe('400 field-unknown')
    expect(code(await post(order(number, { expected: { amountMinor: 4980, currency: 'CNY' } })))).toBe(
      '400 amount-malformed',
    )
    expect(code(await post(item(number, { amount: { amountMinor: '49.80', currency: 'CNY' } })))).toBe(
      '400 amount-malformed',
    )
    expect(code(await post(order(number, { items: [] })))).toBe('400 field-malformed')
    const [one] = order(number).items
    expect(code(await post(order(number, { items: [one, one] })))).toBe('400 field-malformed')
  })

  it('answers alike for another brand’s number, one nobody has and one out of the plan', async () => {
    await house.open({ msisdn: '447700900500', brand: 'harbour' })
    const answers = []
    for (const number of ['07700 900500', '+447700900500', '15409999999', '13800138000'])
      answers.push(await post(order(number)))
    const alike = answers.map(({ status, body: { requestId, ...rest } }) => ({
      status,
      rest,
      told: typeof requestId,
    }))
    expect(alike).toEqual(Array.from({ length: 4 }, () => alike[0]))
    expect(code(answers[0] as Answer)).toBe('404 line-not-found')
    expect(code(await post(order('154000')))).toBe('422 number-invalid')
  })

  it('comes to offer, amount and price in this order', async () => {
    const number = await aLine()
    const { denominations, freeAmount } = await house.offers(someone, number)
    const tile = denominations.find(({ face }) => face.amountMinor === '5000')
    const cny = (amountMinor: string) => ({ amountMinor, currency: 'CNY' })
    expect(code(await post(order(number)))).toBe('404 offer-not-found')
    expect(code(await post(item(number, { offerId: freeAmount?.id })))).toBe('422 amount-missing')
    expect(code(await post(item(number, { offerId: freeAmount?.id, amount: cny('1050') })))).toBe(
      '422 amount-not-allowed',
    )
    expect(code(await post(item(number, { offerId: tile?.id, amount: cny('5000') })))).toBe(
      '422 amount-not-allowed',
    )
    const pounds = { amountMinor: '5000', currency: 'GBP' }
    expect(code(await post(item(number, { offerId: freeAmount?.id, amount: pounds })))).toBe(
      '422 currency-mismatch',
    )
    expect(code(await post({ ...item(number, { offerId: tile?.id }), expected: pounds }))).toBe(
      '422 currency-mismatch',
    )
    const changed = await house.place(someone, number, 5000n, { expected: '5000' })
    expect(changed).toMatchObject({
      status: 409,
      body: { code: 'price-changed', price: cny('4980'), moneyMoved: false },
    })
  })

  it('stands by stage and limit, and names them', async () => {
    const ceased = await aLine({ state: { ...preActive, standing: 'in-service', ceasedOn: 1 } })
    expect(code(await post(order(ceased)))).toBe('422 line-ceased')
    const full = await aLine()
    await owner.query(
      `update laika.line_clock c set limit_day = date '1970-01-01' + $2::int, limit_day_minor = 498000 from laika.line l
        where l.id = c.line and l.msisdn = $1`,
      [`86${full}`, house.today()],
    )
    expect(await house.place(someone, full, 5000n)).toMatchObject({
      status: 422,
      body: { code: 'limit-reached', per: 'day', limit: { amountMinor: '500000', currency: 'CNY' } },
    })
  })

  it('is only for people', async () => {
    const headers = { ...(await house.key(['topup:write'])), 'idempotency-key': newKey() }
    expect(code(await visit().send('POST', '/v1/top-ups', order('15400010001'), headers))).toBe(
      '403 forbidden',
    )
  })
})

describe('who pays proves a phone', () => {
  it('a visitor always, once everything else is right', async () => {
    const number = await aLine()
    const visitor = visit()
    expect(code(await house.place(visitor, number, 5000n, { expected: '1' }))).toBe('409 price-changed')
    expect(code(await house.place(visitor, number, 5000n))).toBe('403 verification-needed')
  })

  it('a guest again when the proof has run out, with the same key', async () => {
    const number = await aLine()
    const guest = await house.guest('15400090001')
    const key = newKey()
    clock.advance(11 * 60_000)
    expect(code(await house.place(guest, number, 5000n, { key }))).toBe('403 verification-needed')
    const proof = { number: '15400090001', code: await house.codeFor(guest, 'payer', '15400090001') }
    await guest.send('POST', '/v1/codes/payer', proof)
    expect(code(await house.place(guest, number, 5000n, { key }))).toBe('201 awaiting-payment')
  })

  it('an account when the number is new to it or much is paid, and not once it has paid for it', async () => {
    const own = await aLine()
    const account = await house.registered(own)
    // Registering has proved the phone, for ten minutes.
    clock.advance(11 * 60_000)
    expect(code(await house.place(account, own, 5000n))).toBe('201 awaiting-payment')
    const { rows } = await owner.query('select payer_msisdn from laika.top_up order by id desc limit 1')
    expect(rows).toEqual([{ payer_msisdn: `86${own}` }])
    const { freeAmount } = await house.offers(account, own)
    const amount = { amountMinor: '50000', currency: 'CNY' }
    const much = {
      items: [{ number: own, offerId: freeAmount?.id, amount }],
      expected: amount,
      locale: 'zh-CN',
    }
    const headers = { 'idempotency-key': newKey() }
    expect(code(await account.send('POST', '/v1/top-ups', much, headers))).toBe('403 verification-needed')

    const other = await aLine()
    expect(code(await house.place(account, other, 5000n))).toBe('403 verification-needed')
    const proof = { number: own, code: await house.codeFor(account, 'payer', own) }
    expect((await account.send('POST', '/v1/codes/payer', proof)).status).toBe(200)
    const { attempt } = await house.toPay(account, other, 5000n)
    await house.notify(attempt)
    await house.topUps.sweep('laika')
    clock.advance(11 * 60_000)
    expect(code(await house.place(account, other, 5000n))).toBe('201 awaiting-payment')
    const again = await owner.query('select payer_msisdn from laika.top_up order by id desc limit 1')
    expect(again.rows).toEqual([{ payer_msisdn: `86${own}` }])
  })
})

describe('a key', () => {
  it('gives the same order again, and no other request', async () => {
    const someone = await house.guest('15400090002')
    const number = await aLine()
    const key = newKey()
    const first = await house.place(someone, number, 5000n, { key })
    const second = await house.place(someone, number, 5000n, { key })
    expect(second).toMatchObject({ status: 201, body: { id: first.body.id } })
    expect(second.headers['idempotency-replayed']).toBe('true')
    expect(code(await house.place(someone, number, 3000n, { key }))).toBe('422 idempotency-key-reused')
  })

  it('keeps a no, and forgets it after 30 days', async () => {
    const someone = await house.guest('15400090003')
    const number = await aLine()
    const key = newKey()
    const changed = () => house.place(someone, number, 5000n, { key, expected: '1' })
    const first = await changed()
    const second = await changed()
    expect(second.body).toEqual({ ...first.body, requestId: second.body.requestId })
    expect(second.headers['idempotency-replayed']).toBe('true')
    expect(code(await house.place(someone, number, 5000n, { key }))).toBe('422 idempotency-key-reused')
    const kept = async () => (await owner.query('select from laika.refusal where key = $1', [key])).rowCount
    await house.topUps.forgetRefusals('laika')
    expect(await kept()).toBe(1)
    clock.advance(30 * DAY_MS + 1)
    await house.topUps.forgetRefusals('laika')
    expect(await kept()).toBe(0)
  })
})
