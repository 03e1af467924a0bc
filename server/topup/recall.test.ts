import { afterEach, describe, expect, it } from 'vitest'
import { newKey, topUpHouse } from '../../test/support/top-up.ts'
import type { Visitor } from '../../test/support/visitor.ts'
import { armFailpoints, disarmFailpoints } from '../platform/failpoint.ts'

const house = await topUpHouse()
const { clock, owner, topUps, alipay } = house
// The brand of this file gives five minutes.
Object.assign(house.brands.get('laika').order, { recallSeconds: 300 })
afterEach(disarmFailpoints)

let numbers = 0
async function aNumber(): Promise<string> {
  const national = `1540011${(++numbers).toString().padStart(4, '0')}`
  await house.open({ msisdn: `86${national}` })
  return national
}
async function paid() {
  const guest = await house.guest(`1540012${numbers.toString().padStart(4, '0')}`)
  const number = await aNumber()
  const { id, attempt } = await house.toPay(guest, number, 5000n)
  await house.notify(attempt)
  await topUps.sweep('laika')
  return { guest, number, id }
}
const recall = (who: Visitor, id: string, key = newKey()) =>
  who.send('POST', `/v1/top-ups/${id}/recall`, undefined, { 'idempotency-key': key })

describe('a first top-up of a number', () => {
  it('is held for its time with the whole number shown, and credited then; the next one at once', async () => {
    const { guest, number, id } = await paid()
    const order = await house.order(guest, id)
    expect(order).toMatchObject({ state: 'held', heldReason: 'recall-window', recallSeconds: 300 })
    expect(order.resolvesBy).toBe(new Date(clock.instant() + 300_000).toISOString())
    expect(order.items[0]?.msisdn).toBe(`86${number}`)
    expect(order.timeline.at(-1)).toEqual({ step: 'held', at: new Date(clock.instant()).toISOString() })
    await topUps.handOverMessages('laika')
    clock.advance(300_000)
    await topUps.decideHeld('laika')
    const credited = await house.order(guest, id)
    expect(credited).toMatchObject({ state: 'credited', final: true })
    expect(credited.items[0]?.msisdn).toContain('****')
    expect((await recall(guest, id)).body).toMatchObject({ code: 'recall-too-late', state: 'credited' })
    const next = await house.toPay(guest, number, 5000n, { confirmDuplicate: true })
    await house.notify(next.attempt)
    await topUps.sweep('laika')
    expect(await house.order(guest, next.id)).toMatchObject({ state: 'credited', recallSeconds: 0 })
    await topUps.handOverMessages('laika')
    const { rows } = await owner.query(
      `select template from laika.message where template in ('order-recallable', 'top-up-credited') order by template`,
    )
    expect(rows.map(({ template }) => template)).toEqual([
      'order-recallable',
      'top-up-credited',
      'top-up-credited',
    ])
  })

  it('goes back when its payer takes it back; the same key again says so again, another is too late', async () => {
    alipay.on('alipay.trade.refund', ({ biz }) => ({
      ...{ code: '10000', out_trade_no: biz.out_trade_no, trade_no: biz.trade_no, fund_change: 'Y' },
      ...{ refund_fee: biz.refund_amount, gmt_refund_pay: '2026-11-22 15:00:00' },
    }))
    const { guest, id } = await paid()
    const key = newKey()
    const first = await recall(guest, id, key)
    expect([first.status, first.body.state]).toEqual([200, 'refunding'])
    const again = await recall(guest, id, key)
    expect([again.status, again.headers['idempotency-replayed']]).toEqual([200, 'true'])
    expect((await recall(guest, id)).body).toMatchObject({ code: 'recall-not-possible', state: 'refunding' })
    await house.payments.sendRefunds('laika')
    await topUps.sweep('laika')
    expect(await house.order(guest, id)).toMatchObject({
      state: 'refunded',
      refunded: { amountMinor: '4980' },
    })
  })

  it('taken back from two tabs at once goes back once, and both are told so', async () => {
    const { guest, id } = await paid()
    const key = newKey()
    const answers = await Promise.all([recall(guest, id, key), recall(guest, id, key)])
    expect(answers.map(({ status, body }) => [status, body.state])).toEqual([
      [200, 'refunding'],
      [200, 'refunding'],
    ])
    const other = await paid()
    expect((await recall(guest, other.id, key)).body).toMatchObject({ code: 'order-not-found' })
  })

  it('whose answer was lost is told by the same key', async () => {
    const { guest, id } = await paid()
    const key = newKey()
    armFailpoints('recall.settled:1:throw')
    expect((await recall(guest, id, key)).status).toBe(500)
    disarmFailpoints()
    expect((await recall(guest, id, key)).body).toMatchObject({ state: 'refunding' })
  })

  it('is nobody else’s to take back, nor without a key, nor before it is paid', async () => {
    const { id } = await paid()
    const other = await house.guest('15400129999')
    expect((await recall(other, id)).body).toMatchObject({ code: 'order-not-found' })
    expect((await other.send('POST', `/v1/top-ups/${id}/recall`)).body).toMatchObject({
      code: 'idempotency-key-missing',
    })
    const { body } = await house.place(other, await aNumber(), 5000n)
    expect((await recall(other, body.id)).body).toMatchObject({
      code: 'recall-not-possible',
      state: 'awaiting-payment',
    })
  })

  it('leaves every invariant as it is, and a recall that is none is found', async () => {
    clock.advance(300_000)
    await topUps.decideHeld('laika')
    await topUps.handOverMessages('laika')
    expect(await house.fsck()).toEqual([])
    await owner.query(`delete from laika.recall where order_id = (select order_id from laika.recall limit 1)`)
    expect((await house.fsck()).map(({ sentence }) => sentence)).toEqual([
      'What was recalled was paid back whole and never credited, and nothing else was paid back for that.',
    ])
  })
})
