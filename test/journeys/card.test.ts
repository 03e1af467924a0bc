import { randomUUID } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { idFromWire } from '../../contract/id.ts'
import type { OrderView, PaymentStarted } from '../../contract/top-up.ts'
import { lineFlagsCommand, lineLiftFlagsCommand, lineShowCommand } from '../../server/commands/line-flags.ts'
import { readConfig } from '../../server/platform/config.ts'
import { createLog } from '../../server/platform/log.ts'
import { cardNumbersIn } from '../support/card-numbers.ts'
import { wholeHouse } from '../support/house.ts'
import { type Person, person } from '../support/person.ts'
import { spend } from '../support/spending.ts'

const lines: string[] = []
const world = await wholeHouse({ log: createLog('trace', { write: (line) => void lines.push(line) }) })
const { cardAccount, cardSecretKey, cardWebhookSecret } = world.partners.harbour
await world.control('POST', '/control/card/merchants', {
  ...{ account: cardAccount, secretKey: cardSecretKey, webhookSecret: cardWebhookSecret },
  ...{ brand: 'harbour', name: 'Harbour Mobile' },
  webhookUrl: `${world.origins.harbour}/v1/notifications/card/harbour/${cardAccount}`,
})
afterAll(async () => {
  await world.proved()
  await world.stop()
})
beforeEach(() => knobs({}))

const knobs = (set: object) =>
  world.control('PUT', `/control/card/merchants/${cardAccount}/knobs`, { reset: true, ...set })
const act = (number: string, what: string, body: object = {}) =>
  world.control<{ refunds: unknown[]; charge: { id: string } }>(
    'POST',
    `/control/card/${cardAccount}/sessions/${number}/${what}`,
    body,
  )

let nextLine = 60
/** A guest with a number that can be topped up and that no other test of this file touches. */
async function guest(): Promise<{ guest: Person; number: string }> {
  const somebody = person(world, 'harbour')
  for (;;) {
    const number = `07700 9000${nextLine++}`
    if ((await somebody.get(`/v1/lines/${number}/offers`)).status !== 200) continue
    await somebody.proveAsPayer(number)
    return { guest: somebody, number }
  }
}

interface Begun {
  order: OrderView
  payment: PaymentStarted
}

/** Ten pounds for the number, at the gateway's page. */
async function begin(somebody: Person, number: string): Promise<Begun> {
  const order = (await somebody.placeOrder(number, { face: '1000' })).body as OrderView
  const start = { provider: 'card', scene: 'wap', locale: 'en' }
  const key = randomUUID().replaceAll('-', '')
  const started = await somebody.send('POST', `/v1/top-ups/${order.id}/payments`, start, key)
  expect(started).toMatchObject({ status: 201 })
  return { order, payment: started.body as PaymentStarted }
}

/** Types a card on the page, as a browser sends it; answers where it is led. */
async function type({ payment }: Begun, number: string): Promise<string> {
  const page = new URL(payment.redirectUrl ?? '')
  const answer = await fetch(`${page.origin}${page.pathname}/pay`, {
    method: 'POST',
    body: new URLSearchParams({ number }),
    redirect: 'manual',
  })
  return answer.headers.get('location') ?? ''
}

const column = async (sql: string, ...values: unknown[]) =>
  (await world.house.db.of('harbour').query<Record<string, unknown>>(sql, values)).map(
    (row) => Object.values(row)[0],
  )
const balanceOf = async (number: string) =>
  (
    await column(
      'select a.balance from {{brand}}.line l join {{brand}}.line_account a on a.line = l.id where l.msisdn = $1',
      `44${number.replaceAll(' ', '').slice(1)}`,
    )
  )[0] as bigint
const refundsOf = ({ order }: Begun) =>
  column('select state from {{brand}}.refund where order_id = $1 order by id', idFromWire(order.id))

describe('a top-up by card', () => {
  test('declined, then paid: the browser comes back to the order, which is credited once', async () => {
    const { guest: somebody, number } = await guest()
    const before = await balanceOf(number)
    const begun = await begin(somebody, number)
    expect(await type(begun, '4000 0000 0000 9995')).toContain('declined=declineFunds')
    expect((await somebody.order(begun.order.id)).state).toBe('awaiting-payment')
    expect(await type(begun, '4242 4242 4242 4242')).toContain(begun.order.id)
    await somebody.until(begun.order.id, ['credited'])
    expect((await balanceOf(number)) - before).toBe(1000n)
  })

  test.each([
    ['told 32 times', { duplicate: 31 }],
    ['never told', { dropAll: true }],
    ['told under a wrong signature', { wrongSignature: true }],
    ['told as if for another account', { wrongMerchant: true }],
    ['told with a stranger’s beside it', { unknownOrder: true, forge: true }],
    ['not found at first, and slow', { dropAll: true, notFoundFirst: 1, slowReceiverSeconds: 1 }],
    ['by a clock ten minutes ahead', { clockSkewSeconds: 600 }],
  ])('%s, it is credited once', async (_, set) => {
    const { guest: somebody, number } = await guest()
    await knobs(set)
    const before = await balanceOf(number)
    const begun = await begin(somebody, number)
    await type(begun, '4242424242424242')
    await somebody.until(begun.order.id, ['credited'], 30_000)
    await act(begun.payment.attemptId, 'notify', { times: 8, concurrently: true, freshIds: true })
    await world.house.topUps.sweep('harbour')
    expect((await balanceOf(number)) - before).toBe(1000n)
    expect(await refundsOf(begun)).toEqual([])
  })

  test('paid twice: the second payment goes back once', async () => {
    const { guest: somebody, number } = await guest()
    await knobs({ paidTwice: true })
    const before = await balanceOf(number)
    const begun = await begin(somebody, number)
    await type(begun, '4242424242424242')
    await somebody.until(begun.order.id, ['credited'])
    await expect.poll(() => refundsOf(begun), { timeout: 15_000 }).toEqual(['done'])
    expect((await balanceOf(number)) - before).toBe(1000n)
  })
})

describe('another amount than the order’s', () => {
  /** Paid wrongly, so that it goes back at once. */
  async function mispaid(set: object = {}) {
    const { guest: somebody, number } = await guest()
    await knobs({ paidAmount: '999', ...set })
    const before = await balanceOf(number)
    const begun = await begin(somebody, number)
    await type(begun, '4242424242424242')
    return { somebody, begun, credited: async () => (await balanceOf(number)) - before }
  }

  test('goes back whole, once', async () => {
    const { somebody, begun, credited } = await mispaid()
    const refunded = await somebody.until(begun.order.id, ['refunded'])
    expect(refunded.refunded).toEqual({ amountMinor: '999', currency: 'GBP' })
    expect((await act(begun.payment.attemptId, 'notify')).refunds).toHaveLength(1)
    expect(await credited()).toBe(0n)
  })

  test('accepted for refund, and done when the gateway says so', async () => {
    const { somebody, begun } = await mispaid({ refund: 'pending' })
    await expect.poll(() => refundsOf(begun), { timeout: 15_000 }).toEqual(['unknown'])
    expect((await somebody.order(begun.order.id)).state).toBe('refunding')
    const { refunds } = await act(begun.payment.attemptId, 'settle-refund', { status: 'succeeded' })
    expect(refunds).toHaveLength(1)
    await somebody.until(begun.order.id, ['refunded'])
  })

  test('accepted and then refused is left for a person', async () => {
    const { somebody, begun } = await mispaid({ refund: 'pending' })
    await expect.poll(() => refundsOf(begun), { timeout: 15_000 }).toEqual(['unknown'])
    await act(begun.payment.attemptId, 'settle-refund', { status: 'failed' })
    await somebody.until(begun.order.id, ['refund-abnormal'])
    expect(await refundsOf(begun)).toEqual(['abnormal'])
  })
})

describe('a payment that the payer’s bank takes back', () => {
  const config = readConfig(
    { BAOHAO_MODE: 'test', DATABASE_URL: world.database.appUrl, BAOHAO_DATA: world.sandboxDirectory },
    world.sandboxDirectory,
  )
  const msisdnOf = (number: string) => `44${number.replaceAll(' ', '').slice(1)}`
  const said = async (run: (say: (line: string) => void) => Promise<void>) => {
    const told: string[] = []
    await run((line) => told.push(line))
    return told.join('\n')
  }
  const show = (number: string) => said((say) => lineShowCommand(config, number, { brand: 'harbour' }, say))
  async function paid() {
    const { guest: somebody, number } = await guest()
    const begun = await begin(somebody, number)
    await type(begun, '4242424242424242')
    await somebody.until(begun.order.id, ['credited'])
    return { somebody, number, begun, id: begun.payment.attemptId }
  }

  test('lost: what was used is owed, cards are refused until a person says otherwise, the next top-up pays first', async () => {
    const before = world.house.payments.refusedNotifications.unanswered
    const { somebody, number, begun, id } = await paid()
    await spend(world.house, 'harbour', msisdnOf(number), await balanceOf(number))
    await knobs({ fault: 'http-500', faultMethod: '/v1/disputes' })
    await act(id, 'dispute')
    // What it has come to cannot be asked: not taken, so that it comes again.
    await expect.poll(() => world.house.payments.refusedNotifications.unanswered).toBeGreaterThan(before)
    await knobs({})
    await act(id, 'notify', { times: 1, freshIds: true })
    await somebody.until(begun.order.id, ['reversed'])
    await act(id, 'close-dispute', { status: 'lost' })
    await expect.poll(() => show(number), { timeout: 10_000 }).toContain('owes £10.00')
    expect(await show(number)).toContain('cards are not taken online')

    const next = (await somebody.placeOrder(number, { face: '1500' })).body as OrderView
    const key = randomUUID().replaceAll('-', '')
    const start = { provider: 'card', scene: 'wap', locale: 'en' }
    const refused = await somebody.send('POST', `/v1/top-ups/${next.id}/payments`, start, key)
    expect(refused).toMatchObject({ status: 422, body: { code: 'payment-way-refused' } })
    const lift = { brand: 'harbour', reason: 'the holder called, the card was shared' }
    await said((say) => lineLiftFlagsCommand(config, number, lift, say))
    expect(await said((say) => lineFlagsCommand(config, { brand: 'harbour' }, say))).not.toContain(
      msisdnOf(number),
    )
    const again = await somebody.send(
      'POST',
      `/v1/top-ups/${next.id}/payments`,
      start,
      randomUUID().replaceAll('-', ''),
    )
    expect(again).toMatchObject({ status: 201 })
    await type({ order: next, payment: again.body as PaymentStarted }, '4242424242424242')
    await somebody.until(next.id, ['credited'])
    expect(await show(number)).not.toContain('owes')
    const [item] = next.items
    const [face, bonus] = [item?.face.amountMinor ?? '0', item?.bonus.amountMinor ?? '0']
    expect(await balanceOf(number)).toBe(BigInt(face) + BigInt(bonus) - 1000n)
    await world.proved()
  })

  test('won: the credit is there again', async () => {
    const { somebody, number, begun, id } = await paid()
    const before = await balanceOf(number)
    await act(id, 'dispute', { amountMinor: '400' })
    await expect.poll(() => balanceOf(number), { timeout: 10_000 }).toBe(before - 400n)
    await act(id, 'close-dispute', { status: 'won' })
    await expect.poll(() => balanceOf(number), { timeout: 10_000 }).toBe(before)
    expect((await somebody.order(begun.order.id)).state).toBe('credited')
  })
})

test('a refund that was made comes back: the order waits for a person, its money is held', async () => {
  const { guest: somebody, number } = await guest()
  await knobs({ paidAmount: '999' })
  const begun = await begin(somebody, number)
  await type(begun, '4242424242424242')
  await somebody.until(begun.order.id, ['refunded'])
  await act(begun.payment.attemptId, 'settle-refund', { status: 'failed' })
  await somebody.until(begun.order.id, ['refund-abnormal'])
  expect(await refundsOf(begun)).toEqual(['abnormal'])
})

test('no database, book or log has a card’s number in it, nor the keys in a log', async () => {
  const { guest: somebody, number } = await guest()
  const begun = await begin(somebody, number)
  await type(begun, '4000 0027 6000 3184')
  await act(begun.payment.attemptId, 'challenge')
  await somebody.until(begun.order.id, ['credited'])
  const tables = await column(
    `select table_name from information_schema.tables where table_schema = 'harbour' and table_type = 'BASE TABLE'`,
  )
  expect(tables).toEqual(expect.arrayContaining(['evidence', 'attempt', 'top_up']))
  const rows: string[] = []
  for (const table of tables)
    rows.push(...((await column(`select t::text from {{brand}}."${table}" t`)) as string[]))
  // Evidence keeps bytes, which are written in hexadecimal digits.
  rows.push(...((await column(`select convert_from(raw, 'UTF8') from {{brand}}.evidence`)) as string[]))
  const books = readdirSync(world.sandboxDirectory)
    .filter((name) => name.endsWith('.jsonl'))
    .map((name) => readFileSync(join(world.sandboxDirectory, name), 'utf8'))
  expect(rows.join('\n')).toContain('"type": "checkout.session.completed"')
  expect(cardNumbersIn(rows.join('\n'))).toEqual([])
  expect(cardNumbersIn(books.join('\n'))).toEqual([])
  expect(lines.join('\n')).toContain('/v1/notifications/card/')
  expect(cardNumbersIn(lines.join('\n'))).toEqual([])
  for (const key of [cardSecretKey, cardWebhookSecret]) expect(lines.join('\n')).not.toContain(key)
})
