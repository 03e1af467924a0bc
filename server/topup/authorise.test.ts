import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { merchant, ours, startWechatWorld, type WechatWorld } from '../../sandbox/wechat/testing/world.ts'
import { newKey, topUpHouse } from '../../test/support/top-up.ts'
import type { Visitor } from '../../test/support/visitor.ts'
import { createClock } from '../platform/clock.ts'

const house = await topUpHouse()
const { clock, db, payments, owner } = house
const NUMBER = '15400120021'
let world: WechatWorld
let payer: Visitor
let order: string

beforeAll(async () => {
  world = await startWechatWorld()
  // WeChat Pay refuses what is signed at another hour than its own.
  clock.advance(createClock().instant() - clock.instant())
  const { wechat: at } = world.sandbox.addresses
  await db.of('laika').tx((tx) =>
    payments.addMerchant(tx, {
      ...{ provider: 'wechat', id: merchant.mchId, seller: merchant.mchId, currency: 'CNY', gateway: at },
      ...{ enabled: true, privateKey: ours.privatePem, providerKeys: [] },
      secrets: { apiV3Key: merchant.apiV3Key, appSecret: merchant.appSecret },
      settings: {
        ...{ appId: merchant.appId, serialNo: merchant.merchantSerialNo, oauthPages: at, oauthApi: at },
      },
    }),
  )
  await house.open({ msisdn: `86${NUMBER}` })
  payer = await house.guest()
  order = (await house.place(payer, NUMBER, 5000n)).body.id
})
afterAll(() => world.end())

const away = (who: Visitor) => who.get(`/v1/top-ups/${order}/authorisation`)
/** WeChat sends the browser back with a code and what it was sent off with. */
async function knownTo(who: Visitor) {
  const address = String((await away(who)).headers.location)
  const back = new URL((await fetch(address, { redirect: 'manual' })).headers.get('location') ?? '')
  expect(back.origin + back.pathname).toBe(`http://laika.test/orders/${order}`)
  return { code: back.searchParams.get('code') ?? '', state: back.searchParams.get('state') ?? '' }
}
const begin = (authorisation?: { code: string; state: string }, key = newKey()) =>
  payer.send(
    'POST',
    `/v1/top-ups/${order}/payments`,
    {
      ...{ provider: 'wechat', scene: 'jsapi', locale: 'zh-CN' },
      ...(authorisation && { authorisation }),
    },
    { 'idempotency-key': key },
  )

describe('a page inside WeChat', () => {
  it('comes back with a code, by which its payment is launched; the same key launches it again', async () => {
    const authorisation = await knownTo(payer)
    const key = newKey()
    const started = await begin(authorisation, key)
    expect(started.status).toBe(201)
    const { launch } = started.body
    expect(launch).toMatchObject({ appId: merchant.appId, signType: 'RSA' })
    const taken = `${world.sandbox.addresses.home}/wechat/launch?${new URLSearchParams(launch)}`
    expect((await fetch(taken, { redirect: 'manual' })).status).toBe(303)
    expect((await begin(authorisation, key)).body.launch).toEqual(launch)
    const { rows } = await owner.query(
      'select a::text as kept from laika.attempt a where a.order_id is not null',
    )
    const kept = rows.map((row) => row.kept).join()
    expect(kept).not.toContain(authorisation.code)
    expect(kept).not.toMatch(/openid|\bo[\w-]{27}\b/)
  })

  it('is not believed with somebody else’s state, an old one, an altered one or none', async () => {
    const { code, state } = await knownTo(payer)
    const refused = { status: 422, body: { code: 'payment-payer-unknown' } }
    const other = await house.guest('15400099998')
    expect((await away(other)).body.code).toBe('order-not-found')
    const last = state.endsWith('0') ? '1' : '0'
    expect(await begin({ code, state: state.slice(0, -1) + last })).toMatchObject(refused)
    expect(await begin({ code, state: '' })).toMatchObject(refused)
    expect(await begin()).toMatchObject(refused)
    clock.advance(10 * 60_000)
    expect(await begin({ code, state })).toMatchObject(refused)
  })

  it('begins nothing by a code that is used or made up', async () => {
    const { state } = await knownTo(payer)
    expect((await begin({ code: 'made-up', state })).body.code).toBe('payment-declined')
  })

  it('is offered by the ways to pay, where the merchant can be asked', async () => {
    const ways = async () => (await payer.get('/v1/payment-ways')).body.ways
    expect(await ways()).toContainEqual({ provider: 'wechat', currency: 'CNY', inApp: true, off: null })
    await owner.query(`update laika.merchant set settings = settings - 'oauthApi' where provider = 'wechat'`)
    expect(await ways()).toContainEqual({ provider: 'wechat', currency: 'CNY', off: null })
  })
})
