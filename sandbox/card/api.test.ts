import Stripe from 'stripe'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import {
  type CardWorld,
  order,
  sdkAt,
  secretKey,
  startCardWorld,
  strangerKey,
} from '../testing/card-world.ts'

let world: CardWorld

beforeAll(async () => {
  world = await startCardWorld()
})
afterAll(() => world.end())
beforeEach(() => world.knobs({ reset: true }))

const refused = (call: Promise<unknown>) =>
  call.then(
    () => {
      throw new Error('nothing was refused')
    },
    (error: unknown) => {
      if (error instanceof Stripe.errors.StripeError) return error
      throw error
    },
  )

async function paid() {
  const session = await world.session()
  await world.act('pay', session.id)
  const { payment_intent: intent } = await world.stripe.checkout.sessions.retrieve(session.id)
  return { session, intent: intent as string }
}

describe('who may call', () => {
  test('nobody without a key, and nobody with a wrong one', async () => {
    expect((await fetch(`${world.card.address}/v1/refunds`)).status).toBe(401)
    const error = await refused(sdkAt(world.card.address, 'sk_test_nobody00').refunds.list())
    expect(error).toBeInstanceOf(Stripe.errors.StripeAuthenticationError)
    expect(error.message).not.toContain('sk_test_nobody00')
  })

  test('another merchant sees nothing of ours', async () => {
    const { session, intent } = await paid()
    const stranger = sdkAt(world.card.address, strangerKey)
    for (const call of [
      stranger.checkout.sessions.retrieve(session.id),
      stranger.paymentIntents.retrieve(intent),
      stranger.refunds.create({ payment_intent: intent }),
      stranger.refunds.list({ payment_intent: intent }),
    ]) {
      expect(await refused(call)).toMatchObject({ statusCode: 404, code: 'resource_missing' })
    }
    expect((await stranger.balanceTransactions.list()).data).toEqual([])
  })

  test('addresses and versions that are none are refused in JSON', async () => {
    const headers = { authorization: `Bearer ${secretKey}` }
    const nowhere = await fetch(`${world.card.address}/v1/gifts`, { headers })
    expect(nowhere.status).toBe(404)
    expect(await nowhere.json()).toMatchObject({ error: { type: 'invalid_request_error' } })
    const old = await fetch(`${world.card.address}/v1/refunds`, {
      headers: { ...headers, 'stripe-version': 'yesterday' },
    })
    expect(old.status).toBe(400)
  })
})

describe('sessions', () => {
  test('is open with a page, then paid, with its payment and charge', async () => {
    const session = await world.session()
    expect(session).toMatchObject({
      status: 'open',
      payment_status: 'unpaid',
      amount_total: 4980,
      currency: 'gbp',
    })
    expect(session.url).toContain(`${world.home}/checkout/${session.id}`)
    expect(session.payment_intent).toBeNull()
    await world.act('pay', session.id)
    const done = await world.stripe.checkout.sessions.retrieve(session.id, {
      expand: ['payment_intent.latest_charge.balance_transaction'],
    })
    expect(done).toMatchObject({ status: 'complete', payment_status: 'paid', url: null })
    expect(done.payment_intent).toMatchObject({
      object: 'payment_intent',
      amount_received: 4980,
      status: 'succeeded',
      metadata: { number: session.client_reference_id },
      latest_charge: {
        object: 'charge',
        refunded: false,
        payment_method_details: { card: { brand: 'visa', last4: '4242' } },
        balance_transaction: { object: 'balance_transaction', amount: 4980, fee: 95, net: 4885 },
      },
    })
  })

  test('expires once', async () => {
    const { id } = await world.session()
    expect(await world.stripe.checkout.sessions.expire(id)).toMatchObject({ status: 'expired', url: null })
    expect(await refused(world.stripe.checkout.sessions.expire(id))).toBeInstanceOf(
      Stripe.errors.StripeInvalidRequestError,
    )
    expect((await world.act('pay', id)).status).toBe(409)
  })

  test.each<[string, object]>([
    ['mode', { mode: 'subscription' }],
    ['line_items', { line_items: [] }],
    ['success_url', { success_url: 'nowhere' }],
    ['client_reference_id', { client_reference_id: 'two words' }],
    ['expires_at', { expires_at: 1_000_000_000 }],
    ['surprise', { surprise: 'yes' }],
  ])('a wrong %s is named', async (param, params) => {
    const error = await refused(world.session(params as Partial<Stripe.Checkout.SessionCreateParams>))
    expect(error).toMatchObject({ statusCode: 400, rawType: 'invalid_request_error', param })
  })

  test('a missing amount is an amount that is too small', async () => {
    const price = { currency: 'gbp', product_data: { name: 'x' } }
    const error = await refused(world.session({ line_items: [{ quantity: 1, price_data: price }] }))
    expect(error.code).toBe('amount_too_small')
  })

  test('lists newest first, page by page, by second and status', async () => {
    const made = [await world.session(), await world.session(), await world.session()]
    const ids = made.map(({ id }) => id).toReversed()
    const first = await world.stripe.checkout.sessions.list({ limit: 2 })
    expect(first).toMatchObject({ has_more: true, data: [{ id: ids[0] }, { id: ids[1] }] })
    const next = await world.stripe.checkout.sessions.list({ limit: 1, starting_after: ids[1] as string })
    expect(next.data[0]?.id).toBe(ids[2])
    const back = await world.stripe.checkout.sessions.list({ limit: 1, ending_before: ids[2] as string })
    expect(back.data[0]?.id).toBe(ids[1])
    const since = made[0]?.created ?? 0
    const all: string[] = []
    for await (const { id } of world.stripe.checkout.sessions.list({
      limit: 1,
      status: 'open',
      created: { gte: since },
    }))
      all.push(id)
    expect(all.slice(0, 3)).toEqual(ids)
    const future = await world.stripe.checkout.sessions.list({ created: { gt: since + 3_600 } })
    expect(future.data).toEqual([])
  })
})

describe('idempotency keys', () => {
  const key = () => ({ idempotencyKey: `key-${++keys}` })
  let keys = 0

  test('the same request gets the first answer again, word for word, also after a restart', async () => {
    const { intent } = await paid()
    const options = key()
    const ask = { payment_intent: intent, amount: 100 }
    const first = await world.stripe.refunds.create(ask, options)
    await world.restart()
    const again = await world.stripe.refunds.create(ask, options)
    expect(again).toEqual(first)
    expect(again.lastResponse.headers).toMatchObject({
      'idempotent-replayed': 'true',
      'original-request': first.lastResponse.requestId,
    })
    expect((await world.stripe.refunds.list({ payment_intent: intent })).data).toHaveLength(1)
  })

  test('another request under a used key is refused', async () => {
    const options = key()
    const asked = order()
    await world.stripe.checkout.sessions.create(asked, options)
    const other = { ...asked, client_reference_id: 'ANOTHER' }
    expect(await refused(world.stripe.checkout.sessions.create(other, options))).toBeInstanceOf(
      Stripe.errors.StripeIdempotencyError,
    )
  })

  test('the same key at the same moment is a conflict, and one refund', async () => {
    const { intent } = await paid()
    const options = key()
    const calls = Array.from({ length: 8 }, () =>
      world.stripe.refunds.create({ payment_intent: intent, amount: 1 }, options).catch((error) => error),
    )
    const answers = await Promise.all(calls)
    expect((await world.stripe.refunds.list({ payment_intent: intent })).data).toHaveLength(1)
    for (const answer of answers) {
      if (answer instanceof Stripe.errors.StripeError) expect(answer.statusCode).toBe(409)
      else expect(answer.object).toBe('refund')
    }
  })

  test('what was refused before it began leaves the key free', async () => {
    const options = key()
    await refused(world.stripe.refunds.create({ payment_intent: 'pi_nobody' }, options))
    const { intent } = await paid()
    expect(await world.stripe.refunds.create({ payment_intent: intent }, options)).toMatchObject({
      status: 'succeeded',
    })
  })
})

describe('refunds and disputes', () => {
  test('in parts, never more than was paid', async () => {
    const { intent } = await paid()
    await world.stripe.refunds.create({ payment_intent: intent, amount: 980, metadata: { number: 'R1' } })
    const error = await refused(world.stripe.refunds.create({ payment_intent: intent, amount: 4001 }))
    expect(error.message).toContain('greater than unrefunded amount')
    const rest = await world.stripe.refunds.create({ payment_intent: intent })
    expect(rest).toMatchObject({ amount: 4000, status: 'succeeded', currency: 'gbp' })
    expect((await refused(world.stripe.refunds.create({ payment_intent: intent }))).code).toBe(
      'charge_already_refunded',
    )
    const own = await world.stripe.refunds.list({ payment_intent: intent })
    expect(own.data.map(({ amount }) => amount)).toEqual([4000, 980])
    expect(own.data[1]?.metadata).toEqual({ number: 'R1' })
    const charge = await world.stripe.charges.retrieve(rest.charge as string)
    expect(charge).toMatchObject({ amount_refunded: 4980, refunded: true })
  })

  test('pending until it is settled, or failed with its money back in the balance', async () => {
    const { session, intent } = await paid()
    await world.knobs({ refund: 'pending' })
    const first = await world.stripe.refunds.create({ payment_intent: intent, amount: 100 })
    expect(first.status).toBe('pending')
    await world.act('settle-refund', session.id, { status: 'succeeded' })
    expect((await world.stripe.refunds.retrieve(first.id)).status).toBe('succeeded')
    const second = await world.stripe.refunds.create({ payment_intent: intent, amount: 200 })
    await world.act('settle-refund', session.id, { status: 'failed' })
    expect(await world.stripe.refunds.retrieve(second.id)).toMatchObject({
      status: 'failed',
      failure_reason: 'expired_or_canceled_card',
    })
    const lines = await world.stripe.balanceTransactions.list({ source: second.id })
    expect(lines.data.map(({ amount, type }) => [type, amount])).toEqual([
      ['refund_failure', 200],
      ['refund', -200],
    ])
  })

  test('a dispute takes the money and its fee; won, the money comes back', async () => {
    const { session, intent } = await paid()
    const { body } = await world.act('dispute', session.id)
    const opened = await world.stripe.disputes.retrieve(body.dispute.id, { expand: ['payment_intent'] })
    expect(opened).toMatchObject({
      status: 'needs_response',
      amount: 4980,
      payment_intent: { id: intent, metadata: { number: session.client_reference_id } },
      balance_transactions: [{ amount: -4980, fee: 1500, reporting_category: 'dispute' }],
    })
    expect((await refused(world.stripe.refunds.create({ payment_intent: intent }))).code).toBe(
      'charge_disputed',
    )
    await world.act('close-dispute', session.id, { status: 'won' })
    const closed = await world.stripe.disputes.retrieve(opened.id)
    expect(closed.status).toBe('won')
    expect(closed.balance_transactions.at(-1)).toMatchObject({ amount: 4980, fee: 0 })
    expect((await world.act('close-dispute', session.id, { status: 'lost' })).status).toBe(409)
    expect(await world.stripe.disputes.list({ payment_intent: intent })).toMatchObject({
      data: [{ id: opened.id }],
    })
  })
})

describe('the balance report', () => {
  const report = 'balance_change_from_activity.itemized.3'
  const day = 86_400

  async function run(columns?: string[]): Promise<string> {
    // The gateway's clock runs two days ahead, so that today is a day that is over.
    await world.knobs({ clockSkewSeconds: 2 * day })
    const { data_available_end: until } = await world.stripe.reporting.reportTypes.retrieve(report)
    const parameters = { interval_start: until - 2 * day, interval_end: until, ...(columns && { columns }) }
    const asked = await world.stripe.reporting.reportRuns.create({ report_type: report, parameters })
    expect(asked).toMatchObject({ status: 'pending', result: null })
    const { status, result } = await world.stripe.reporting.reportRuns.retrieve(asked.id)
    expect(status).toBe('succeeded')
    const headers = { authorization: `Bearer ${secretKey}` }
    const file = await fetch(result?.url ?? '', { headers })
    const text = await file.text()
    expect(Buffer.byteLength(text)).toBe(result?.size)
    expect((await fetch(result?.url ?? '')).status).toBe(401)
    return text
  }

  const columns = [
    'reporting_category',
    'gross',
    'fee',
    'net',
    'payment_metadata[number]',
    'refund_metadata[number]',
  ]

  test('has a line for every change of the balance, in major units, with the merchant’s own numbers', async () => {
    const { session, intent } = await paid()
    await world.stripe.refunds.create({ payment_intent: intent, amount: 980, metadata: { number: 'R9' } })
    const lines = (await run(columns)).trimEnd().split('\n')
    expect(lines[0]).toBe(columns.join(','))
    expect(lines.slice(-2)).toEqual([
      `charge,49.80,0.95,48.85,${session.client_reference_id},`,
      `refund,-9.80,0.00,-9.80,${session.client_reference_id},R9`,
    ])
  })

  test.each([
    ['row-missing', -1],
    ['row-extra', 1],
    ['fen-off', 0],
  ])('%s', async (billFault, more) => {
    await paid()
    const right = (await run(columns)).split('\n')
    await world.knobs({ billFault })
    const wrong = (await run(columns)).split('\n')
    expect(wrong.length - right.length).toBe(more)
    expect(wrong).not.toEqual(right)
  })

  test('of a day that is not over is refused', async () => {
    const soon = Math.floor(world.card.state.sessions.values().next().value?.createdAt ?? 0) / 1_000
    const parameters = { interval_start: Math.floor(soon), interval_end: Math.floor(soon) + day }
    const error = await refused(world.stripe.reporting.reportRuns.create({ report_type: report, parameters }))
    expect(error.param).toBe('parameters[interval_end]')
  })
})

describe('trouble', () => {
  test('HTTP 500 and silence come after the act was done', async () => {
    const { intent } = await paid()
    await world.knobs({ fault: 'http-500', faultMethod: '/v1/refunds' })
    const error = await refused(world.stripe.refunds.create({ payment_intent: intent, amount: 1 }))
    expect(error).toBeInstanceOf(Stripe.errors.StripeAPIError)
    await world.knobs({ fault: 'time-out' })
    const silence = await refused(world.stripe.refunds.create({ payment_intent: intent, amount: 2 }))
    expect(silence).toBeInstanceOf(Stripe.errors.StripeConnectionError)
    await world.knobs({ fault: '' })
    expect((await world.stripe.refunds.list({ payment_intent: intent })).data).toHaveLength(2)
  })

  test('a session is not found n times, then found', async () => {
    const { id } = await world.session()
    await world.knobs({ notFoundFirst: 2 })
    for (let time = 0; time < 2; time += 1) {
      expect((await refused(world.stripe.checkout.sessions.retrieve(id))).code).toBe('resource_missing')
    }
    expect((await world.stripe.checkout.sessions.retrieve(id)).status).toBe('open')
  })

  test('paid before the call that makes the session is answered', async () => {
    await world.knobs({ notificationBeforeAnswer: true })
    const session = await world.session()
    expect(session).toMatchObject({ status: 'open', payment_status: 'unpaid' })
    const told = world.receiver.got.filter(({ event }) => event.data.object.id === session.id)
    expect(told.map(({ event }) => event.type)).toEqual(['checkout.session.completed'])
  })

  test('paid twice: a second session and payment under the same number', async () => {
    await world.knobs({ paidTwice: true })
    const session = await world.session()
    await world.act('pay', session.id)
    const { data } = await world.stripe.checkout.sessions.list({ limit: 2 })
    expect(data.map((each) => each.client_reference_id)).toEqual([
      session.client_reference_id,
      session.client_reference_id,
    ])
    expect(new Set(data.map((each) => each.payment_intent)).size).toBe(2)
  })

  test('another amount really paid is told alike everywhere', async () => {
    await world.knobs({ paidAmount: '1' })
    const session = await world.session()
    await world.act('pay', session.id)
    const done = await world.stripe.checkout.sessions.retrieve(session.id, { expand: ['payment_intent'] })
    expect(done).toMatchObject({ amount_total: 1, payment_intent: { amount_received: 1 } })
  })

  test('the clock may run ahead: half an hour is counted from there', async () => {
    await world.knobs({ clockSkewSeconds: 600 })
    const soon = Math.floor((await world.session()).created) - 600 + 1_800 + 60
    expect((await refused(world.session({ expires_at: soon }))).param).toBe('expires_at')
  })
})
