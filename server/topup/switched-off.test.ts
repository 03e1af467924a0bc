import { afterEach, describe, expect, it } from 'vitest'
import { idFromWire } from '../../contract/id.ts'
import { newKey, topUpHouse } from '../../test/support/top-up.ts'
import type { Answer } from '../../test/support/visitor.ts'
import { type SwitchKind, switchOff, switchOn, WHOLE_BRAND } from '../brand/index.ts'

const house = await topUpHouse()
const { clock, owner, alipay, db } = house
const NUMBER = '15400070001'
await house.open({ msisdn: `86${NUMBER}` })
const guest = await house.guest('15400079001')
const { headers } = await house.seller(1_000_000n)

const notice = { 'zh-CN': '系统维护，预计 6 点恢复。', en: 'Maintenance until six.' }
const act = (kind: SwitchKind, name: string) => ({ kind, name, actor: 'os:anna', reason: 'drill' })
/** Processes look again after a second. */
const later = () => clock.advance(1_000)
async function off(kind: SwitchKind, name: string): Promise<void> {
  await db.of('laika').tx((tx) => switchOff(tx, clock, act(kind, name), notice))
  later()
}
async function on(kind: SwitchKind, name: string): Promise<boolean> {
  const was = await db.of('laika').tx((tx) => switchOn(tx, clock, act(kind, name)))
  later()
  return was
}
afterEach(async () => {
  await owner.query('delete from laika.switched_off')
  later()
})

const code = ({ status, body }: Answer) => `${status} ${body?.code ?? ''}`.trim()
const place = async () => await house.place(guest, NUMBER, 5000n, { confirmDuplicate: true })
const pay = async (id: string) =>
  await guest.send(
    'POST',
    `/v1/top-ups/${id}/payments`,
    { provider: 'alipay', scene: 'wap', locale: 'zh-CN' },
    { 'idempotency-key': newKey() },
  )
const ways = async () => (await guest.get('/v1/payment-ways')).body
const sell = async () =>
  await house.http.inject({
    method: 'POST',
    url: '/v1/agent/top-ups',
    headers: { ...headers, host: 'laika.test', 'idempotency-key': newKey() },
    payload: {
      msisdn: `86${NUMBER}`,
      amount: { amountMinor: '5000', currency: 'CNY' },
      confirmDuplicate: true,
    },
  })

describe('a brand that is switched off', () => {
  it('sells nothing new and says why, and still credits what is paid', async () => {
    const { id, attempt } = await house.toPay(guest, NUMBER, 5000n, { confirmDuplicate: true })
    await off('brand', WHOLE_BRAND)
    const refused = await place()
    expect(code(refused)).toBe('503 switched-off')
    expect(refused.body.notice).toEqual(notice)
    expect(code(await pay(id))).toBe('503 switched-off')
    const sale = await sell()
    expect([sale.statusCode, sale.json().code]).toEqual([503, 'switched-off'])
    expect(await house.notify(attempt)).toBe('success')
    await house.topUps.sweep('laika')
    expect((await house.order(guest, id)).state).toBe('credited')
    expect(await ways()).toMatchObject({ maintenance: notice })
  })

  it('sells again once it is on, and the audit has who and why', async () => {
    await off('brand', WHOLE_BRAND)
    expect(await on('brand', WHOLE_BRAND)).toBe(true)
    expect(await on('brand', WHOLE_BRAND)).toBe(false)
    expect((await place()).status).toBe(201)
    expect((await sell()).statusCode).toBe(201)
    const { rows } = await owner.query(
      `select act, actor, reason from laika.audit where subject = 'brand all' order by id desc limit 2`,
    )
    expect(rows).toEqual([
      { act: 'switched on', actor: 'os:anna', reason: 'drill' },
      { act: 'switched off', actor: 'os:anna', reason: 'drill' },
    ])
  })
})

describe('a rail that is switched off', () => {
  it('begins no payment, while its order waits for another way', async () => {
    const { id } = (await place()).body
    await off('rail', 'alipay')
    expect(code(await pay(id))).toBe('503 switched-off')
    expect(await ways()).toEqual({
      ways: [{ provider: 'alipay', currency: 'CNY', off: { why: 'switched-off', notice } }],
      maintenance: null,
    })
    expect((await house.order(guest, id)).state).toBe('awaiting-payment')
    await on('rail', 'alipay')
    expect((await pay(id)).status).toBe(201)
    expect(await ways()).toEqual({
      ways: [{ provider: 'alipay', currency: 'CNY', off: null }],
      maintenance: null,
    })
  })
})

describe('an offer that is switched off', () => {
  it('is not shown and not sold', async () => {
    const before = await house.offers(guest, NUMBER)
    const tile = before.denominations.find(({ face }) => face.amountMinor === '5000')
    await off('offer', idFromWire(tile?.id ?? '') as string)
    const after = await house.offers(guest, NUMBER)
    expect(after.denominations).toHaveLength(before.denominations.length - 1)
    expect(tile && after.denominations.some(({ id }) => id === tile.id)).toBe(false)
    const asked = await guest.send(
      'POST',
      '/v1/top-ups',
      { items: [{ number: NUMBER, offerId: tile?.id }], expected: tile?.price, locale: 'zh-CN' },
      { 'idempotency-key': newKey() },
    )
    expect(code(asked)).toBe('422 offer-not-on-sale')
  })
})

describe('a rail that does not answer', () => {
  it('is left alone for half a minute, then tried again', async () => {
    const begin = async (id: string) =>
      await guest.send(
        'POST',
        `/v1/top-ups/${id}/payments`,
        { provider: 'alipay', scene: 'qr', locale: 'zh-CN' },
        { 'idempotency-key': newKey() },
      )
    const { id } = (await place()).body
    alipay.on('alipay.trade.precreate', 'http-500')
    for (let i = 0; i < 5; i++) expect(code(await begin(id))).toBe('503 payment-unknown')
    const calls = alipay.calls.length
    expect(code(await begin(id))).toBe('503 payment-way-down')
    expect(alipay.calls.length).toBe(calls)
    clock.advance(30_000)
    alipay.on('alipay.trade.precreate', ({ biz }) => ({
      ...{ code: '10000', out_trade_no: biz.out_trade_no, qr_code: 'https://qr.example/1' },
    }))
    expect((await begin(id)).status).toBe(201)
  })
})
