import { idFromWire } from '../../contract/id.ts'
import { newKey, topUpHouse } from '../../test/support/top-up.ts'
import type { Answer, Visitor } from '../../test/support/visitor.ts'
import type { Asked } from './ask-refund.ts'
import { askRefund } from './index.ts'

export const uuid = (wire: string): string => idFromWire(wire) ?? ''

/** A house in which people buy, and have their money back. */
export async function refundHouse() {
  const house = await topUpHouse()
  const { owner, topUps, payments, alipay, db, clock } = house
  const laika = house.brands.get('laika')
  let numbers = 0
  const rows = async (sql: string, ...values: unknown[]) => (await owner.query(sql, values)).rows
  const world = {
    ...house,
    laika,
    rows,
    guest: await house.guest(),
    async aLine(): Promise<string> {
      const national = `1540012${(++numbers).toString().padStart(4, '0')}`
      await house.open({ msisdn: `86${national}` })
      return national
    },
    /** An order that is credited, and told. */
    async bought(who: Visitor, faceMinor = 5000n, line?: string) {
      const number = line ?? (await world.aLine())
      const { id, attempt } = await house.toPay(who, number, faceMinor, { confirmDuplicate: true })
      const price = (await house.order(who, id)).price.amountMinor
      await house.notify(attempt, { total_amount: `${price.slice(0, -2)}.${price.slice(-2)}` })
      await world.settled()
      return { number, id, attempt }
    },
    async settled(): Promise<void> {
      await topUps.sweep('laika')
      await topUps.handOverMessages('laika')
    },
    asksBack: (who: Visitor, id: string, body: object = {}, key = newKey()): Promise<Answer> =>
      who.send('POST', `/v1/top-ups/${id}/refunds`, body, { 'idempotency-key': key }),
    byStaff: (order: string, more: Partial<Asked> = {}) =>
      askRefund({ db, clock }, laika, {
        ...{ order: uuid(order), amountMinor: null, reason: '客户要求', mayEnd: false },
        by: { channel: 'staff', actor: 'operator ann' },
        ...more,
      }),
    async balanceOf(number: string): Promise<string> {
      const found = await rows(
        'select balance from laika.line_account a join laika.line l on l.id = a.line where l.msisdn = $1',
        `86${number}`,
      )
      return found[0].balance
    },
    /** The refunds that are due are sent, and what Alipay says is applied. */
    async sent(): Promise<void> {
      await payments.sendRefunds('laika')
      await world.settled()
    },
    /** Alipay pays back whatever it is asked for. */
    async paidBack(): Promise<void> {
      alipay.on('alipay.trade.refund', ({ biz }) => ({
        ...{ code: '10000', out_trade_no: biz.out_trade_no, trade_no: biz.trade_no, fund_change: 'Y' },
        ...{ refund_fee: biz.refund_amount, gmt_refund_pay: '2026-11-22 15:00:00' },
      }))
      await world.sent()
    },
  }
  return world
}
