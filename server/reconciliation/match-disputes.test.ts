import { beforeEach, expect, it } from 'vitest'
import { idFromWire } from '../../contract/id.ts'
import type { Trade } from '../../sandbox/statement/trade.ts'
import { card, payment, reconciliationRoom, refundOf, written } from './reconcile-fixture.ts'

const room = await reconciliationRoom()
const [D1, D2, D3] = ['2026-11-20', '2026-11-21', '2026-11-22']
beforeEach(() =>
  room.owner.query(
    'truncate laika.bill_break, laika.bill_row, laika.bill, laika.refund, laika.attempt, laika.transfer, laika.top_up cascade',
  ),
)

const told = async () =>
  (await room.breaks()).map(({ class: name, key, closedAtMs }) => [
    name,
    key,
    closedAtMs === null ? 'open' : 'closed',
  ])

/** A line of the card report as the gateway writes what is no payment of ours: gross from the merchant's side. */
const cardLine = (of: Trade, category: string, source: string, gross: string, refund = '') =>
  [
    `txn_${category},${D1} 05:00:00,${D1} 05:00:00,cny,${gross},0.00,${gross},${category},${source},x`,
    `${of.transaction},ch_1,${of.outTradeNo},${refund}`,
  ].join(',')

async function takeCard(trades: readonly Trade[], ...lines: readonly string[]) {
  const text = `${written(card, D1, trades).toString().trimEnd()}\n${lines.join('\n')}\n`
  await room.match((await room.take(card, D1, Buffer.from(text))).id)
}

it('bill and books agree on what a payer’s bank took, once it is posted here, and on what it gave back', async () => {
  const paid = payment(`${D1} 10:00:00`)
  await room.books(card, [paid])
  await takeCard(
    [paid],
    cardLine(paid, 'dispute', 'du_1', '-49.80'),
    cardLine(paid, 'dispute_reversal', 'du_1', '49.80'),
  )
  expect((await told()).map(([name]) => name)).toEqual(['missing-here', 'missing-here'])
  await plantDispute(paid, 'du_1', 'disputed')
  await room.bill(card, D2, [])
  expect((await told()).map(([name, key, is]) => [name, key, is])).toEqual(
    expect.arrayContaining([
      ['missing-here', 'dispute du_1', 'closed'],
      ['missing-here', 'dispute_reversal du_1', 'open'],
    ]),
  )
  await room.owner.query(`update laika.dispute set said = 'reinstated', posted = 'reinstated', undecided = 0`)
  await room.bill(card, D3, [])
  expect((await told()).map(([, , is]) => is)).toEqual(['closed', 'closed'])
  expect(await room.broken()).toEqual([])
})

it('bill and books agree on a refund that came back, which the bill has twice', async () => {
  const paid = payment(`${D1} 10:00:00`)
  const refund = refundOf(paid, `${D1} 12:00:00`)
  await room.books(card, [paid])
  await takeCard([paid, refund], cardLine(paid, 'refund_failure', 're_1', '49.80', refund.outRefundNo))
  expect(await told()).toEqual([])
  expect(await room.broken()).toEqual([])
})

/** What the order's room has of a dispute that is posted, and what the ledger took for it. */
async function plantDispute(of: Trade, number: string, posted: 'disputed'): Promise<void> {
  const attempt = idFromWire(of.outTradeNo)
  await room.owner.query(
    `insert into laika.top_up (id, caller, line, offer, price, face, bonus, placed_at, epoch, kind, state, offer_kind, key, hash)
     values ($1, $1, $1, $1, 1, 1, 0, now(), 1, 'online', 'reversed', 'denomination', 'key', '\\x00')`,
    [attempt],
  )
  await room.owner.query(
    `insert into laika.dispute (id, provider, merchant, number, order_id, attempt, transaction, amount, currency, reason, said, posted,
         opened_at, posted_at, undecided, order_amount)
       values (gen_random_uuid(), $1, $2, $3, $4, $4, $5, $6, 'CNY', 'fraudulent', $7, $7, now(), now(), $6, $6)`,
    [card.provider, card.id, number, attempt, of.transaction, of.amountMinor.toString(), posted],
  )
}
