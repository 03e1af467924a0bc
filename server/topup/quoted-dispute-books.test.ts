import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { FOREIGN_APP_ID, newKey, topUpHouse } from '../../test/support/top-up.ts'
import { importRates, readRates } from '../quote/index.ts'
import { ecbFile } from '../quote/rates-fixture.ts'
import { reconciliationChecks } from '../reconciliation/index.ts'
import { topUpChecks } from './checks.ts'
import type { DisputeState } from './dispute.ts'
import { askRefund } from './index.ts'
import { uuid } from './refund-fixture.ts'

const house = await topUpHouse()
const { db, clock, topUps, payments, owner } = house
const harbour = house.brands.get('harbour')
await house.addForeignRail('harbour', 'CNY')
await importRates(
  db.of('harbour'),
  clock,
  readRates(Buffer.from(ecbFile('2026-11-20', { GBP: '0.87', CNY: '7.8' })), null),
  'operator ann',
)
const guest = await house.guest('07700900321', 'harbour')
const settled = async () => {
  await topUps.sweep('harbour')
  await topUps.handOverMessages('harbour')
}

let numbers = 0
/** Ten pounds that were paid by ¥91.00, credited and told. */
async function bought() {
  const national = `077009003${(30 + numbers++).toString()}`
  await house.open({ msisdn: `44${national.slice(1)}`, brand: 'harbour' })
  const { id } = (await house.place(guest, national, 1000n, { locale: 'en', confirmDuplicate: true })).body
  const quote = (await guest.send('POST', `/v1/top-ups/${id}/quotes`, { currency: 'CNY' })).body
  const body = { provider: 'alipay', scene: 'wap', locale: 'en', quote: quote.id }
  const begun = await guest.send('POST', `/v1/top-ups/${id}/payments`, body, { 'idempotency-key': newKey() })
  const { attemptId: attempt } = begun.body
  const money = { total_amount: '91.00', app_id: FOREIGN_APP_ID, auth_app_id: FOREIGN_APP_ID }
  expect(await house.notify(attempt, money, 'harbour')).toBe('success')
  await settled()
  return { id: id as string, attempt: attempt as string }
}

async function told(attempt: string, said: DisputeState, amountMinor = 9100n, number = `du_${attempt}`) {
  await payments.record('harbour', {
    ...{ provider: 'alipay', merchant: FOREIGN_APP_ID, kind: 'notify', providerId: `${number}/${said}` },
    ...{ attempt: uuid(attempt), refund: null, said, transaction: `T${attempt}`, amountMinor },
    ...{ currency: 'CNY', happenedAtMs: null, note: 'fraudulent', raw: Buffer.from('{}'), fields: {} },
    dispute: { number, feeMinor: null },
  })
  await settled()
  await topUps.applyDisputes('harbour')
  await settled()
}

const back = async (order: string, amountMinor: bigint) => {
  await askRefund({ db, clock }, harbour, {
    ...{ order: uuid(order), amountMinor, reason: 'asked', mayEnd: true },
    by: { channel: 'staff', actor: 'operator ann' },
  })
  await topUps.beginRefunds('harbour')
  await payments.sendRefunds('harbour')
  await settled()
}

const lost = await bought()
await told(lost.attempt, 'reversed')
const won = await bought()
await told(won.attempt, 'disputed')
await told(won.attempt, 'reinstated')
/** Of one a third went back, and the bank has taken a half of what was left; nobody has decided. */
const open = await bought()
house.alipay.on('alipay.trade.refund', ({ biz }) => ({
  ...{ code: '10000', out_trade_no: biz.out_trade_no, trade_no: biz.trade_no, fund_change: 'Y' },
  ...{ refund_fee: biz.refund_amount, gmt_refund_pay: '2026-11-22 15:00:00' },
}))
await back(open.id, 333n)
await told(open.attempt, 'disputed', 3000n)
/** Of one the refund was refused, and went towards the loss. */
const covered = await bought()
house.alipay.on('alipay.trade.refund', () => ({
  ...{ code: '40004', msg: 'Business Failed', sub_code: 'ACQ.TRADE_HAS_FINISHED' },
}))
await back(covered.id, 400n)
await told(covered.attempt, 'reversed')

it('disputes of payments in another currency are posted, whatever became of the order, and the books are whole', async () => {
  const disputes = await owner.query(
    `select d.posted, d.amount::text, d.order_amount::text, d.margin_taken::text, d.cost_taken::text, d.covered::text, d.owed::text
       from harbour.dispute d order by d.id`,
  )
  const nothing = { covered: '0', owed: '0' }
  const all = { amount: '9100', order_amount: '1000', margin_taken: '15' }
  expect(disputes.rows).toEqual([
    { posted: 'reversed', ...all, cost_taken: '1000', ...nothing },
    { posted: 'reinstated', ...all, cost_taken: '1000', ...nothing },
    {
      ...{ posted: 'disputed', amount: '3000', order_amount: '329', margin_taken: '5', cost_taken: '329' },
      ...nothing,
    },
    { posted: 'reversed', ...all, cost_taken: '600', covered: '400', owed: '0' },
  ])
  const states = await Promise.all([lost, won, open, covered].map(({ id }) => house.order(guest, id)))
  expect(states.map(({ state }) => state)).toEqual(['reversed', 'credited', 'credited', 'reversed'])
  expect(states[2]).toMatchObject({ refunded: { amountMinor: '333' }, reversed: { amountMinor: '329' } })
  expect(await house.fsck()).toEqual([])
})

describe('a planted corruption is found', () => {
  beforeEach(() => owner.query('begin'))
  afterEach(() => owner.query('rollback'))
  const free = 'alter table harbour.dispute drop constraint dispute_taken;'
  const standing = `where posted = 'disputed'`

  it.each([
    [
      'another part of the order',
      `${free} update harbour.dispute set order_amount = order_amount + 1 ${standing}`,
    ],
    ['another margin', `update harbour.dispute set margin_taken = margin_taken + 1 ${standing}`],
    [
      'a part and a margin that agree with the ledger and not with the quote',
      `${free} update harbour.dispute set order_amount = order_amount + 2, cost_taken = cost_taken + 2, face_taken = face_taken + 2 ${standing};
       update harbour.top_up set reversed = reversed + 2 where reversed = 329;
       update harbour.transfer set amount = amount + 2 where posting = 'fx-payment-disputed' and amount = 329`,
    ],
    ['another amount', `update harbour.dispute set amount = amount + 1 ${standing}`],
    ['an exchange that is gone', `delete from harbour.transfer where posting = 'fx-disputed'`],
    ['an order’s side that is gone', `delete from harbour.transfer where posting = 'fx-payment-disputed'`],
    ['a return that is gone', `delete from harbour.transfer where posting = 'fx-reinstated'`],
    [
      'an order’s side of it that is gone',
      `delete from harbour.transfer where posting = 'fx-dispute-returned'`,
    ],
    [
      'a refund that covered nothing',
      `delete from harbour.transfer where posting = 'fx-refund-charged-back'`,
    ],
    ['one whose money stayed', `delete from harbour.transfer where posting = 'fx-refund-covered'`],
    ['one that is said to be done', `update harbour.refund set state = 'done' where state = 'covered'`],
    [
      'a position moved by nobody',
      `update harbour.transfer set cause = gen_random_uuid() where posting = 'fx-disputed'`,
    ],
  ])('I6: %s', async (_, sql) => {
    await owner.query(sql)
    const found = []
    for (const check of [...topUpChecks, ...reconciliationChecks]) {
      if (!('sql' in check) || check.id !== 'I6') continue
      const { rowCount } = await owner.query(check.sql.replaceAll('{{brand}}', 'harbour'))
      if (rowCount) found.push(check.sentence)
    }
    expect(found).not.toEqual([])
  })

  it('by the check of the quote alone, where order and ledger agree', async () => {
    await owner.query(
      `${free} update harbour.dispute set order_amount = order_amount + 2, cost_taken = cost_taken + 2, face_taken = face_taken + 2 ${standing}`,
    )
    const check = topUpChecks.find(({ sentence }) => sentence.includes('of a quoted payment'))
    const sql = check && 'sql' in check ? check.sql : ''
    const { rows } = await owner.query(sql.replaceAll('{{brand}}', 'harbour'))
    expect(rows).toMatchObject([{ attempt: uuid(open.attempt) }])
  })
})
