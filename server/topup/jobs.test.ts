import { afterEach, describe, expect, it } from 'vitest'
import { idFromWire } from '../../contract/id.ts'
import { newKey, type Placing, type ToPay, topUpHouse } from '../../test/support/top-up.ts'
import { armFailpoints, disarmFailpoints } from '../platform/failpoint.ts'

const house = await topUpHouse()
const { clock, owner, alipay, topUps } = house
let guest = await house.guest()
let payers = 0
afterEach(disarmFailpoints)

const CLOSE = 'alipay.trade.close'
const QUERY = 'alipay.trade.query'
const HALF_AN_HOUR = 1_800_000

let numbers = 0
async function aLine(): Promise<string> {
  const national = `1540008${(++numbers).toString().padStart(4, '0')}`
  await house.open({ msisdn: `86${national}` })
  return national
}
const stateOf = async (id: string) => (await house.order(guest, id)).state
const paying = async (more: Placing = {}): Promise<ToPay & { number: string }> => {
  // The clock moves on from test to test, and a proof lasts ten minutes.
  guest = await house.guest(`1540009${(++payers).toString().padStart(4, '0')}`)
  const number = await aLine()
  return { number, ...(await house.toPay(guest, number, 5000n, more)) }
}
const attemptState = async (wire: string) => {
  const { rows } = await owner.query('select state from laika.attempt where id = $1', [idFromWire(wire)])
  return rows[0].state
}

describe('an order nobody paid', () => {
  it('without an attempt expires when its time is over, and not before; many at once', async () => {
    const ids: string[] = []
    for (let i = 0; i < 3; i++) ids.push((await house.place(guest, await aLine(), 5000n)).body.id)
    clock.advance(HALF_AN_HOUR - 1)
    expect(await topUps.expireDue('laika')).toBe(0)
    clock.advance(1)
    expect(await topUps.expireDue('laika')).toBe(3)
    const order = await house.order(guest, ids[0] as string)
    expect(order).toMatchObject({ state: 'expired', final: true, payBy: null })
    expect(order.timeline.map(({ step }) => step)).toEqual(['placed', 'expired'])
    expect(await topUps.expireDue('laika')).toBe(0)
  })

  it('with an attempt is closed at the provider first', async () => {
    const { id, attempt } = await paying()
    clock.advance(HALF_AN_HOUR)
    alipay.on(CLOSE, ({ biz }) => ({ code: '10000', out_trade_no: biz.out_trade_no, trade_no: 'T1' }))
    expect(await topUps.expireDue('laika')).toBe(1)
    expect(await stateOf(id)).toBe('expired')
    expect(await attemptState(attempt)).toBe('closed')
    await topUps.sweep('laika')
    expect(await attemptState(attempt)).toBe('closed')
  })

  it('that turns out to be paid is left to its evidence', async () => {
    const { id, attempt } = await paying()
    clock.advance(HALF_AN_HOUR)
    alipay.on(CLOSE, { code: '40004', sub_code: 'ACQ.TRADE_STATUS_ERROR' })
    alipay.on(QUERY, {
      ...{ code: '10000', out_trade_no: attempt, trade_no: `T${attempt}`, trade_status: 'TRADE_SUCCESS' },
      ...{ total_amount: '49.80', send_pay_date: '2026-11-22 14:20:05' },
    })
    expect(await topUps.expireDue('laika')).toBe(0)
    await topUps.sweep('laika')
    expect(await stateOf(id)).toBe('credited')
  })

  it('whose provider does not answer waits a minute and is asked again', async () => {
    const { id } = await paying()
    clock.advance(HALF_AN_HOUR)
    alipay.on(CLOSE, 'http-500')
    expect(await topUps.expireDue('laika')).toBe(0)
    alipay.on(CLOSE, ({ biz }) => ({ code: '10000', out_trade_no: biz.out_trade_no, trade_no: 'T2' }))
    clock.advance(59_000)
    expect(await topUps.expireDue('laika')).toBe(0)
    clock.advance(1_001)
    expect(await topUps.expireDue('laika')).toBe(1)
    expect(await stateOf(id)).toBe('expired')
  })

  it('is credited by a payment that comes after all', async () => {
    const { id, attempt, number } = await paying()
    clock.advance(HALF_AN_HOUR)
    alipay.on(CLOSE, ({ biz }) => ({ code: '10000', out_trade_no: biz.out_trade_no, trade_no: 'T3' }))
    await topUps.expireDue('laika')
    await house.notify(attempt)
    await topUps.sweep('laika')
    expect(await stateOf(id)).toBe('credited')
    const { rows } = await owner.query(
      'select balance from laika.line_account a join laika.line l on l.id = a.line where l.msisdn = $1',
      [`86${number}`],
    )
    expect(rows).toEqual([{ balance: '5000' }])
  })

  it.each(['expire.closed', 'expire.written', 'payment.close-answered'])(
    'survives a fault at %s',
    async (point) => {
      const { id } = await paying()
      clock.advance(HALF_AN_HOUR)
      alipay.on(CLOSE, ({ biz }) => ({ code: '10000', out_trade_no: biz.out_trade_no, trade_no: newKey() }))
      armFailpoints(`${point}:1:throw`)
      await topUps.expireDue('laika').catch(() => 0)
      disarmFailpoints()
      clock.advance(60_001)
      await topUps.expireDue('laika')
      await topUps.sweep('laika')
      expect(await stateOf(id)).toBe('expired')
    },
  )
})

describe('a held order', () => {
  const fill = (number: string) =>
    owner.query(
      `update laika.line_clock c set limit_day = date '1970-01-01' + $2::int, limit_day_minor = 498000 from laika.line l
        where l.id = c.line and l.msisdn = $1`,
      [`86${number}`, house.today()],
    )
  const empty = (number: string) =>
    owner.query(
      `update laika.line_clock c set limit_day_minor = 0, limit_month_minor = 0 from laika.line l
        where l.id = c.line and l.msisdn = $1`,
      [`86${number}`],
    )

  it('tells its payer, and is credited at its time if it can be', async () => {
    const { id, attempt, number } = await paying()
    await fill(number)
    await house.notify(attempt)
    await topUps.sweep('laika')
    const held = await house.order(guest, id)
    expect(held).toMatchObject({ state: 'held', heldReason: 'limit-reached', final: false })
    expect(held.resolvesBy).toBe(new Date(clock.instant() + HALF_AN_HOUR).toISOString())
    expect(held.timeline.at(-1)).toEqual({ step: 'held', at: new Date(clock.instant()).toISOString() })
    await empty(number)
    expect(await topUps.decideHeld('laika')).toBe(0)
    clock.advance(HALF_AN_HOUR)
    expect(await topUps.decideHeld('laika')).toBe(1)
    expect(await stateOf(id)).toBe('credited')
  })

  it('goes back at its time if it cannot', async () => {
    const { id, attempt, number } = await paying()
    await fill(number)
    await house.notify(attempt)
    await topUps.sweep('laika')
    clock.advance(HALF_AN_HOUR)
    await topUps.decideHeld('laika')
    expect(await house.order(guest, id)).toMatchObject({
      state: 'refunding',
      heldReason: null,
      resolvesBy: null,
    })
    alipay.on('alipay.trade.refund', ({ biz }) => ({
      ...{ code: '10000', out_trade_no: biz.out_trade_no, trade_no: biz.trade_no, fund_change: 'Y' },
      ...{ refund_fee: biz.refund_amount, gmt_refund_pay: '2026-11-22 15:00:00' },
    }))
    await house.payments.sendRefunds('laika')
    await topUps.sweep('laika')
    const refunded = await house.order(guest, id)
    expect(refunded).toMatchObject({ state: 'refunded', final: true, refunded: { amountMinor: '4980' } })
    expect(refunded.timeline.map(({ step }) => step)).toEqual(['placed', 'paid', 'refunding', 'refunded'])
  })
})

describe('a line', () => {
  it('is kept while a payment for it is under way', async () => {
    const { number, attempt } = await paying()
    const other = await aLine()
    const { rows } = await owner.query('select id from laika.line where msisdn = any($1) order by msisdn', [
      [`86${number}`, `86${other}`],
    ])
    const [line, idle] = rows.map(({ id }) => id)
    const kept = () => house.db.of('laika').tx((tx) => topUps.underWay(tx, [line, idle]))
    expect(await kept()).toEqual(new Set())
    await owner.query(`update laika.attempt set state = 'unknown' where id = $1`, [idFromWire(attempt)])
    expect(await kept()).toEqual(new Set([line]))
    clock.advance(72 * 3_600_000 + 1)
    expect(await kept()).toEqual(new Set())
  })
})

describe('the loops', () => {
  it('do all of it by themselves, and stop', async () => {
    const { id, attempt } = await paying()
    topUps.startLoops()
    await house.notify(attempt)
    await expect.poll(() => stateOf(id), { timeout: 5_000 }).toBe('credited')
    const told = async () =>
      (await owner.query('select message_state from laika.top_up where id = $1', [idFromWire(id)])).rows[0]
        .message_state
    await expect.poll(told, { timeout: 5_000 }).toBe(2)
    await topUps.stopLoops()
  })
})
