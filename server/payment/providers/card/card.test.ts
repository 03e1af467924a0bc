import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { sdkAt, strangerKey } from '../../../../sandbox/testing/card-world.ts'
import { isoInstant } from '../../../platform/clock.ts'
import type { PaymentProvider } from '../../port.ts'
import { openCard } from './card.ts'
import {
  type AdapterWorld,
  chargeOf,
  merchantAt,
  newNumber,
  now,
  type Reply,
  type StandIn,
  shown,
  startAdapterWorld,
  startStandIn,
} from './world-fixture.ts'

let world: AdapterWorld
let adapter: PaymentProvider
beforeAll(async () => {
  world = await startAdapterWorld()
  adapter = world.adapter
})
afterAll(() => world.end())
beforeEach(() => world.knobs({ reset: true }))

const DAY_SECONDS = 86_400
const UNKNOWN = { kind: 'unknown' }

describe('opening', () => {
  test.each(['secretKey', 'webhookSecret'])('without %s names what is missing', async (name) => {
    const secrets = { secretKey: 'sk_test_a', webhookSecret: 'whsec_b', [name]: '' }
    await expect(openCard(merchantAt('http://127.0.0.1:9', { secrets }), now)).rejects.toThrow(name)
  })

  test('anywhere but on this machine it is reached over TLS', async () => {
    await expect(openCard(merchantAt('http://api.stripe.com'), now)).rejects.toThrow('TLS')
    await openCard(merchantAt('https://api.stripe.com'), now)
  })
})

describe('create', () => {
  test.each(['page', 'wap'] as const)('%s leads to the gateway’s own page', async (scene) => {
    const charge = chargeOf({ scene })
    const outcome = await adapter.create(charge, shown)
    if (outcome.kind !== 'started' || !('redirectUrl' in outcome)) throw new Error('not a redirect')
    expect(outcome.redirectUrl).toContain(`${world.home}/checkout/cs_test_`)
    const session = await world.stripe.checkout.sessions.retrieve(outcome.reference ?? '')
    expect(session).toMatchObject({
      client_reference_id: charge.number,
      amount_total: 4980,
      currency: 'gbp',
      metadata: { number: charge.number },
      success_url: shown.returnUrl,
      cancel_url: shown.returnUrl,
      locale: 'zh',
    })
    // Half an hour at least from now, whatever is left of the order's own.
    expect(session.expires_at - session.created).toBeGreaterThan(30 * 60)
  })

  test('again, it is the same session, also with hardly any time left', async () => {
    const charge = chargeOf({ expiresAtMs: now() + 1_000 })
    expect(await adapter.create(charge, shown)).toEqual(await adapter.create(charge, shown))
  })

  test('a day’s time is cut to what the gateway takes', async () => {
    expect(await adapter.create(chargeOf({ expiresAtMs: now() + 72 * 3_600_000 }), shown)).toMatchObject({
      kind: 'started',
    })
  })

  test.each([
    ['a scene that cards have not', { scene: 'qr' }],
    ['more than eight digits', { amountMinor: 100_000_000n }],
  ] as const)('%s is a no without a call', async (_, change) => {
    await world.knobs({ fault: 'http-500' })
    expect(await adapter.create(chargeOf(change), shown)).toMatchObject({ kind: 'no' })
  })

  test('what the gateway will not take is a no', async () => {
    const outcome = await adapter.create(chargeOf(), { ...shown, returnUrl: 'nowhere' })
    expect(outcome).toMatchObject({ kind: 'no', reason: 'url_invalid' })
  })

  test('another amount under the same number is not answered, not begun', async () => {
    const charge = chargeOf()
    await adapter.create(charge, shown)
    expect(await adapter.create({ ...charge, amountMinor: 1n }, shown)).toMatchObject(UNKNOWN)
  })

  test('a key that the gateway does not know is our trouble, not the payer’s no', async () => {
    const secrets = { secretKey: 'sk_test_nobody', webhookSecret: 'whsec_x' }
    const stranger = await openCard(merchantAt(world.card.address, { secrets }), now)
    expect(await stranger.create(chargeOf(), shown)).toMatchObject(UNKNOWN)
    expect(await stranger.query({ number: newNumber(), reference: null })).toMatchObject(UNKNOWN)
  })
})

describe('query', () => {
  test('waiting, then paid: what, how much, when, with the very bytes', async () => {
    const known = await world.begin()
    expect(await adapter.query(known)).toEqual({ kind: 'pending' })
    await world.act('pay', known.reference)
    const outcome = await adapter.query(known)
    expect(outcome).toMatchObject({
      kind: 'paid',
      status: 'complete',
      transaction: expect.stringMatching(/^pi_\w+$/),
      amountMinor: 4980n,
      currency: 'GBP',
    })
    if (outcome.kind !== 'paid') throw new Error('not paid')
    expect(Math.abs((outcome.atMs ?? 0) - now())).toBeLessThan(20_000)
    expect(JSON.parse(outcome.raw.toString('utf8'))).toEqual(outcome.fields)
    expect(outcome.fields).toMatchObject({ client_reference_id: known.number, id: known.reference })
  })

  test('without a reference it is found by our number among the sessions of that hour', async () => {
    const known = await world.begin()
    for (let more = 0; more < 3; more += 1) await world.begin()
    expect(await adapter.query({ ...known, reference: null })).toEqual({ kind: 'pending' })
    expect(await adapter.query({ number: newNumber(), reference: null })).toEqual({ kind: 'not-found' })
    expect(await adapter.query({ number: 'NOBODY', reference: null })).toEqual({ kind: 'not-found' })
  })

  test('expired is closed; refunded in full is refunded, in part still paid', async () => {
    const known = await world.begin()
    await world.act('expire', known.reference)
    expect(await adapter.query(known)).toMatchObject({ kind: 'closed', status: 'expired' })
    const paid = await world.pay()
    await world.act('refund', paid.known.reference, { amountMinor: '980' })
    expect(await adapter.query(paid.known)).toMatchObject({ kind: 'paid', amountMinor: 4980n })
    await world.act('refund', paid.known.reference)
    expect(await adapter.query(paid.known)).toMatchObject({ kind: 'refunded', amountMinor: 4980n })
  })

  test('a bank’s question and a declined card leave it waiting', async () => {
    const known = await world.begin()
    await world.act('pay', known.reference, { card: '0002' })
    await world.act('pay', known.reference, { card: '3184' })
    expect(await adapter.query(known)).toEqual({ kind: 'pending' })
    await world.act('challenge', known.reference)
    expect(await adapter.query(known)).toMatchObject({ kind: 'paid' })
  })

  test('another amount really paid is told as it is', async () => {
    await world.knobs({ paidAmount: '1' })
    const { refund } = await world.pay()
    expect(refund.amountMinor).toBe(1n)
  })

  test('not found n times, then the truth', async () => {
    const { known } = await world.pay()
    await world.knobs({ notFoundFirst: 3 })
    const kinds: string[] = []
    // Paying asked once already.
    for (let time = 0; time < 4; time += 1) kinds.push((await adapter.query(known)).kind)
    expect(kinds).toEqual(['not-found', 'not-found', 'not-found', 'paid'])
  })

  test('the session of another number is no answer', async () => {
    const { reference } = await world.begin()
    expect(await adapter.query({ number: newNumber(), reference })).toMatchObject(UNKNOWN)
  })

  test('a slow answer is an answer, and a gateway whose clock is ten minutes ahead is understood', async () => {
    await world.knobs({ slowReceiverSeconds: 1, clockSkewSeconds: 600 })
    const known = await world.begin()
    expect(await adapter.query({ ...known, reference: null })).toEqual({ kind: 'pending' })
  })
})

describe('close', () => {
  test('closed, with the bytes that say so; a second time it is over', async () => {
    const known = await world.begin()
    expect(await adapter.close(known)).toMatchObject({ kind: 'closed', fields: { status: 'expired' } })
    expect(await adapter.close(known)).toEqual({ kind: 'over' })
    await world.knobs({ paidAfterClose: true })
    await world.act('pay', known.reference)
    expect(await adapter.query(known)).toMatchObject({ kind: 'paid' })
  })

  test('paid before is over; never begun is not found', async () => {
    const { known } = await world.pay()
    expect(await adapter.close(known)).toEqual({ kind: 'over' })
    expect(await adapter.close({ number: newNumber(), reference: null })).toEqual({ kind: 'not-found' })
    expect(await adapter.close({ number: newNumber(), reference: 'cs_test_nobody' })).toEqual({
      kind: 'not-found',
    })
  })
})

describe('refund', () => {
  test('made once under our number, however often it is sent', async () => {
    const { refund } = await world.pay()
    expect(await adapter.queryRefund(refund)).toEqual({ kind: 'not-found' })
    const done = await adapter.refund(refund)
    expect(done).toMatchObject({ kind: 'done', fields: { metadata: { number: refund.number } } })
    expect(await adapter.refund(refund)).toMatchObject({ kind: 'done' })
    expect(await adapter.queryRefund(refund)).toMatchObject({ kind: 'done' })
    const made = await world.stripe.refunds.list({ payment_intent: refund.transaction })
    expect(made.data).toHaveLength(1)
  })

  test('pending, then done', async () => {
    await world.knobs({ refund: 'pending' })
    const { refund, known } = await world.pay()
    expect(await adapter.refund(refund)).toEqual({ kind: 'pending' })
    expect(await adapter.queryRefund(refund)).toEqual({ kind: 'pending' })
    await world.act('settle-refund', known.reference, { status: 'succeeded' })
    expect(await adapter.queryRefund(refund)).toMatchObject({ kind: 'done' })
  })

  test('accepted, then failed: a no with its reason', async () => {
    await world.knobs({ refund: 'failed' })
    const { refund, known } = await world.pay()
    expect(await adapter.refund(refund)).toEqual({ kind: 'pending' })
    await world.act('settle-refund', known.reference, { status: 'failed' })
    expect(await adapter.queryRefund(refund)).toMatchObject({
      kind: 'no',
      reason: 'expired_or_canceled_card',
    })
  })

  test('more than there is, or after a dispute, is a no', async () => {
    const { refund } = await world.pay()
    expect(await adapter.refund({ ...refund, amountMinor: 4981n })).toMatchObject({ kind: 'no' })
    const disputed = await world.pay()
    await world.act('dispute', disputed.known.reference)
    expect(await adapter.refund(disputed.refund)).toMatchObject({ kind: 'no', reason: 'charge_disputed' })
  })

  test('refused because our own number took all, when its key is long forgotten: done', async () => {
    const { refund } = await world.pay()
    await world.stripe.refunds.create({
      payment_intent: refund.transaction,
      metadata: { number: refund.number },
    })
    expect(await adapter.refund(refund)).toMatchObject({ kind: 'done' })
  })

  test('refused because somebody else took all: a no', async () => {
    const { refund, known } = await world.pay()
    await world.act('refund', known.reference)
    expect(await adapter.refund(refund)).toMatchObject({ kind: 'no', reason: 'charge_already_refunded' })
  })

  test('another amount under our number, and a payment that is not there, are no answer', async () => {
    const { refund } = await world.pay()
    await adapter.refund({ ...refund, amountMinor: 980n })
    expect(await adapter.queryRefund(refund)).toMatchObject(UNKNOWN)
    expect(await adapter.refund({ ...refund, number: newNumber(), transaction: 'pi_nobody' })).toMatchObject(
      UNKNOWN,
    )
  })

  test('of parts, each has its number', async () => {
    const { refund } = await world.pay()
    const parts = [980n, 4000n].map((amountMinor) => ({ ...refund, number: newNumber(), amountMinor }))
    for (const part of parts) expect(await adapter.refund(part)).toMatchObject({ kind: 'done' })
    for (const part of parts) expect(await adapter.queryRefund(part)).toMatchObject({ kind: 'done' })
  })
})

describe('the bill of a day', () => {
  test('not ready while the day goes on', async () => {
    expect(await adapter.fetchBill?.(isoInstant(now()).slice(0, 10))).toEqual({ kind: 'not-ready' })
  })

  test('a line for every change, named by our numbers', async () => {
    const { charge, refund } = await world.pay()
    await adapter.refund(refund)
    await world.knobs({ clockSkewSeconds: 2 * DAY_SECONDS })
    const bill = await adapter.fetchBill?.(isoInstant(now()).slice(0, 10))
    if (bill?.kind !== 'bill') throw new Error(JSON.stringify(bill))
    const [header = '', ...rows] = bill.bytes.toString('utf8').trimEnd().split('\n')
    const columns = header.split(',')
    const of = (category: string, number: string) =>
      rows
        .map((row) => Object.fromEntries(row.split(',').map((cell, place) => [columns[place], cell])))
        .filter((row) => row.reporting_category === category && Object.values(row).includes(number))
    expect(of('charge', charge.number)).toMatchObject([
      { gross: '49.80', fee: '0.95', net: '48.85', currency: 'gbp', payment_intent_id: refund.transaction },
    ])
    expect(of('refund', refund.number)).toMatchObject([
      { gross: '-49.80', 'payment_metadata[number]': charge.number },
    ])
  })
})

test.each(['http-500', 'time-out'])(
  'carried out and answered with %s: unknown, and then found, once',
  async (fault) => {
    const { refund, known } = await world.pay()
    const charge = chargeOf()
    const open = await world.begin()
    await world.knobs({ fault })
    const calls = [
      adapter.create(charge, shown),
      adapter.query(known),
      adapter.close(open),
      adapter.refund(refund),
      adapter.queryRefund(refund),
      adapter.fetchBill?.('2026-11-01'),
    ]
    for (const outcome of await Promise.all(calls)) expect(outcome).toMatchObject(UNKNOWN)
    await world.knobs({ fault: '' })
    expect(await adapter.query({ number: charge.number, reference: null })).toEqual({ kind: 'pending' })
    expect(await adapter.create(charge, shown)).toMatchObject({ kind: 'started' })
    const { data } = await world.stripe.checkout.sessions.list({ limit: 100 })
    expect(data.filter((session) => session.client_reference_id === charge.number)).toHaveLength(1)
    expect(await adapter.query(open)).toMatchObject({ kind: 'closed' })
    expect(await adapter.queryRefund(refund)).toMatchObject({ kind: 'done' })
    expect(await adapter.refund(refund)).toMatchObject({ kind: 'done' })
    expect((await world.stripe.refunds.list({ payment_intent: refund.transaction })).data).toHaveLength(1)
  },
)

describe('anything but an answer is unknown', () => {
  let standIn: StandIn
  let lost: PaymentProvider
  beforeAll(async () => {
    standIn = await startStandIn()
    lost = await openCard(merchantAt(standIn.address), now)
  })
  afterAll(() => standIn.close())

  const known = { number: newNumber(), reference: 'cs_test_1' }
  const session = (fields: object) => ({
    text: JSON.stringify({
      id: 'cs_test_1',
      client_reference_id: known.number,
      status: 'complete',
      ...fields,
    }),
  })
  const intent = { id: 'pi_1', amount_received: 4980, currency: 'gbp', status: 'succeeded' }
  test.each<[string, Reply]>([
    ['a cut connection', 'cut'],
    ['a page', { text: '<html></html>' }],
    ['nothing', {}],
    ['too long an answer', { text: JSON.stringify({ padding: 'x'.repeat(3_000_000) }) }],
    ['a redirect', { status: 302, headers: { location: 'http://127.0.0.1:9/' } }],
    ['a limit', { status: 429, text: '{"error":{"type":"invalid_request_error","code":"rate_limit"}}' }],
    ['a lock', { status: 409, text: '{"error":{"type":"idempotency_error"}}' }],
    ['trouble', { status: 400, text: '{"error":{"type":"api_error"}}' }],
    ['a state that is none', session({ status: 'reopened' })],
    ['paid without a payment', session({ payment_status: 'paid', payment_intent: null })],
    [
      'paid without an amount',
      session({ payment_status: 'paid', payment_intent: { ...intent, amount_received: 49.8 } }),
    ],
    [
      'paid without a charge',
      session({ payment_status: 'paid', payment_intent: { ...intent, latest_charge: null } }),
    ],
    ['nothing to pay', session({ payment_status: 'no_payment_required' })],
  ])('%s', async (_, reply) => {
    standIn.reply = reply
    standIn.asked = []
    expect(await lost.query(known)).toMatchObject({ kind: 'unknown', reason: expect.any(String) })
    expect(standIn.asked).toHaveLength(1)
  })

  test('nothing is told of this machine', async () => {
    standIn.reply = { status: 404, text: '{"error":{"type":"invalid_request_error"}}' }
    standIn.asked = []
    expect(await lost.query(known)).toEqual({ kind: 'not-found' })
    const [headers = {}] = standIn.asked
    expect(headers).toMatchObject({ 'user-agent': 'baohao', authorization: 'Bearer sk_test_laika000001' })
    expect(JSON.stringify(headers)).not.toMatch(/node|linux|telemetry|client-user-agent/i)
  })

  test('the file of a bill is fetched from the gateway alone', async () => {
    const { openGateway } = await import('./gateway.ts')
    await expect(
      openGateway(merchantAt(standIn.address)).download('http://127.0.0.1:9/bill'),
    ).rejects.toThrow('is not the gateway')
  })
})

test('another merchant’s key finds nothing of ours', async () => {
  const { known, refund } = await world.pay()
  const secrets = { secretKey: strangerKey, webhookSecret: 'whsec_x' }
  const stranger = await openCard(merchantAt(world.card.address, { secrets }), now)
  expect(await stranger.query(known)).toEqual({ kind: 'not-found' })
  expect(await stranger.refund(refund)).toMatchObject(UNKNOWN)
  expect((await sdkAt(world.card.address, strangerKey).refunds.list()).data).toEqual([])
})
