import { beforeEach, describe, expect, test } from 'vitest'
import { capture, paymentRoom } from '../../test/support/payment.ts'
import { newId } from '../platform/id.ts'
import { paymentChecks } from './index.ts'

const room = await paymentRoom()
const { payments, alipay, clock, db, owner } = room

/** The sentences of the invariants that do not hold. */
async function broken(): Promise<string[]> {
  const sentences: string[] = []
  for (const { sentence, sql } of paymentChecks) {
    if ((await db.of('laika').query(sql)).length > 0) sentences.push(sentence)
  }
  return sentences
}

let attempt: string
beforeEach(async () => {
  await owner.query('delete from laika.refund')
  await owner.query('delete from laika.evidence')
  await owner.query('delete from laika.attempt')
  attempt = await room.openAttempt()
  const transaction = `2026${attempt.slice(-12)}`
  alipay.on('alipay.trade.query', ({ biz }) => ({
    code: '10000',
    out_trade_no: biz.out_trade_no,
    trade_no: transaction,
    trade_status: 'TRADE_SUCCESS',
    total_amount: '49.80',
  }))
  clock.advance(12_000)
  await payments.queryDue('laika')
  await capture(room)
  await request(4980n, transaction)
})

async function request(amountMinor: bigint, transaction: string): Promise<void> {
  const atMs = clock.instant()
  const id = newId(atMs)
  const newRefunds = [
    {
      id,
      order: id,
      attempt,
      transaction,
      amountMinor,
      currency: 'CNY',
      reason: 'asked',
      automatic: false,
      atMs,
    },
  ]
  await db
    .of('laika')
    .tx((tx) =>
      payments.write(tx, { attempts: [], evidenceApplied: [], newRefunds, refundChanges: [] }, atMs),
    )
}

describe('fsck finds planted corruptions', () => {
  test('nothing in a sound house', async () => expect(await broken()).toEqual([]))

  test('evidence left lying', async () => {
    await owner.query(`update laika.evidence set applied_at = null, received_at = now() - interval '61 s'`)
    expect(await broken()).toContain('Verified evidence of a known attempt is applied within 60 s.')
  })

  test('a capture of another amount than was said', async () => {
    await owner.query('update laika.attempt set captured = captured + 1')
    expect(await broken()).toEqual([
      'A captured attempt rests on applied evidence of the same payment, amount and currency.',
    ])
  })

  test('a second payment that was applied and not refunded', async () => {
    await owner.query(
      `insert into laika.evidence (id, provider, merchant, kind, provider_id, attempt, said, transaction, amount,
         currency, raw, fields, received_at, applied_at)
       select gen_random_uuid(), provider, merchant, 'notify', 'second', attempt, said, 'SECOND', amount, currency, raw,
         fields, received_at, applied_at from laika.evidence`,
    )
    expect(await broken()).toEqual([
      'A payment that was applied is its attempt’s capture, or is refunded by the house.',
    ])
  })

  test('more refunded than captured', async () => {
    await owner.query('update laika.refund set amount = amount + 1')
    expect(await broken()).toEqual([
      'Refunds of a payment, except those refused, add up to no more than was captured by it.',
    ])
  })
})
