import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { newKey } from '../../test/support/top-up.ts'
import { topUpChecks } from './checks.ts'
import { refundHouse } from './refund-fixture.ts'

const house = await refundHouse()
const { owner, topUps, guest, aLine, bought, byStaff, paidBack, settled } = house
const { id } = await bought(guest)
await byStaff(id)
await byPackage()
await topUps.beginRefunds('laika')
await paidBack()

async function byPackage(): Promise<void> {
  const number = await aLine()
  const { headers } = await house.seller(1_000_000n)
  const { packages } = await house.offers(guest, number)
  const body = { msisdn: `86${number}`, offerId: packages[0]?.id }
  const key = { 'idempotency-key': newKey() }
  const sold = await house.visit().send('POST', '/v1/agent/top-ups', body, { ...headers, ...key })
  await settled()
  await byStaff(sold.body.id)
}

it('nothing in a sound house', async () => expect(await house.fsck()).toEqual([]))

describe('a planted corruption is found', () => {
  beforeEach(() => owner.query('begin'))
  afterEach(() => owner.query('rollback'))
  const begun = `(select id from laika.refund_request where state = 'begun' and face_taken > 0 order by id limit 1)`
  const dropped = (name: string) => `alter table laika.refund_request drop constraint ${name};`

  it.each([
    [
      'I4',
      'more taken than was posted',
      `update laika.refund_request set face_taken = face_taken + 1 where id = ${begun}`,
    ],
    ['I4', 'a taking that was not posted', `delete from laika.transfer where cause = ${begun}`],
    [
      'I4',
      'more taken than the order gave',
      `update laika.top_up set face = 1 where id = (select order_id from laika.refund_request where id = ${begun})`,
    ],
    [
      'I4',
      'a package refunded by nobody',
      `delete from laika.refund_request q using laika.package_term p where p.cause = q.order_id and p.refunded > 0`,
    ],
    [
      'I10',
      'one person who is both',
      `${dropped('refund_request_checker')} update laika.refund_request set checked_by = requested_by, checked_at = now() where id = ${begun}`,
    ],
    [
      'I10',
      'a second person left out',
      `${dropped('refund_request_approved')} update laika.refund_request set needs_checker = true where id = ${begun}`,
    ],
    [
      'I10',
      'staff who pay themselves',
      `${dropped('refund_request_maker')} update laika.refund_request set requested_by = beneficiary where id = ${begun}`,
    ],
    ['I10', 'a refund of another amount', `update laika.refund set amount = amount + 1 where id = ${begun}`],
    ['I10', 'a refund nobody asked for', `delete from laika.refund_request where id = ${begun}`],
    [
      'I8',
      'days of another line',
      `update laika.line_event set line = gen_random_uuid() where kind = 'validity-taken-back'`,
    ],
  ])('%s: %s', async (id, _, sql) => {
    await owner.query(sql)
    const broken = []
    for (const check of topUpChecks) {
      if (!('sql' in check)) continue
      const found = await owner.query(check.sql.replaceAll('{{brand}}', 'laika'))
      if (found.rows.length > 0) broken.push(check.id)
    }
    expect(broken).toContain(id)
  })

  it('I8: clocks that took back no days', async () => {
    await owner.query('rollback')
    await owner.query(`alter table laika.line_event add column kept text`)
    await owner.query(
      `update laika.line_event set kept = kind, kind = 'stage-told' where kind = 'validity-taken-back'`,
    )
    try {
      expect((await house.fsck()).map(({ id }) => id)).toContain('I8')
    } finally {
      await owner.query(`update laika.line_event set kind = kept where kept is not null`)
      await owner.query(`alter table laika.line_event drop column kept`)
    }
    expect(await house.fsck()).toEqual([])
    await owner.query('begin')
  })
})
