import { afterEach, describe, expect, it } from 'vitest'
import { idFromWire } from '../../contract/id.ts'
import { type ToPay, topUpHouse } from '../../test/support/top-up.ts'
import type { Answer, Visitor } from '../../test/support/visitor.ts'
import { armFailpoints, disarmFailpoints } from '../platform/failpoint.ts'

const house = await topUpHouse()
const { clock, owner, alipay, topUps } = house
afterEach(disarmFailpoints)

const CLOSE = 'alipay.trade.close'
const QUERY = 'alipay.trade.query'
const NOT_EXIST = { code: '40004', sub_code: 'ACQ.TRADE_NOT_EXIST' }
const OVER = { code: '40004', sub_code: 'ACQ.TRADE_STATUS_ERROR' }
const HALF_AN_HOUR = 1_800_000

type Biz = Readonly<Record<string, unknown>>
const closed = ({ biz }: { readonly biz: Biz }) => ({
  ...{ code: '10000', out_trade_no: biz.out_trade_no, trade_no: `T${biz.out_trade_no}` },
})
const paidAt = ({ biz }: { readonly biz: Biz }) => ({
  ...closed({ biz }),
  ...{ trade_status: 'TRADE_SUCCESS', total_amount: '49.80', send_pay_date: '2026-11-22 14:00:05' },
})

let people = 0
/** Somebody of their own with an order for a line of its own, so that no test meets another's. */
async function placed(): Promise<{ who: Visitor; number: string; id: string }> {
  const at = (++people).toString().padStart(4, '0')
  const who = await house.guest(`1540009${at}`)
  const number = `1540008${at}`
  await house.open({ msisdn: `86${number}` })
  return { who, number, id: (await house.place(who, number, 5000n)).body.id }
}
async function paying(): Promise<ToPay & { who: Visitor; number: string }> {
  const { who, number, id } = await placed()
  return { who, number, id, ...(await begin(who, id)) }
}
async function begin(who: Visitor, id: string) {
  const key = `pay-${id}-${clock.instant()}`
  const body = { provider: 'alipay', scene: 'wap', locale: 'zh-CN' }
  const answer = await who.send('POST', `/v1/top-ups/${id}/payments`, body, { 'idempotency-key': key })
  return { attempt: answer.body.attemptId as string, key, answer }
}
const cancel = (who: Visitor, id: string) => who.send('POST', `/v1/top-ups/${id}/cancel`)
const told = ({ status, body }: Answer) => `${status} ${body?.code ?? body?.state}`
const stateOf = async ({ who, id }: { who: Visitor; id: string }) => (await house.order(who, id)).state
const attemptState = async (wire: string) => {
  const { rows } = await owner.query('select state from laika.attempt where id = $1', [idFromWire(wire)])
  return rows[0].state
}
const closes = () => alipay.calls.filter(({ method }) => method === CLOSE).length

describe('an order without a payment begun', () => {
  it('ends at once, calls nobody, and says by whom; asked again, it says so again', async () => {
    const { who, id } = await placed()
    const before = alipay.calls.length
    const answer = await cancel(who, id)
    expect(told(answer)).toBe('200 expired')
    expect(answer.body).toMatchObject({ final: true, payBy: null, captured: { amountMinor: '0' } })
    const steps = answer.body.timeline.map(({ step }: { step: string }) => step)
    expect(steps).toEqual(['placed', 'cancelled'])
    expect(alipay.calls).toHaveLength(before)
    const again = await cancel(who, id)
    expect([again.status, again.body]).toEqual([200, answer.body])
  })

  it('can be paid no more, and the same top-up is placed anew without a question', async () => {
    const { who, id, number } = await placed()
    await cancel(who, id)
    expect(told((await begin(who, id)).answer)).toBe('409 order-not-payable')
    expect((await house.place(who, number, 5000n)).status).toBe(201)
  })

  it('is nobody else’s to cancel', async () => {
    const { who, id } = await placed()
    const stranger = (await placed()).who
    expect(told(await cancel(stranger, id))).toBe('404 order-not-found')
    expect(told(await cancel(who, 'no-id'))).toBe('404 order-not-found')
    expect(await stateOf({ who, id })).toBe('awaiting-payment')
  })

  it('that its time ended is told as expired, not as cancelled', async () => {
    const { who, id } = await placed()
    clock.advance(HALF_AN_HOUR)
    await topUps.expireDue('laika')
    const answer = await cancel(who, id)
    expect(told(answer)).toBe('200 expired')
    expect(answer.body.timeline.at(-1).step).toBe('expired')
  })
})

describe('an order with a payment begun', () => {
  it('is closed at the provider first', async () => {
    const order = await paying()
    alipay.on(CLOSE, closed)
    const before = closes()
    expect(told(await cancel(order.who, order.id))).toBe('200 expired')
    expect(closes()).toBe(before + 1)
    expect(await attemptState(order.attempt)).toBe('closed')
    await topUps.sweep('laika')
    expect(await stateOf(order)).toBe('expired')
  })

  it('that the provider never heard of ends too, and its attempt is asked about for its whole time', async () => {
    const order = await paying()
    alipay.on(CLOSE, NOT_EXIST)
    expect(told(await cancel(order.who, order.id))).toBe('200 expired')
    expect(await attemptState(order.attempt)).toBe('closed')
    const { rows } = await owner.query('select next_query_at from laika.attempt where id = $1', [
      idFromWire(order.attempt),
    ])
    expect(rows[0].next_query_at).not.toBeNull()
  })

  it('stays as it is while the provider does not answer, and is asked about at once', async () => {
    const order = await paying()
    alipay.on(CLOSE, 'http-500')
    const answer = await cancel(order.who, order.id)
    expect(told(answer)).toBe('503 cancel-unknown')
    expect(answer.body).toMatchObject({ moneyMoved: false, retryAfterSeconds: 2 })
    expect(await house.order(order.who, order.id)).toMatchObject({
      ...{ state: 'awaiting-payment', paymentState: 'unknown' },
    })
    const { rows } = await owner.query('select next_query_at from laika.attempt where id = $1', [
      idFromWire(order.attempt),
    ])
    expect(new Date(rows[0].next_query_at).getTime()).toBeLessThanOrEqual(clock.instant())
    alipay.on(CLOSE, closed)
    expect(told(await cancel(order.who, order.id))).toBe('200 expired')
  })

  it.each(['payment.close-answered', 'cancel.closed', 'expire.written'])(
    'a fault at %s leaves it to be cancelled again',
    async (point) => {
      const order = await paying()
      alipay.on(CLOSE, closed)
      armFailpoints(`${point}:1:throw`)
      expect((await cancel(order.who, order.id)).status).toBe(500)
      expect(await stateOf(order)).toBe('awaiting-payment')
      alipay.on(CLOSE, OVER)
      alipay.on(QUERY, (call) => ({ ...closed(call), trade_status: 'TRADE_CLOSED', total_amount: '49.80' }))
      expect(told(await cancel(order.who, order.id))).toBe('200 expired')
    },
  )
})

describe('cancelling against the payment', () => {
  it('paid before: the provider says so, nothing is cancelled, and it is credited', async () => {
    const order = await paying()
    alipay.on(CLOSE, OVER)
    alipay.on(QUERY, paidAt)
    expect(told(await cancel(order.who, order.id))).toBe('409 order-paid')
    await topUps.sweep('laika')
    expect(await stateOf(order)).toBe('credited')
    expect(told(await cancel(order.who, order.id))).toBe('409 order-paid')
  })

  it('paid while the provider answers: what was credited meanwhile stays', async () => {
    const order = await paying()
    alipay.on(CLOSE, async () => {
      await house.notify(order.attempt)
      await topUps.sweep('laika')
      return NOT_EXIST
    })
    expect(told(await cancel(order.who, order.id))).toBe('409 order-paid')
    expect(await stateOf(order)).toBe('credited')
  })

  it('told of while the provider answers, and settled afterwards: the payment re-opens the order', async () => {
    const order = await paying()
    alipay.on(CLOSE, async () => {
      await house.notify(order.attempt)
      return NOT_EXIST
    })
    expect(told(await cancel(order.who, order.id))).toBe('200 expired')
    await topUps.sweep('laika')
    expect(await stateOf(order)).toBe('credited')
    expect(await attemptState(order.attempt)).toBe('captured')
  })

  it('paid after: the payment re-opens the order, and a second one goes back', async () => {
    const order = await paying()
    alipay.on(CLOSE, NOT_EXIST)
    await cancel(order.who, order.id)
    await house.notify(order.attempt)
    await topUps.sweep('laika')
    expect(await stateOf(order)).toBe('credited')
    await house.notify(order.attempt, { trade_no: `second${order.id}` })
    await topUps.sweep('laika')
    const { rows } = await owner.query('select reason from laika.refund where order_id = $1', [
      idFromWire(order.id),
    ])
    expect(rows).toEqual([{ reason: 'paid-twice' }])
  })

  it('paid after with another amount: the payment goes back by itself', async () => {
    const order = await paying()
    alipay.on(CLOSE, NOT_EXIST)
    await cancel(order.who, order.id)
    await house.notify(order.attempt, { total_amount: '49.00' })
    await topUps.sweep('laika')
    expect(await stateOf(order)).toBe('refunding')
  })

  it('another payment begun while the provider answers keeps the order', async () => {
    const order = await paying()
    let second = ''
    alipay.on(CLOSE, async (call) => {
      clock.advance(1)
      second = (await begin(order.who, order.id)).attempt
      return closed(call)
    })
    expect(told(await cancel(order.who, order.id))).toBe('409 payment-in-progress')
    expect(await stateOf(order)).toBe('awaiting-payment')
    expect(await attemptState(second)).toBe('pending')
    alipay.on(CLOSE, closed)
    expect(told(await cancel(order.who, order.id))).toBe('200 expired')
  })

  it('and its time being over: one of the two ends it, and both say so', async () => {
    const order = await paying()
    alipay.on(CLOSE, async (call) => {
      alipay.on(CLOSE, NOT_EXIST)
      clock.advance(HALF_AN_HOUR)
      await topUps.expireDue('laika')
      return closed(call)
    })
    const answer = await cancel(order.who, order.id)
    expect(told(answer)).toBe('200 expired')
    expect(answer.body.timeline.at(-1).step).toBe('expired')
  })
})

it('leaves books that hold together', async () => {
  await topUps.sweep('laika')
  expect(await house.fsck()).toEqual([])
})
