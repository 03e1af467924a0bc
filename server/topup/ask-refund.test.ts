import { describe, expect, it } from 'vitest'
import { newKey } from '../../test/support/top-up.ts'
import { checkRefund } from './index.ts'
import { refundHouse, uuid } from './refund-fixture.ts'

const house = await refundHouse()
const { topUps, db, clock, laika, rows, guest, bought, asksBack, paidBack } = house

describe('a payer', async () => {
  const NAME = '15400120099'
  const password = 'nine kettles whistle at dawn'
  await house.open({ msisdn: `86${NAME}` })
  const bySms = await house.registered(NAME, password)
  const payer = house.visit()
  const { captcha } = { captcha: await payer.captcha() }
  const opened = await payer.send('POST', '/v1/log-ins', { by: 'password', name: NAME, password, captcha })
  expect(opened.status).toBe(200)

  const own = async (faceMinor: bigint) => (await bought(payer, faceMinor, NAME)).id

  it('with a session opened by a code, or a guest, is sent to the contact page', async () => {
    const { id } = await bought(guest)
    const refused = { status: 403, body: { code: 'refund-needs-password' } }
    expect(await asksBack(guest, id)).toMatchObject(refused)
    expect(await asksBack(bySms, await own(3000n))).toMatchObject(refused)
    expect((await asksBack(payer, id)).body.code).toBe('order-not-found')
  })

  it('has up to the brand’s limit back at once, and sees before what it takes', async () => {
    const id = await own(5000n)
    const { body: before } = await payer.get(`/v1/top-ups/${id}/refunds`)
    expect(before).toMatchObject({
      offer: { most: { amountMinor: '4980' }, credit: { amountMinor: '5000' }, looked: false, partly: true },
      ...{ refusedCode: null, refunds: [] },
    })
    expect(before.offer.lastSafeDay < before.offer.lastSafeDayBefore).toBe(true)
    const key = newKey()
    const first = await asksBack(payer, id, { reason: '充错号码了' }, key)
    expect(first).toMatchObject({
      status: 201,
      body: { progress: 'sending', amount: { amountMinor: '4980' } },
    })
    const again = await asksBack(payer, id, { reason: '充错号码了' }, key)
    expect([again.body, again.headers['idempotency-replayed']]).toEqual([first.body, 'true'])
    expect((await asksBack(payer, id, {}, key)).body.code).toBe('idempotency-key-reused')
    expect((await asksBack(payer, id)).body.code).toBe('refund-in-progress')
    await paidBack()
    const { body: after } = await payer.get(`/v1/top-ups/${id}/refunds`)
    expect(after).toMatchObject({
      offer: null,
      refusedCode: 'refund-not-possible',
      refunds: [{ progress: 'done' }],
    })
    expect((await asksBack(payer, id)).body.code).toBe('refund-not-possible')
  })

  it('sees what a part takes, and a part takes just that', async () => {
    const id = await own(5000n)
    const seen = async (amountMinor?: string) =>
      (await payer.get(`/v1/top-ups/${id}/refunds${amountMinor ? `?amountMinor=${amountMinor}` : ''}`)).body
    const part = (await seen('3000')).offer
    expect(part).toMatchObject({
      ...{ most: { amountMinor: '4980' }, amount: { amountMinor: '3000' }, credit: { amountMinor: '3012' } },
      ...{ bonus: { amountMinor: '0' } },
    })
    const whole = (await seen()).offer
    expect(whole.amount).toEqual(whole.most)
    expect(part.lastSafeDayBefore).toBe(whole.lastSafeDayBefore)
    expect(whole.lastSafeDay < part.lastSafeDay && part.lastSafeDay < part.lastSafeDayBefore).toBe(true)
    expect(await seen('4981')).toMatchObject({ code: 'refund-exceeds', most: { amountMinor: '4980' } })
    expect((await seen('0')).code).toBe('amount-malformed')
    expect((await asksBack(payer, id, { amount: part.amount })).status).toBe(201)
    await paidBack()
    const { offer: left } = await seen()
    expect(left.lastSafeDayBefore).toBe(part.lastSafeDay)
    expect(left.credit).toEqual({ amountMinor: '1988', currency: 'CNY' })
    expect((await asksBack(payer, id)).status).toBe(201)
    await paidBack()
  })

  it('waits for staff above it', async () => {
    const id = await own(10_000n)
    const asked = await asksBack(payer, id)
    expect(asked).toMatchObject({
      status: 201,
      body: { progress: 'waiting', amount: { amountMinor: '9950' } },
    })
    expect(asked.body).toMatchObject({ checkedAt: null, begunAt: null, doneAt: null })
    const request = uuid(asked.body.id)
    const check = (actor: string) => checkRefund({ db, clock }, laika, request, 'approved', { actor })
    const [{ caller }] = await rows('select caller from laika.top_up where id = $1', uuid(id))
    expect(await check(`log-in ${caller}`)).toBe('own')
    expect(await check('operator bo')).toBe('approved')
    await topUps.beginRefunds('laika')
    await paidBack()
    const { state, refund } = await house.order(payer, id)
    expect([state, refund?.progress]).toEqual(['refunded', 'done'])
    const times = [refund?.requestedAt, refund?.checkedAt, refund?.begunAt, refund?.doneAt]
    expect(times.every((at) => typeof at === 'string')).toBe(true)
  })

  it('is told what is wrong with an amount', async () => {
    const id = await own(3000n)
    const cny = (amountMinor: string, currency = 'CNY') => ({ amount: { amountMinor, currency } })
    expect((await asksBack(payer, id, cny('3001'))).body).toMatchObject({
      ...{ code: 'refund-exceeds', most: { amountMinor: (await house.order(payer, id)).price.amountMinor } },
    })
    expect((await asksBack(payer, id, cny('100', 'USD'))).body.code).toBe('currency-mismatch')
    expect((await asksBack(payer, id, cny('0'))).body.code).toBe('amount-malformed')
    expect((await payer.send('POST', `/v1/top-ups/${id}/refunds`, {})).body.code).toBe(
      'idempotency-key-missing',
    )
  })

  it('leaves every invariant standing', async () => {
    expect(await house.fsck()).toEqual([])
  })
})
