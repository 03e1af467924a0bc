import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { idFromWire } from '../../contract/id.ts'
import { newKey, topUpHouse } from '../../test/support/top-up.ts'

const house = await topUpHouse()
const { owner, topUps } = house
const guest = await house.guest()

const NUMBER = '15400010001'
await house.open({ msisdn: `86${NUMBER}` })
const { headers } = await house.seller(10_000_000n)
/** One of each kind: credited online, sold by an agent, a package, refunded, expired, refused. */
const orders = { online: '', agent: '', package: '', refunded: '', waiting: '' }

async function placeAll(): Promise<void> {
  const online = await house.toPay(guest, NUMBER, 5000n)
  await house.notify(online.attempt)
  const refunded = await house.toPay(guest, NUMBER, 10_000n)
  await house.notify(refunded.attempt, { total_amount: '1.00' })
  const till = house.visit()
  const sell = async (body: object) =>
    (
      await till.send(
        'POST',
        '/v1/agent/top-ups',
        { msisdn: `86${NUMBER}`, ...body },
        { ...headers, 'idempotency-key': newKey() },
      )
    ).body.id
  const agent = await sell({ amount: { amountMinor: '3000', currency: 'CNY' } })
  const { packages } = await house.offers(guest, NUMBER)
  const sold = await sell({ offerId: packages[0]?.id })
  const waiting = (await house.place(guest, NUMBER, 20_000n)).body.id
  await house.place(guest, NUMBER, 20_000n, { expected: '1', confirmDuplicate: true })
  await topUps.sweep('laika')
  house.alipay.on('alipay.trade.refund', ({ biz }) => ({
    ...{ code: '10000', out_trade_no: biz.out_trade_no, trade_no: biz.trade_no, fund_change: 'Y' },
    ...{ refund_fee: biz.refund_amount, gmt_refund_pay: '2026-11-22 15:00:00' },
  }))
  await house.payments.sendRefunds('laika')
  await topUps.sweep('laika')
  await topUps.handOverMessages('laika')
  const wires = { online: online.id, refunded: refunded.id, agent, package: sold, waiting }
  for (const [name, id] of Object.entries(wires)) orders[name as keyof typeof orders] = idFromWire(id) ?? ''
}
await placeAll()

/** Plants a corruption, as only the owner could; it is taken back after the test. */
const plant = (sql: string, ...values: unknown[]) => owner.query(sql, values)
beforeEach(() => owner.query('begin'))
afterEach(() => owner.query('rollback'))

async function found(): Promise<{ id: string; sentence: string; rows: Record<string, unknown>[] }[]> {
  const { topUpChecks } = await import('./checks.ts')
  const violations = []
  for (const check of topUpChecks) {
    if (!('sql' in check)) continue
    const { rows } = await owner.query(check.sql.replaceAll('{{brand}}', 'laika'))
    if (rows.length > 0) violations.push({ id: check.id, sentence: check.sentence, rows })
  }
  return violations
}
const ids = async () => (await found()).map(({ id }) => id)

describe('what stands', () => {
  it('breaks nothing', async () => {
    expect(await house.fsck()).toEqual([])
    expect(await found()).toEqual([])
  })
})

describe('a planted corruption is found, and names its order', () => {
  const cases: readonly (readonly [string, string, keyof typeof orders, string])[] = [
    [
      'I4',
      'credit posted twice',
      'online',
      `insert into laika.transfer select gen_random_uuid(), debit_account, credit_account, amount, debit_after,
        credit_after, posting, cause, corrects, null, event_at, created_at from laika.transfer where cause = $1 and posting = 'online-top-up' limit 1`,
    ],
    ['I4', 'credit never posted', 'agent', `delete from laika.transfer where cause = $1`],
    [
      'I4',
      'less credited than its face',
      'online',
      `update laika.transfer set amount = amount - 1 where cause = $1 and posting = 'online-top-up'`,
    ],
    [
      'I4',
      'credited to another line',
      'online',
      `update laika.transfer t set credit_account = a.id from laika.line_account a where t.cause = $1 and a.epoch = 2`,
    ],
    [
      'I4',
      'credit for an order that waits',
      'waiting',
      `update laika.transfer set cause = $1 where cause = (select id from laika.top_up where kind = 'agent' and offer_kind <> 'package' limit 1)`,
    ],
    [
      'I4',
      'a package sold for another price',
      'package',
      `update laika.transfer set amount = amount + 1 where cause = $1 and posting = 'dealer-package'`,
    ],
    [
      'I4',
      'captured that was not taken',
      'online',
      `update laika.top_up set captured = captured + 1 where id = $1`,
    ],
    ['I4', 'refunded that was not sent', 'online', `update laika.top_up set refunded = 1 where id = $1`],
    [
      'I4',
      'a refunded order that kept something',
      'refunded',
      `update laika.top_up set refunded = refunded - 1 where id = $1`,
    ],
    [
      'I4',
      'a payment of another order',
      'online',
      `update laika.attempt set order_id = gen_random_uuid() where order_id = $1`,
    ],
    [
      'I5',
      'held past its time',
      'waiting',
      `update laika.top_up set state = 'held', held_reason = 'limit-reached', decide_by = now() - interval '2 min' where id = $1`,
    ],
    [
      'I5',
      'paid and left',
      'waiting',
      `update laika.top_up set state = 'paid', captured = 5, placed_at = now() - interval '2 min' where id = $1`,
    ],
    [
      'I5',
      'a state its facts do not give',
      'online',
      `update laika.top_up set state = 'expired' where id = $1`,
    ],
    [
      'I5',
      'refunding without a refund',
      'online',
      `update laika.top_up set refunds_open = true, state = 'refunding' where id = $1`,
    ],
    [
      'I5',
      'abnormal without a refusal',
      'refunded',
      `update laika.top_up set refund_abnormal = true, state = 'refund-abnormal' where id = $1`,
    ],
    [
      'I12',
      'a credit that owes no message',
      'online',
      `update laika.top_up set message_state = 0 where id = $1`,
    ],
    ['I12', 'a credit told and no message', 'agent', `delete from laika.message where subject = $1`],
    [
      'I12',
      'a credit told twice',
      'online',
      `insert into laika.message select gen_random_uuid(), channel, recipient, template, locale, filling, subject,
        sealed, urgency, state, due_at, not_after, tries, unknowns, lease, parts, failure, created_at, sent_at, ended_at from laika.message where id = $1`,
    ],
    [
      'I12',
      'a credit told to another number',
      'online',
      `update laika.message set recipient = '8615499999999' where id = $1`,
    ],
    [
      'I12',
      'a credit that is none',
      'waiting',
      `update laika.message set subject = $1 where template = 'top-up-credited'`,
    ],
    [
      'I13',
      'a key with an order and a refusal',
      'online',
      `insert into laika.refusal select caller, key, hash, 'line-ceased', '{}', now() from laika.top_up where id = $1`,
    ],
  ]

  it.each(cases)('%s: %s', async (id, _, name, sql) => {
    if (sql.includes('epoch = 2'))
      await plant(
        `insert into laika.line_account (id, line, epoch, currency) select gen_random_uuid(), line, 2, currency from laika.line_account limit 1`,
      )
    const order = orders[name]
    const { rowCount } = await plant(sql, order)
    expect(rowCount).toBeGreaterThan(0)
    const violations = await found()
    const own = violations.filter((violation) => violation.id === id)
    expect(own).not.toEqual([])
    expect(JSON.stringify(own.map(({ rows }) => rows))).toContain(order)
  })

  it('I4: allowances that a package did not grant', async () => {
    await plant(`update laika.lot set granted = granted - 1, remaining = least(remaining, granted - 1)`)
    expect(await ids()).toContain('I4')
  })
})
