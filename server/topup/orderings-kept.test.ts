import { expect, it } from 'vitest'
import { idFromWire } from '../../contract/id.ts'
import { APP_ID } from '../../test/support/payment.ts'
import { topUpHouse } from '../../test/support/top-up.ts'
import type { Evidence } from '../payment/index.ts'
import {
  MISPAID_MINOR,
  PRICE_MINOR,
  permutations,
  type Saying,
  type Story,
  sayings,
  stories,
} from './orderings-fixture.ts'

// What orderings.test.ts proves of every order without a database, seen on PostgreSQL for some of them.

const house = await topUpHouse()
const { db, payments, topUps } = house
const laika = db.of('laika')
const guest = await house.guest()
const ORDERS = permutations(sayings)
const SAMPLED = 10
/** Coprime to 720, so that the sample is spread over all orders and is the same in every run. */
const STRIDE = 71

let lines = 0
async function begin() {
  const national = `1540007${(++lines).toString().padStart(4, '0')}`
  await house.open({ msisdn: `86${national}` })
  const { id, attempt } = await house.toPay(guest, national, 5000n)
  return { order: idFromWire(id) ?? '', attempt: idFromWire(attempt) ?? '' }
}

interface Refund extends Record<string, unknown> {
  readonly id: string
  readonly state: string
  readonly transaction: string
  readonly amount: bigint
}

const refundsOf = (order: string) =>
  laika.query<Refund>(
    'select id, state, transaction, amount from {{brand}}.refund where order_id = $1 order by id',
    [order],
  )

async function says(attempt: string, said: Evidence['said'], more: Partial<Evidence>): Promise<void> {
  const closed = said === 'closed'
  await payments.record('laika', {
    ...{ provider: 'alipay', merchant: APP_ID, kind: 'notify', attempt, refund: null, said, note: null },
    ...{ providerId: `${attempt}/${more.kind ?? 'notify'}/${said}`, happenedAtMs: house.clock.instant() },
    ...{ transaction: closed ? null : `T1-${attempt}`, amountMinor: closed ? null : PRICE_MINOR },
    ...{ currency: closed ? null : 'CNY', raw: Buffer.from('{}'), fields: {} },
    ...more,
  })
}

/** Says one thing; what it says of a refund depends on whether one has begun by then. */
async function say(saying: Saying, story: Story, { order, attempt }: Awaited<ReturnType<typeof begin>>) {
  const amountMinor = story === 'mispaid' ? MISPAID_MINOR : PRICE_MINOR
  switch (saying) {
    case 'notify':
      return await says(attempt, 'paid', { amountMinor })
    case 'duplicate': {
      const second = story === 'paid-twice' ? { transaction: `T2-${attempt}` } : {}
      return await says(attempt, 'paid', { amountMinor, providerId: `${attempt}/again`, ...second })
    }
    case 'query-success':
      return await says(attempt, 'paid', { amountMinor, kind: 'query' })
    case 'return':
      return await says(attempt, 'paid', { amountMinor, kind: 'return' })
    case 'close':
      return await says(attempt, 'closed', { kind: 'close' })
    case 'refund-notify': {
      const [refund] = story === 'others' ? [] : await refundsOf(order)
      const told = refund && {
        refund: refund.id,
        transaction: refund.transaction,
        amountMinor: refund.amount,
      }
      return await says(attempt, 'refunded', { amountMinor, ...told })
    }
  }
}

/** The provider's answers to the refunds that were sent. */
async function answerRefunds(order: string, attempt: string): Promise<void> {
  for (const { id, state, transaction, amount } of await refundsOf(order)) {
    if (state === 'done') continue
    const more = { kind: 'refund', refund: id, transaction, amountMinor: amount } as const
    await says(attempt, 'refunded', { ...more, providerId: `${id}/done` })
  }
  await topUps.sweep('laika')
}

async function ending(order: string) {
  const [row = {}] = await laika.query<Record<string, unknown>>(
    'select state, captured, refunded, until - until_before as days from {{brand}}.top_up where id = $1',
    [order],
  )
  const [account = {}] = await laika.query<Record<string, unknown>>(
    `select a.balance from {{brand}}.top_up o join {{brand}}.line_account a on a.line = o.line and a.epoch = o.epoch
      where o.id = $1`,
    [order],
  )
  // A second payment is held and goes back under causes of its own.
  const moved = await laika.query(
    `select posting, amount from {{brand}}.transfer where cause = $1
        or cause in (select id from {{brand}}.refund where order_id = $1) order by 1, 2`,
    [order],
  )
  const refunds = (await refundsOf(order)).map(({ state, amount }) => [state, amount])
  return { ...row, ...account, refunds, moved }
}

const ends = {
  others: { state: 'credited', refunded: 0n, balance: 5000n, refunds: [] },
  mispaid: { state: 'refunded', refunded: MISPAID_MINOR, balance: 0n, refunds: [['done', MISPAID_MINOR]] },
  'paid-twice': { state: 'credited', refunded: 0n, balance: 5000n, refunds: [['done', PRICE_MINOR]] },
}

it.each(stories)('a payment %s ends in one ledger whatever came when', async (story) => {
  let first: Awaited<ReturnType<typeof ending>> | undefined
  for (let nth = 0; nth < SAMPLED; nth++) {
    const heard = ORDERS[(nth * STRIDE) % ORDERS.length] as Saying[]
    const begun = await begin()
    for (const saying of heard) {
      await say(saying, story, begun)
      // Decided one by one, or all together.
      if (nth % 2 === 0) await topUps.sweep('laika')
    }
    await topUps.sweep('laika')
    await answerRefunds(begun.order, begun.attempt)
    const end = await ending(begun.order)
    first ??= end
    expect(end, heard.join()).toEqual(first)
  }
  expect(first).toMatchObject(ends[story])
  expect(await house.fsck()).toEqual([])
})
