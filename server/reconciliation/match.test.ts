import { beforeEach, describe, expect, it } from 'vitest'
import { idFromWire } from '../../contract/id.ts'
import type { Trade } from '../../sandbox/statement/trade.ts'
import { instantOfId, newId } from '../platform/id.ts'
import { plantMerchant } from './books-fixture.ts'
import { assignBreak, closeBreak } from './close-break.ts'
import {
  ACTOR,
  alipay,
  card,
  payment,
  reconciliationRoom,
  refundOf,
  wechat,
  written,
} from './reconcile-fixture.ts'
import { recordSettlement } from './record-settlement.ts'

const room = await reconciliationRoom()
const laika = room.db.of('laika')
const CLEARING = 'alipay:2021000000000001'
const [D1, D2, D3] = ['2026-11-20', '2026-11-21', '2026-11-22']

beforeEach(async () => {
  await room.owner.query(
    'truncate laika.bill_break, laika.bill_row, laika.settlement, laika.bill, laika.provider_terms, laika.refund, laika.evidence, laika.attempt, laika.transfer cascade',
  )
  await room.owner.query('update laika.account set balance = 0')
})

/** The breaks as a table: class, what, whether open. */
const told = async () =>
  (await room.breaks()).map(({ class: name, key, closedAtMs }) => [
    name,
    key,
    closedAtMs === null ? 'open' : 'closed',
  ])

describe('bill and books', () => {
  it('agree: nothing is found, and the fees are posted once', async () => {
    const paid = [payment(`${D1} 10:00:00`), payment(`${D1} 11:00:00`, 100n)]
    const refund = { ...refundOf(paid[0] as Trade, `${D1} 12:00:00`), feeMinor: -30n }
    await room.books(alipay, [...paid, refund])
    const matched = await room.bill(alipay, D1, [...paid, refund])
    expect(matched).toMatchObject({
      rows: 3,
      found: new Map(),
      open: [],
      feeMinor: 30n,
      clearingMinor: 100n - 30n,
    })
    expect(await room.balance('payment-fee')).toBe(30n)
    expect(await room.broken()).toEqual([])
  })

  it('differ at first: a payment of which nobody had told us is explained once it is captured', async () => {
    const paid = payment(`${D1} 10:00:00`)
    await room.bill(alipay, D1, [paid])
    expect(await told()).toEqual([['missing-here', paid.transaction, 'open']])
    await room.books(alipay, [paid])
    await room.bill(alipay, D2, [])
    expect(await told()).toEqual([['missing-here', paid.transaction, 'closed']])
    expect((await room.breaks())[0]).toMatchObject({
      closedBy: 'reconciliation',
      reason: 'bill and books agree by now',
    })
    expect(await room.broken()).toEqual([])
  })

  it('differ by the ledger: captured, and not posted, or posted otherwise', async () => {
    const [gone, less] = [payment(`${D1} 10:00:00`), payment(`${D1} 11:00:00`)]
    await room.books(alipay, [gone, less])
    await room.owner.query('delete from laika.transfer where cause = $1', [idFromWire(gone.outTradeNo)])
    await room.owner.query('update laika.transfer set amount = 4979 where cause = $1', [
      idFromWire(less.outTradeNo),
    ])
    await room.bill(alipay, D1, [gone, less])
    const breaks = await room.breaks()
    expect(breaks.map(({ class: name, differenceMinor }) => `${name} ${differenceMinor}`).toSorted()).toEqual(
      ['amount 1', 'missing-here 4980'],
    )
  })

  it('agree on a payment that came second: what its hold took in is what counts', async () => {
    const [first, second] = [payment(`${D1} 10:00:00`), payment(`${D1} 10:01:00`)]
    await room.books(alipay, [first])
    await plantSecond(first, second)
    await room.bill(alipay, D1, [first, second])
    expect(await told()).toEqual([])
    expect(await room.broken()).toEqual([])
  })

  it('agree on what was revoked at the counter, which the bill has twice and we never', async () => {
    const paid = payment(`${D1} 10:00:00`)
    const bytes = written(wechat, D1, [paid, { ...refundOf(paid, `${D1} 10:00:30`), feeMinor: -30n }])
    const text = bytes.toString().replace('`REFUND', '`REVOKED')
    await room.match((await room.take(wechat, D1, Buffer.from(text))).id)
    expect(await told()).toEqual([])
    expect(await room.broken()).toEqual([])
  })

  it('wait for each other over a refund that WeChat Pay has only begun', async () => {
    const paid = payment(`${D1} 10:00:00`)
    const refund = refundOf(paid, `${D1} 12:00:00`)
    await room.books(wechat, [paid])
    await plantOpenRefund(refund)
    const begun = written(wechat, D1, [paid, refund])
      .toString()
      .replace('`ORIGINAL,`SUCCESS', '`ORIGINAL,`PROCESSING')
    await room.match((await room.take(wechat, D1, Buffer.from(begun))).id)
    expect(await told()).toEqual([])
    // The provider could not give it back: what the bill says went out did not.
    await room.owner.query(`update laika.refund set state = 'abnormal', done_at = now()`)
    await room.bill(wechat, D2, [])
    expect(await told()).toEqual([['missing-here', idFromWire(refund.outRefundNo as string), 'open']])
  })

  it('have a payment on two days: it is explained by the bill that has it, whichever comes first', async () => {
    const [late, early] = [payment(`${D1} 23:59:40`), payment(`${D2} 23:59:50`)]
    const later = (trade: Trade) => ({ ...trade, at: trade.at + 30_000 })
    await room.books(alipay, [late, early])
    await room.bill(alipay, D1, [])
    expect(await told()).toEqual([['day-boundary', late.transaction, 'open']])
    await room.bill(alipay, D2, [later(late)])
    await room.bill(alipay, D3, [later(early)])
    expect(await told()).toEqual([
      ['day-boundary', late.transaction, 'closed'],
      ['day-boundary', early.transaction, 'closed'],
    ])
    expect(await room.broken()).toEqual([])
  })

  it('differ for good where the next day does not have it either', async () => {
    const late = payment(`${D1} 23:59:40`)
    await room.books(alipay, [late])
    await room.bill(alipay, D1, [])
    await room.bill(alipay, D2, [])
    expect(await told()).toEqual([['missing-there', late.transaction, 'open']])
  })

  it('differ over a row that another day’s bill had before', async () => {
    const paid = payment(`${D1} 10:00:00`)
    await room.books(alipay, [paid])
    await room.bill(alipay, D1, [paid])
    await room.bill(alipay, D2, [{ ...paid, at: paid.at + 86_400_000 }])
    expect(await told()).toEqual([['duplicate', paid.transaction, 'open']])
  })
})

it('fees of a merchant that is paid in another currency than the brand’s are booked in that one', async () => {
  const foreign = { ...card, id: 'acct_2', seller: 'acct_2', currency: 'GBP' }
  await plantMerchant(room.owner, 'laika', foreign)
  await room.owner.query(`delete from laika.account where currency = 'GBP' and kind = 'payment-fee'`)
  const paid = { ...payment(`${D1} 10:00:00`), transaction: 'pi_gbp' }
  await room.books(foreign, [paid])
  await room.bill(foreign, D1, [paid])
  const fees = await laika.query(
    `select currency, balance from {{brand}}.account where kind = 'payment-fee' order by currency`,
  )
  expect(fees).toEqual([
    { currency: 'CNY', balance: 0n },
    { currency: 'GBP', balance: 30n },
  ])
  await room.owner.query(`delete from laika.transfer`)
  await room.owner.query(`delete from laika.account where currency = 'GBP'`)
})

describe('a bill is refused whole', () => {
  it('when the same day’s was another', async () => {
    const paid = payment(`${D1} 10:00:00`)
    await room.bill(alipay, D1, [paid])
    await expect(room.bill(alipay, D1, [paid, payment(`${D1} 11:00:00`)])).rejects.toThrow(
      'says something else',
    )
    expect(await laika.query('select ordinal from {{brand}}.bill_row')).toEqual([{ ordinal: 1 }])
  })

  it('when it names no merchant and has payments of another one', async () => {
    const paid = { ...payment(`${D1} 10:00:00`), transaction: 'pi_1' }
    await room.books(alipay, [paid])
    await expect(room.bill(card, D1, [paid])).rejects.toThrow('holds payments of alipay 2021000000000001')
    expect(await laika.query('select * from {{brand}}.bill_row')).toEqual([])
  })

  it('when its last part is torn: nothing of the first parts stays', async () => {
    const whole = written(alipay, D1, [payment(`${D1} 10:00:00`)])
    await expect(room.take(alipay, D1, whole.subarray(0, whole.length - 1))).rejects.toThrow('is torn')
    expect(
      await laika.query('select bill from {{brand}}.bill_row union all select id from {{brand}}.bill'),
    ).toEqual([])
  })
})

describe('a break is closed', () => {
  const close = async (byEntry: boolean) => {
    const [found] = await room.breaks()
    const told = { break: found?.id as string, actor: ACTOR, reason: 'asked the provider', byEntry }
    return await laika.tx((tx) => closeBreak(tx, room.clock, told))
  }

  it('by a reason, with a row of the audit, once', async () => {
    await room.bill(alipay, D1, [payment(`${D1} 10:00:00`)])
    expect(await close(false)).toEqual({ outcome: 'closed', posted: null })
    expect(await close(false)).toEqual({ outcome: 'closed-before', by: ACTOR, reason: 'asked the provider' })
    const audit = await laika.query(`select actor, reason from {{brand}}.audit where act = 'break closed'`)
    expect(audit).toContainEqual({ actor: ACTOR, reason: 'asked the provider' })
    const matched = await room.bill(alipay, D2, [])
    expect(matched.open).toEqual([])
    expect(await room.broken()).toEqual([])
  })

  it('by an entry: what the provider has more is a receipt that nobody has claimed', async () => {
    await room.bill(alipay, D1, [payment(`${D1} 10:00:00`)])
    expect(await close(true)).toEqual({ outcome: 'closed', posted: 'clearing-received' })
    expect(await room.balance('provider-clearing', CLEARING)).toBe(4980n - 30n)
    expect(await room.balance('unmatched-receipts')).toBe(4980n)
    expect(await room.broken()).toEqual([])
  })

  it('by an entry: what the provider has not is written off, and is new money should it come after all', async () => {
    const paid = payment(`${D1} 10:00:00`)
    await room.books(alipay, [paid])
    await room.bill(alipay, D1, [])
    expect(await close(true)).toEqual({ outcome: 'closed', posted: 'clearing-written-off' })
    expect(await room.balance('provider-clearing', CLEARING)).toBe(0n)
    expect(await room.balance('bad-debt')).toBe(4980n)
    await room.bill(alipay, D2, [{ ...paid, at: paid.at + 86_400_000 }])
    expect(await told()).toEqual([
      ['missing-there', paid.transaction, 'closed'],
      ['missing-here', paid.transaction, 'open'],
    ])
    expect(await room.broken()).toEqual([])
  })

  it('never by an entry of nothing, and a break that is none is not found', async () => {
    const late = payment(`${D1} 10:00:00`, 4980n, { feeMinor: 31n })
    const terms = ['alipay', alipay.id, 60, 0, true]
    await room.owner.query(
      `insert into laika.provider_terms values ($1, $2, $3, $4, $5, '2026-01-01T00:00:00Z')`,
      terms,
    )
    await room.books(alipay, [late])
    await room.bill(alipay, D1, [late])
    expect(await told()).toEqual([['fee', late.transaction, 'open']])
    expect(await close(true)).toEqual({ outcome: 'no-difference' })
    const none = { break: newId(0), actor: ACTOR, reason: 'x', byEntry: false }
    expect(await laika.tx((tx) => closeBreak(tx, room.clock, none))).toEqual({ outcome: 'not-found' })
  })

  it('and until then somebody owns it', async () => {
    await room.bill(alipay, D1, [payment(`${D1} 10:00:00`)])
    const [found] = await room.breaks()
    const give = { id: found?.id as string, owner: 'li', actor: ACTOR }
    expect(await laika.tx((tx) => assignBreak(tx, room.clock, give))).toBe(true)
    expect(await room.breaks()).toMatchObject([{ owner: 'li' }])
    await close(false)
    expect(await laika.tx((tx) => assignBreak(tx, room.clock, give))).toBe(false)
  })
})

describe('a settlement', () => {
  const settle = (amountMinor: bigint, through: string, reference: string) =>
    laika.tx((tx) =>
      recordSettlement(tx, room.clock, {
        ...{ provider: 'alipay', merchant: alipay.id, currency: 'CNY', amountMinor, through, reference },
        actor: ACTOR,
      }),
    )

  it('moves what the bills up to a day come to from clearing to the bank, once', async () => {
    const paid = [payment(`${D1} 10:00:00`), payment(`${D2} 10:00:00`, 1000n)]
    await room.books(alipay, paid)
    await room.bill(alipay, D1, [paid[0] as Trade])
    await room.bill(alipay, D2, [paid[1] as Trade])
    expect(await settle(4950n, D1, 'T1')).toMatchObject({ outcome: 'settled', bills: 1, netMinor: 4950n })
    expect(await settle(4950n, D1, 'T1')).toEqual({ outcome: 'booked-before' })
    expect(await room.balance('bank')).toBe(4950n)
    expect(await room.balance('provider-clearing', CLEARING)).toBe(970n)
    expect(await told()).toEqual([])
    expect(await room.broken()).toEqual([])
  })

  it('that does not come to its bills leaves the difference as a break', async () => {
    const paid = payment(`${D1} 10:00:00`)
    await room.books(alipay, [paid])
    await room.bill(alipay, D1, [paid])
    await settle(4900n, D2, 'T2')
    expect(await room.breaks()).toMatchObject([
      {
        class: 'amount',
        kind: 'settlement',
        key: 'T2',
        oursMinor: 4950n,
        billedMinor: 4900n,
        differenceMinor: -50n,
      },
    ])
    expect(await room.balance('provider-clearing', CLEARING)).toBe(50n)
    const [found] = await room.breaks()
    const told = { break: found?.id as string, actor: ACTOR, reason: 'a charge of the bank', byEntry: true }
    await laika.tx((tx) => closeBreak(tx, room.clock, told))
    expect(await room.balance('provider-clearing', CLEARING)).toBe(0n)
    expect(await room.broken()).toEqual([])
  })
})

/** The second payment of an attempt, as settle leaves it: held under an id of its own, and on its way back. */
async function plantSecond(first: Trade, second: Trade): Promise<void> {
  const [hold, refund] = [newId(second.at), newId(second.at)]
  const attempt = idFromWire(first.outTradeNo)
  const [at, paidAt] = [instantOfId(hold), second.at].map((ms) => `to_timestamp(${ms} / 1000.0)`)
  await room.owner.query(
    `insert into laika.refund (id, order_id, attempt, transaction, amount, currency, reason, automatic, state, requested_at)
     values ($1, $2, $2, $3, $4, 'CNY', 'paid-twice', true, 'requested', ${at})`,
    [refund, attempt, second.transaction, second.amountMinor],
  )
  await room.owner.query(
    `insert into laika.evidence (id, provider, merchant, kind, provider_id, attempt, said, transaction, amount, currency, happened_at,
       raw, fields, received_at, applied_at)
     values ($1, 'alipay', $2, 'notify', $3, $4, 'paid', $3, $5, 'CNY', ${paidAt}, '', '{}', ${at}, ${at})`,
    [newId(second.at), alipay.id, second.transaction, attempt, second.amountMinor],
  )
  for (const [id, pendingOf, debit, credit, posting] of [
    [hold, null, 'provider-clearing', 'topup-suspense', 'paid-and-held'],
    [refund, hold, 'topup-suspense', 'refund-clearing', 'held-then-refunding'],
  ])
    await room.owner.query(
      `insert into laika.transfer (id, debit_account, credit_account, amount, debit_after, credit_after, posting, cause, pending_of,
         event_at, created_at)
       select $1, d.id, c.id, $2, 0, 0, $3, $4, $5, ${at}, ${at} from laika.account d, laika.account c
        where d.kind = $6 and c.kind = $7 and d.subject in ('', '${CLEARING}') and c.subject = ''`,
      [id, second.amountMinor, posting, hold, pendingOf, debit, credit],
    )
}

/** A refund that was sent and of which nothing final was said. */
async function plantOpenRefund({ outRefundNo, outTradeNo, transaction, amountMinor }: Trade): Promise<void> {
  await room.owner.query(
    `insert into laika.refund (id, order_id, attempt, transaction, amount, currency, reason, automatic, state, requested_at, sent_at)
     values ($1, $2, $2, $3, $4, 'CNY', 'asked', false, 'sent', now(), now())`,
    [idFromWire(outRefundNo as string), idFromWire(outTradeNo), transaction, amountMinor],
  )
}
