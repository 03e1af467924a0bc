import { describe, expect, it } from 'vitest'
import { newKey, topUpHouse } from '../../test/support/top-up.ts'
import { compose } from '../messaging/template.ts'
import { armFailpoints } from '../platform/failpoint.ts'

const house = await topUpHouse()
const { owner, alipay, topUps, brands } = house
const guest = await house.guest()

let numbers = 0
async function aLine(paidMinor = 0n): Promise<string> {
  const national = `1540009${(++numbers).toString().padStart(4, '0')}`
  await house.open({ msisdn: `86${national}`, paidMinor })
  return national
}

/** What was written since the last look, as it would be read, to whom. */
async function told(): Promise<{ to: string; text: string; subject: string; own: boolean }[]> {
  await topUps.handOverMessages('laika')
  const { rows } = await owner.query(
    `with shown as (delete from laika.message where template not like '%-code' and template <> 'welcome' returning *)
     select * from shown order by created_at, recipient <> $1, template`,
    ['8615400099999'],
  )
  return rows.map(({ id, recipient, template, locale, filling, subject }) => ({
    to: recipient.replace(/^86/, ''),
    text: compose(brands.get('laika'), 'sms', template, locale, filling).body,
    subject,
    own: id === subject,
  }))
}
const texts = async () => (await told()).map(({ to, text }) => `${to}: ${text}`)

async function paid(number: string, face = 5000n, fields = {}, more = {}): Promise<string> {
  const { id, attempt } = await house.toPay(guest, number, face, more)
  await house.notify(attempt, fields)
  await topUps.sweep('laika')
  return id
}

describe('a credit', () => {
  it('tells the line its balance and date, and the payer on another phone that it arrived', async () => {
    const number = await aLine(1230n)
    await paid(number, 10_000n, { total_amount: '99.50' })
    expect(await texts()).toEqual([
      `15400099999: 【莱卡保号】您为 154****${number.slice(-4)} 办理的充值已到账：¥105.00。`,
      `${number}: 【莱卡保号】充值已到账：¥105.00。余额 ¥117.30，号码保留至 2028-08-17。`,
    ])
    expect(await told()).toEqual([])
  })

  it('tells a payer who tops up their own number once, in the language they placed it in', async () => {
    const number = '15400099999'
    await house.open({ msisdn: `86${number}` })
    await paid(number, 5000n, {}, { locale: 'en' })
    expect(await texts()).toEqual([
      `${number}: Laika: Top-up received: CNY 50.00. Balance CNY 50.00. Number kept until 2028-02-14.`,
    ])
  })

  it('of a package names no balance', async () => {
    const number = await aLine()
    const { packages } = await house.offers(guest, number)
    const quarter = packages.find(({ term }) => term === 'quarter')
    const body = { items: [{ number, offerId: quarter?.id }], expected: quarter?.price, locale: 'zh-CN' }
    const placed = await guest.send('POST', '/v1/top-ups', body, { 'idempotency-key': newKey() })
    const way = { provider: 'alipay', scene: 'wap', locale: 'zh-CN' }
    const path = `/v1/top-ups/${placed.body.id}/payments`
    const paying = await guest.send('POST', path, way, { 'idempotency-key': newKey() })
    await house.notify(paying.body.attemptId, { total_amount: '23.00' })
    await topUps.sweep('laika')
    expect(await texts()).toEqual([
      `15400099999: 【莱卡保号】您为 154****${number.slice(-4)} 办理的套餐已生效。`,
      `${number}: 【莱卡保号】套餐已办理成功，号码保留至 2027-11-15。`,
    ])
  })

  it('by an agent tells the line alone, and each of many once however many hand over', async () => {
    const { headers } = await house.seller(10_000_000n)
    const lines = await Promise.all(Array.from({ length: 12 }, () => aLine()))
    for (const number of lines) {
      const body = { msisdn: `86${number}`, amount: { amountMinor: '3000', currency: 'CNY' } }
      await house.visit().send('POST', '/v1/agent/top-ups', body, { ...headers, 'idempotency-key': newKey() })
    }
    const other = house.anotherProcess().topUps
    await Promise.all([topUps, other, topUps].map((room) => room.handOverMessages('laika')))
    const messages = await told()
    expect(messages.map(({ to }) => to).sort()).toEqual(lines.toSorted())
    expect(messages.every(({ own }) => own)).toBe(true)
  })

  it('is not told twice after a fault, nor forgotten', async () => {
    await paid(await aLine())
    armFailpoints('messages.written:1:throw')
    await expect(topUps.handOverMessages('laika')).rejects.toThrow('messages.written')
    expect(await texts()).toHaveLength(2)
    expect(await texts()).toEqual([])
  })
})

describe('money that is not credited', () => {
  it('held is told to the payer alone, with the moment it is decided by', async () => {
    const number = await aLine()
    const { attempt } = await house.toPay(guest, number, 5000n)
    await owner.query(
      `update laika.line_clock c set limit_day = date '1970-01-01' + $2::int, limit_day_minor = 498000 from laika.line l
        where l.id = c.line and l.msisdn = $1`,
      [`86${number}`, house.today()],
    )
    await house.notify(attempt)
    await topUps.sweep('laika')
    const [text, ...others] = await texts()
    expect(text).toMatch(
      /^15400099999: 【莱卡保号】已收到您为 154\*{4}\d{4} 充值支付的 ¥49\.80，暂时不能到账。最晚 2026-11-22 14:3\d 到账，否则自动原路退回/,
    )
    expect(others).toEqual([])
  })

  it('on its way back is told once it is back', async () => {
    const number = await aLine()
    await paid(number, 5000n, { total_amount: '49.79' })
    expect(await texts()).toEqual([])
    alipay.on('alipay.trade.refund', ({ biz }) => ({
      ...{ code: '10000', out_trade_no: biz.out_trade_no, trade_no: biz.trade_no, fund_change: 'Y' },
      ...{ refund_fee: biz.refund_amount, gmt_refund_pay: '2026-11-22 15:00:00' },
    }))
    await house.payments.sendRefunds('laika')
    await topUps.sweep('laika')
    expect(await texts()).toEqual([
      `15400099999: 【莱卡保号】您为 154****${number.slice(-4)} 充值支付的款项已原路退回：¥49.79。到账时间以支付渠道为准。`,
    ])
  })
})
