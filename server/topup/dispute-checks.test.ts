import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { newKey } from '../../test/support/top-up.ts'
import { topUpChecks } from './checks.ts'
import { disputeHouse } from './dispute-fixture.ts'

const house = await disputeHouse()
const { owner, guest, owing, bought, told, spends, rows, topUps } = house
const { number } = await owing(guest)
await bought(guest, 3000n, number)
const open = await bought(guest)
await spends(open.number, 2000n)
await told(open.attempt, 'disputed')
const won = await bought(guest)
await told(won.attempt, 'reversed')
await told(won.attempt, 'reinstated')

/** A dealer that owes 0.20: a sale at all of its price in commission went back once the float was empty. */
const dealer = await (async () => {
  const { dealer, headers } = await house.seller(5960n)
  const commission = (bp: number) =>
    owner.query('update laika.dealer set commission_bp = $2 where id = $1', [dealer, bp])
  const sells = async (amountMinor: string) => {
    const body = { msisdn: `86${await house.aLine()}`, amount: { amountMinor, currency: 'CNY' } }
    const key = { 'idempotency-key': newKey() }
    return (await house.visit().send('POST', '/v1/agent/top-ups', body, { ...headers, ...key })).body.id
  }
  await commission(10_000)
  const sale = await sells('5000')
  await commission(0)
  await sells('5000')
  await sells('1000')
  await house.settled()
  await house.byStaff(sale)
  await topUps.beginRefunds('laika')
  await house.settled()
  return dealer
})()
const dealerAccounts = async () => {
  const found = await rows(
    'select kind, balance::text from laika.account where subject = $1 order by kind',
    dealer,
  )
  return found.map(({ kind, balance }) => `${kind} ${balance}`)
}

it('what a dealer owes is paid by its next loads, a part first', async () => {
  expect(await dealerAccounts()).toEqual(['dealer-float 0', 'dealer-receivable 20'])
  const load = (amountMinor: bigint) =>
    house.db.of('laika').tx((tx) => house.dealers.loadFloat(tx, { dealer, amountMinor, from: 'bank' }))
  await load(5n)
  expect(await dealerAccounts()).toEqual(['dealer-float 0', 'dealer-receivable 15'])
  await load(10_000n)
  expect(await dealerAccounts()).toEqual(['dealer-float 9985', 'dealer-receivable 0'])
})

it('nothing in a sound house', async () => expect(await house.fsck()).toEqual([]))

describe('a planted corruption is found', () => {
  beforeEach(() => owner.query('begin'))
  afterEach(() => owner.query('rollback'))
  const free = (name: string) => `alter table laika.dispute drop constraint ${name};`
  const lost = `(select id from laika.dispute where posted = 'reversed' limit 1)`
  const undecided = `(select id from laika.dispute where posted = 'disputed' limit 1)`

  it.each([
    [
      'more taken than was posted',
      `${free('dispute_taken')} update laika.dispute set owed = owed + 1 where id = ${lost}`,
    ],
    [
      'credit that was not taken',
      `${free('dispute_taken')} update laika.dispute set cost_taken = 0 where id = ${undecided}`,
    ],
    ['bonus that was not taken', `update laika.dispute set bonus_taken = 1 where id = ${lost}`],
    ['a taking without its dispute', `delete from laika.dispute where id = ${undecided}`],
    ['postings that are gone', `delete from laika.transfer where cause = ${lost}`],
    [
      'one said to be given back',
      `update laika.dispute set said = 'reinstated', posted = 'reinstated' where id = ${lost}`,
    ],
    [
      'another amount that waits',
      `update laika.account set balance = balance + 1 where kind = 'dispute-clearing'`,
    ],
    ['an order that knows of none', `update laika.top_up set reversed = 0 where reversed > 0`],
    ['a line that owes more', `update laika.line_account set owed = owed + 1 where owed > 0`],
    ['a line that owes nothing', `update laika.line_account set owed = 0 where owed > 0`],
    ['a debt paid by nobody’s top-up', `delete from laika.transfer where posting = 'owed-settled'`],
    [
      'a debt of all that no line has',
      `update laika.account set balance = balance + 1 where kind = 'subscriber-receivable'`,
    ],
    [
      'a dealer who owes for another',
      `update laika.account set subject = gen_random_uuid()::text where kind = 'dealer-receivable'`,
    ],
  ])('I6: %s', async (_, sql) => {
    await owner.query(sql)
    const broken = []
    for (const check of topUpChecks) {
      if (!('sql' in check)) continue
      const found = await owner.query(check.sql.replaceAll('{{brand}}', 'laika'))
      if (found.rows.length > 0) broken.push(check.id)
    }
    expect(broken).toContain('I6')
  })

  it('I8: days taken back by a dispute of another order', async () => {
    await owner.query(
      `update laika.line_event set detail = jsonb_set(detail, '{order}', to_jsonb(gen_random_uuid())) where kind = 'validity-taken-back'`,
    )
    const check = topUpChecks.find(({ id }) => id === 'I8')
    const sql = check && 'sql' in check ? check.sql : ''
    expect((await owner.query(sql.replaceAll('{{brand}}', 'laika'))).rowCount).toBeGreaterThan(0)
  })
})
