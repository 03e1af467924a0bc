import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { idFromWire } from '../../contract/id.ts'
import { wholeHouse } from '../support/house.ts'
import { inWallet, knobs, person } from '../support/person.ts'

const world = await wholeHouse()
afterAll(async () => {
  await world.proved()
  await world.stop()
})
beforeEach(async () => {
  await knobs(world, 'laika', {})
  await knobs(world, 'harbour', {})
})

let nextLine = 1000
/** A number in service that no other test of this file touches. */
const freshNumber = () => `15400${String(nextLine++).padStart(6, '0')}`

async function guestWith(number: string) {
  const guest = person(world, 'laika')
  await guest.proveAsPayer(number)
  return guest
}

/** The first column of what a statement finds in laika. */
const column = async (sql: string, ...values: unknown[]) =>
  (await world.house.db.of('laika').query<Record<string, unknown>>(sql, values)).map(
    (row) => Object.values(row)[0],
  )

const balanceOf = async (number: string) => {
  const [balance] = await column(
    'select a.balance from {{brand}}.line l join {{brand}}.line_account a on a.line = l.id where l.msisdn = $1',
    `86${number}`,
  )
  return balance as bigint
}

describe('the way of one top-up', () => {
  test('registered: a quarterly package and a free amount, seen to arrive, told by SMS', async () => {
    const number = freshNumber()
    const owner = person(world, 'laika')
    await owner.register(number)
    const before = (await owner.get(`/v1/lines/${number}`)).body
    expect(before).toMatchObject({ own: true, topUp: 'possible' })

    const bought = await owner.orderToPay(number, { term: 'quarter' })
    await inWallet(world, 'laika', bought.outTradeNo, 'pay')
    const credited = await owner.until(bought.order.id, ['credited'])
    expect(credited.timeline.map((step) => step.step)).toEqual(
      expect.arrayContaining(['placed', 'paid', 'credited']),
    )
    const withPackage = (await owner.get(`/v1/lines/${number}`)).body
    expect(withPackage.keptUntil.lastSafeDay > before.keptUntil.lastSafeDay).toBe(true)
    expect(withPackage.allowances.length).toBeGreaterThan(0)
    expect(withPackage.balance).toEqual(before.balance)

    const topped = await owner.orderToPay(number, { amount: '3700' })
    await inWallet(world, 'laika', topped.outTradeNo, 'pay')
    await owner.until(topped.order.id, ['credited'])
    const after = (await owner.get(`/v1/lines/${number}`)).body
    expect(BigInt(after.balance.amountMinor) - BigInt(before.balance.amountMinor)).toBe(3700n)

    const receipt = (await owner.get(`/v1/top-ups/${topped.order.id}/receipt`)).body
    expect(receipt).toMatchObject({
      paid: { amountMinor: '3700', currency: 'CNY' },
      orderId: topped.order.id,
    })
    await expect
      .poll(async () => (await world.sms(`86${number}`)).map((m) => m.text), { timeout: 15_000 })
      .toEqual(expect.arrayContaining([expect.stringMatching(/^【莱卡保号】.*37/)]))
  })

  test('as a guest, in English, for pounds', async () => {
    const guest = person(world, 'harbour')
    await guest.proveAsPayer('07700 900000')
    const { order, outTradeNo } = await guest.orderToPay('07700 900000', { face: '1000' })
    await inWallet(world, 'harbour', outTradeNo, 'pay')
    const credited = await guest.until(order.id, ['credited'])
    expect(credited.final).toBe(true)
    const stranger = person(world, 'harbour')
    await stranger.proveAsPayer('07700 900001')
    expect((await stranger.get(`/v1/top-ups/${order.id}`)).body).toMatchObject({ code: 'order-not-found' })
  })

  test('a handset dials *101# and is told balance and date', async () => {
    const number = freshNumber()
    const answer = await fetch(`${world.sandbox.addresses.home}/api/handset/86${number}/ussd`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ text: '*101#' }),
    })
    expect(await answer.text()).toMatch(/号码保留至 ?20\d\d-\d\d-\d\d/)
  })
})

describe('when paying goes wrong', () => {
  test('32 notifications at once credit once', async () => {
    const number = freshNumber()
    const guest = await guestWith(number)
    await knobs(world, 'laika', { duplicate: 31 })
    const before = await balanceOf(number)
    const { order, outTradeNo } = await guest.orderToPay(number, { face: '5000' })
    await inWallet(world, 'laika', outTradeNo, 'pay')
    await guest.until(order.id, ['credited'])
    const { appId } = world.partners.laika
    await world.control('POST', `/control/alipay/${appId}/trades/${outTradeNo}/notify`, {
      times: 32,
      concurrently: true,
      freshIds: true,
    })
    await world.house.topUps.sweep('laika')
    expect((await balanceOf(number)) - before).toBe(5000n)
  })

  test('no notification at all: credited by query within 20 s', async () => {
    const number = freshNumber()
    const guest = await guestWith(number)
    await knobs(world, 'laika', { dropAll: true })
    const { order, outTradeNo } = await guest.orderToPay(number, { face: '5000' })
    const paidAt = performance.now()
    await inWallet(world, 'laika', outTradeNo, 'pay')
    // Nobody polls meanwhile: the loop alone must find it.
    const states = () => column('select state from {{brand}}.top_up where id = $1', idFromWire(order.id))
    await expect.poll(states, { timeout: 20_000, interval: 250 }).toEqual(['credited'])
    expect(performance.now() - paidAt).toBeLessThan(20_000)
    expect((await guest.order(order.id)).state).toBe('credited')
  })

  test.each(['49.79', '4.98', '498.00', '0.01'])(
    'a payment of %s instead of 49.80 is held and goes back whole',
    async (paidAmount) => {
      const number = freshNumber()
      const guest = await guestWith(number)
      await knobs(world, 'laika', { paidAmount })
      const before = await balanceOf(number)
      const { order, outTradeNo } = await guest.orderToPay(number, { face: '5000' })
      await inWallet(world, 'laika', outTradeNo, 'pay')
      const refunded = await guest.until(order.id, ['refunded'])
      expect(refunded.captured).toEqual(refunded.refunded)
      expect(await balanceOf(number)).toBe(before)
      const { appId } = world.partners.laika
      const trade = await world.control<{ state?: string; status?: string }>(
        'GET',
        `/control/alipay/${appId}/trades/${outTradeNo}`,
      )
      expect(JSON.stringify(trade)).toContain('TRADE_CLOSED')
    },
  )

  test('paid twice: the second payment goes back, the first is credited once', async () => {
    const number = freshNumber()
    const guest = await guestWith(number)
    await knobs(world, 'laika', { paidTwice: true })
    const before = await balanceOf(number)
    const { order, outTradeNo } = await guest.orderToPay(number, { face: '5000' })
    await inWallet(world, 'laika', outTradeNo, 'pay')
    await guest.until(order.id, ['credited'])
    const refunds = () =>
      column(
        'select state from {{brand}}.refund where order_id = $1 and reason = $2',
        idFromWire(order.id),
        'paid-twice',
      )
    await expect.poll(refunds, { timeout: 15_000 }).toEqual(['done'])
    expect((await guest.order(order.id)).state).toBe('credited')
    expect((await balanceOf(number)) - before).toBe(5000n)
  })

  test('forged notifications move nothing', async () => {
    const number = freshNumber()
    const guest = await guestWith(number)
    await knobs(world, 'laika', { forge: true })
    const { order } = await guest.orderToPay(number, { face: '5000' })
    await new Promise((resolve) => setTimeout(resolve, 1500))
    expect((await guest.order(order.id)).state).toBe('awaiting-payment')
    expect(world.house.payments.refusedNotifications.signature).toBeGreaterThan(0)
  })
})

describe('two tabs', () => {
  test('with one key make one order', async () => {
    const number = freshNumber()
    const guest = await guestWith(number)
    const key = 'one-key-for-both-tabs'
    const [a, b] = await Promise.all([
      guest.placeOrder(number, { face: '5000' }, key),
      guest.placeOrder(number, { face: '5000' }, key),
    ])
    expect([a.status, b.status]).toEqual([201, 201])
    expect(a.body.id).toBe(b.body.id)
    expect([a.headers['idempotency-replayed'], b.headers['idempotency-replayed']].filter(Boolean)).toEqual([
      'true',
    ])
  })

  test('with two keys: the second is told of the first', async () => {
    const number = freshNumber()
    const guest = await guestWith(number)
    expect((await guest.placeOrder(number, { face: '5000' })).status).toBe(201)
    expect((await guest.placeOrder(number, { face: '5000' })).body).toMatchObject({
      code: 'duplicate-recent',
      moneyMoved: false,
    })
  })
})

describe('brands', () => {
  test('no request of one reads or moves anything of the other', async () => {
    const number = freshNumber()
    const owner = person(world, 'laika')
    await owner.register(number)
    const { order } = await owner.orderToPay(number, { face: '5000' })
    const other = person(world, 'harbour')
    await other.proveAsPayer('07700 900002')
    expect((await other.get(`/v1/top-ups/${order.id}`)).body.code).toBe('order-not-found')
    const theirs = await other.get(`/v1/lines/+86${number}`)
    const nobodys = await other.get('/v1/lines/+8613800138000')
    expect(theirs.body.code).toBe('line-not-found')
    expect({ ...theirs.body, requestId: '' }).toEqual({ ...nobodys.body, requestId: '' })
    const strange = await other.send(
      'POST',
      '/v1/top-ups',
      {
        items: [{ number: `+86${number}`, offerId: order.id }],
        expected: { amountMinor: '1', currency: 'GBP' },
        locale: 'en',
      },
      'key-of-the-other-brand',
    )
    expect(strange.body.code).toBe('line-not-found')
  })
})
