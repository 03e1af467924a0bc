import { beforeAll, describe, expect, it } from 'vitest'
import { reconciliationChecks } from './checks.ts'
import { closeBreak } from './close-break.ts'
import { ACTOR, alipay, payment, reconciliationRoom, refundOf } from './reconcile-fixture.ts'
import { recordSettlement } from './record-settlement.ts'

const room = await reconciliationRoom()
const laika = room.db.of('laika')
const DAY = '2026-11-20'

const EXPLAINED =
  'Each clearing account is explained: by payments, refunds, disputes, billed fees, settlements and breaks closed by an entry, each as posted.'
const WHOLE = 'Every bill has the rows it was read with, and they come to what it says.'
const MATCHED =
  'Each row of a matched bill agrees with payments, refunds and the ledger, or is in a break that has an owner.'
const ENTERED = 'What a break was closed by is in the ledger, once and whole, and nothing else is.'

beforeAll(async () => {
  const paid = [1, 2, 3].map((hour) => payment(`${DAY} 0${hour}:00:00`))
  const refund = refundOf(paid[0] as (typeof paid)[0], `${DAY} 12:00:00`, 1000n)
  const stranger = payment(`${DAY} 13:00:00`, 700n)
  await room.books(alipay, [...paid, refund])
  await room.bill(alipay, DAY, [...paid, refund, stranger])
  const [found] = await room.breaks()
  const told = { break: found?.id as string, actor: ACTOR, reason: 'nobody claims it', byEntry: true }
  await laika.tx((tx) => closeBreak(tx, room.clock, told))
  const settlement = {
    provider: 'alipay',
    merchant: alipay.id,
    currency: 'CNY',
    amountMinor: 14520n,
    through: DAY,
  }
  await laika.tx((tx) => recordSettlement(tx, room.clock, { ...settlement, reference: 'T1', actor: ACTOR }))
})

/** What is broken while a corruption stands. */
async function brokenBy(corruption: string): Promise<string[]> {
  await room.owner.query('begin')
  try {
    await room.owner.query(corruption)
    const sentences: string[] = []
    for (const check of reconciliationChecks) {
      const reader = {
        brand: 'laika',
        query: async <Row>(text: string, values: readonly unknown[] = []) =>
          (await room.owner.query(text.replaceAll('{{brand}}', 'laika'), [...values])).rows as Row[],
      }
      const rows = 'sql' in check ? await reader.query(check.sql) : await check.find(reader)
      if (rows.length > 0) sentences.push(check.sentence)
    }
    return sentences
  } finally {
    await room.owner.query('rollback')
  }
}

describe('fsck', () => {
  it('finds nothing in sound books', async () => {
    expect(await room.broken()).toEqual([])
    expect(await brokenBy('select 1')).toEqual([])
  })

  it.each([
    [
      'a payment that was never posted',
      `delete from laika.transfer where id in (select id from laika.transfer where posting = 'paid-and-held' limit 1)`,
      [EXPLAINED, MATCHED],
    ],
    [
      'a refund sent back twice',
      `insert into laika.transfer select gen_random_uuid(), debit_account, credit_account, amount, 0, 0, posting, gen_random_uuid(), null, null, event_at, created_at from laika.transfer where posting = 'refund-sent'`,
      [EXPLAINED],
    ],
    [
      'a fee that nobody billed',
      `update laika.transfer set amount = amount + 1 where posting = 'provider-fee'`,
      [EXPLAINED],
    ],
    [
      'a settlement that is another one in the ledger',
      `update laika.settlement set amount = amount - 1`,
      [EXPLAINED],
    ],
    ['a row that is gone', `delete from laika.bill_row where ordinal = 2`, [WHOLE]],
    [
      'a row that was changed',
      `update laika.bill_row set amount = amount + 1 where ordinal = 2`,
      [WHOLE, MATCHED],
    ],
    [
      'a row of no bill',
      `insert into laika.bill_row select gen_random_uuid(), ordinal, kind, key, number, amount, fee, currency, at, final from laika.bill_row where ordinal = 1`,
      [WHOLE],
    ],
    ['a break that was deleted', `delete from laika.bill_break`, [EXPLAINED, MATCHED, ENTERED]],
    [
      'a capture taken back',
      `update laika.attempt set state = 'closed', transaction = null, captured = null, captured_currency = null, captured_at = null where id in (select id from laika.attempt limit 1)`,
      [EXPLAINED, MATCHED],
    ],
    [
      'an entry that its break does not know',
      `update laika.bill_break set entry = null`,
      [EXPLAINED, ENTERED],
    ],
    [
      'an entry of another amount',
      `update laika.transfer set amount = amount + 1 where posting = 'clearing-received'`,
      [EXPLAINED, ENTERED],
    ],
  ] as const)('finds %s', async (_, corruption, sentences) => {
    expect(await brokenBy(corruption)).toEqual(sentences)
  })
})
