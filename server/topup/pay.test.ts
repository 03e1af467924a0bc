import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import type { Call } from '../../test/support/alipay-stand-in.ts'
import { newKey, type ToPay, topUpHouse } from '../../test/support/top-up.ts'
import type { Answer, Visitor } from '../../test/support/visitor.ts'
import { armFailpoints, disarmFailpoints } from '../platform/failpoint.ts'

const house = await topUpHouse()
const { clock, owner, alipay } = house
afterAll(disarmFailpoints)

const NUMBER = '15400040001'
await house.open({ msisdn: `86${NUMBER}` })
let payer = 0
let guest: Visitor
beforeEach(async () => {
  guest = await house.guest(`1540009${(++payer).toString().padStart(4, '0')}`)
})

const qrFor = ({ biz }: Call) => ({
  ...{ code: '10000', out_trade_no: biz.out_trade_no, qr_code: `https://qr.example/${biz.out_trade_no}` },
})
const code = ({ status, body }: Answer) => `${status} ${body?.code ?? ''}`.trim()
const begin = (id: string, more: object = {}, key = newKey(), who = guest) =>
  who.send(
    'POST',
    `/v1/top-ups/${id}/payments`,
    { provider: 'alipay', scene: 'wap', locale: 'zh-CN', ...more },
    { 'idempotency-key': key },
  )
const placed = async (): Promise<string> => (await house.place(guest, NUMBER, 5000n)).body.id
const attemptOf = async (wire: string) => {
  const { rows } = await owner.query('select * from laika.attempt order by id desc limit 1')
  expect(wire).toBeDefined()
  return rows[0]
}

describe('beginning to pay', () => {
  it('writes the attempt with the order’s time limit and sends the payer to the provider, and back to the order', async () => {
    const id = await placed()
    const { payBy } = await house.order(guest, id)
    const { status, body } = await begin(id)
    expect(status).toBe(201)
    expect(body).toMatchObject({ expiresAt: payBy })
    const params = new URL(body.redirectUrl).searchParams
    expect(params.get('return_url')).toBe(`http://laika.test/orders/${id}?returned=1`)
    const charge = JSON.parse(params.get('biz_content') ?? '{}')
    expect(charge).toMatchObject({ out_trade_no: body.attemptId, total_amount: '49.80' })
    expect(charge.subject).toBe('莱卡保号卡（演示） 50 元话费 154****0001')
    expect(await attemptOf(body.attemptId)).toMatchObject({ state: 'pending', amount: 4980n.toString() })
    expect(await house.order(guest, id)).toMatchObject({ provider: 'alipay', paymentState: 'pending' })
  })

  it('gives one key one way on, and another request under it nothing', async () => {
    const id = await placed()
    const key = newKey()
    const first = await begin(id, {}, key)
    const second = await begin(id, {}, key)
    expect(second.body).toEqual(first.body)
    expect(second.headers['idempotency-replayed']).toBe('true')
    expect(code(await begin(id, { scene: 'page' }, key))).toBe('422 idempotency-key-reused')
    expect((await begin(id)).body.attemptId).not.toBe(first.body.attemptId)
  })

  it('may be declined, or not be answered; the same key asks again', async () => {
    const id = await placed()
    const key = newKey()
    alipay.on('alipay.trade.precreate', 'http-500')
    const unknown = await begin(id, { scene: 'qr' }, key)
    expect(code(unknown)).toBe('503 payment-unknown')
    expect(unknown.headers['retry-after']).toBe('2')
    alipay.on('alipay.trade.precreate', qrFor)
    expect(await begin(id, { scene: 'qr' }, key)).toMatchObject({
      status: 201,
      body: { qr: expect.stringContaining('https://qr.example/') },
    })
    alipay.on('alipay.trade.precreate', { code: '40004', sub_code: 'ACQ.ACCESS_FORBIDDEN' })
    expect(code(await begin(id, { scene: 'qr' }))).toBe('422 payment-declined')
  })

  it('waits for nobody: a second request while the provider is asked is told to come again', async () => {
    const id = await placed()
    const key = newKey()
    let answer = () => {}
    const asked = new Promise<void>((resolve) => {
      alipay.on('alipay.trade.precreate', async (call) => {
        resolve()
        await new Promise<void>((done) => {
          answer = done
        })
        return qrFor(call)
      })
    })
    const first = begin(id, { scene: 'qr' }, key)
    await asked
    const second = await begin(id, { scene: 'qr' }, key)
    expect(code(second)).toBe('409 payment-in-progress')
    expect(second.headers['retry-after']).toBe('2')
    answer()
    expect((await first).status).toBe(201)
  })

  it('is for orders that await payment', async () => {
    const { id, attempt } = await house.toPay(guest, NUMBER, 5000n)
    await house.notify(attempt)
    await house.topUps.sweep('laika')
    expect(code(await begin(id))).toBe('409 order-not-payable')
    const late = await (await house.place(guest, NUMBER, 3000n)).body.id
    clock.advance(1_800_000)
    expect(code(await begin(late))).toBe('409 order-not-payable')
  })

  it('needs a rail the brand has', async () => {
    await owner.query('update laika.merchant set enabled = false')
    expect(code(await begin(await placed()))).toBe('422 payment-not-offered')
    await owner.query('update laika.merchant set enabled = true')
  })

  it.each([
    'pay.locked',
    'pay.opened',
    'payment.create-calling',
    'payment.create-answered',
    'payment.create-kept',
  ])('survives a fault at %s: the same key goes on', async (point) => {
    const id = await placed()
    const key = newKey()
    armFailpoints(`${point}:1:throw`)
    expect(code(await begin(id, {}, key))).toBe('500 internal')
    // Whoever was calling the provider may still be at it, for 15 s.
    clock.advance(15_001)
    expect((await begin(id, {}, key)).status).toBe(201)
    const { rowCount } = await owner.query('select from laika.attempt where key = $1', [key])
    expect(rowCount).toBe(1)
  })
})

describe('while the payer is away', () => {
  let paying: ToPay
  beforeEach(async () => {
    paying = await house.toPay(guest, NUMBER, 5000n, { confirmDuplicate: true })
  })
  const nextQuery = async () => {
    const { next_query_at, watched_until } = await attemptOf(paying.attempt)
    return {
      inMs: next_query_at.getTime() - clock.instant(),
      watched: watched_until?.getTime() > clock.instant(),
    }
  }

  it('a page that polls has the provider asked sooner, once every two seconds', async () => {
    expect(await nextQuery()).toMatchObject({ watched: false })
    await house.order(guest, paying.id)
    const { inMs, watched } = await nextQuery()
    expect(watched).toBe(true)
    expect(inMs).toBeLessThanOrEqual(3_000)
    const before = (await attemptOf(paying.attempt)).watched_until
    clock.advance(1_000)
    await house.order(guest, paying.id)
    expect((await attemptOf(paying.attempt)).watched_until).toEqual(before)
    clock.advance(6_000)
    await house.order(guest, paying.id)
    expect((await attemptOf(paying.attempt)).watched_until).not.toEqual(before)
  })

  it('one who is back has it asked at once', async () => {
    const { status } = await guest.send('POST', `/v1/top-ups/${paying.id}/returned`)
    expect(status).toBe(204)
    expect((await nextQuery()).inMs).toBeLessThanOrEqual(0)
  })
})
