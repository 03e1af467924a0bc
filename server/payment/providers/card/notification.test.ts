import { setImmediate as nextTurn } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Delivery, webhookSecret } from '../../../../sandbox/testing/card-world.ts'
import { until } from '../../../../sandbox/testing/world.ts'
import { eachBitFlipped } from '../../../../test/support/bit-flips.ts'
import type { Notification, PaymentProvider } from '../../port.ts'
import { openCard } from './card.ts'
import {
  type AdapterWorld,
  merchantAt,
  newNumber,
  notificationOf,
  now,
  startAdapterWorld,
} from './world-fixture.ts'

let world: AdapterWorld
let adapter: PaymentProvider
beforeAll(async () => {
  world = await startAdapterWorld()
  adapter = world.adapter
})
afterAll(() => world.end())
beforeEach(async () => {
  await world.knobs({ reset: true })
  // What the test before set off has come before this one begins to listen.
  const events = () => [...world.card.state.events.values()]
  await until('the events before', () =>
    events().every(({ sendings, dropped }) => dropped || sendings.length > 0),
  )
  world.receiver.got = []
})

const verify = (delivery: Delivery | Notification, as = adapter) =>
  as.verifyNotification('event' in delivery ? notificationOf(delivery) : delivery)
const refused = (fault: string) => ({ kind: 'refused', fault, reason: expect.any(String) })

/** The event of this type, once it has come. */
async function told(type: string): Promise<Delivery> {
  const found = () => world.receiver.got.findLast(({ event }) => event.type === type)
  await until(type, () => found() !== undefined)
  return found() as Delivery
}

/** Any body, rightly signed with our own secret. */
function signed(event: object | string, secret = webhookSecret): Notification {
  const payload = typeof event === 'string' ? event : JSON.stringify(event)
  const timestamp = Math.floor(now() / 1_000)
  const header = world.stripe.webhooks.generateTestHeaderString({ payload, secret, timestamp })
  return { body: Buffer.from(payload), headers: { 'stripe-signature': header } }
}

describe('a genuine event', () => {
  test('of a payment says what was taken, under which number, when', async () => {
    const { known, refund } = await world.pay()
    const delivery = await told('checkout.session.completed')
    const outcome = await verify(delivery)
    expect(outcome).toMatchObject({
      kind: 'final',
      said: 'paid',
      id: delivery.event.id,
      number: known.number,
      refundNumber: null,
      money: { transaction: refund.transaction, amountMinor: 4980n, currency: 'GBP' },
      atMs: delivery.event.created * 1_000,
      raw: Buffer.from(delivery.body),
      fields: delivery.event,
    })
  })

  test('of an expiry is a closing, without money', async () => {
    const known = await world.begin()
    await adapter.close(known)
    const outcome = await verify(await told('checkout.session.expired'))
    expect(outcome).toMatchObject({ kind: 'final', said: 'closed', number: known.number, money: null })
  })

  test('of our refund names it and its payment', async () => {
    const { known, refund } = await world.pay()
    await adapter.refund({ ...refund, amountMinor: 980n })
    expect(await verify(await told('charge.refunded'))).toMatchObject({
      kind: 'final',
      said: 'refunded',
      number: known.number,
      refundNumber: refund.number,
      money: { transaction: refund.transaction, amountMinor: 980n, currency: 'GBP' },
    })
  })

  test('of somebody’s refund names the payment alone', async () => {
    const { known } = await world.pay()
    await world.act('refund', known.reference, { amountMinor: '1000' })
    expect(await verify(await told('charge.refunded'))).toMatchObject({
      said: 'refunded',
      number: known.number,
      refundNumber: null,
      money: { amountMinor: 1000n },
    })
  })

  test('of a refund that was pending: done, or refused with its reason, whichever event comes last', async () => {
    await world.knobs({ refund: 'pending' })
    const { known, refund } = await world.pay()
    await adapter.refund(refund)
    expect(await verify(await told('charge.refunded'))).toEqual({ kind: 'passing' })
    await world.act('settle-refund', known.reference, { status: 'succeeded' })
    const updated = await told('refund.updated')
    expect(await verify(updated)).toMatchObject({ said: 'refunded', refundNumber: refund.number })
    await world.act('settle-refund', known.reference, { status: 'failed' })
    const failed = await told('refund.failed')
    // The older event, late, tells what is true by now.
    for (const delivery of [failed, updated]) {
      expect(await verify(delivery)).toMatchObject({
        kind: 'final',
        said: 'refund-failed',
        id: delivery.event.id,
        number: known.number,
        refundNumber: refund.number,
        note: 'expired_or_canceled_card',
        money: { transaction: refund.transaction, amountMinor: 4980n, currency: 'GBP' },
      })
    }
  })

  test('of somebody’s refund that failed is nothing final', async () => {
    await world.knobs({ refund: 'pending' })
    const { known } = await world.pay()
    await world.act('refund', known.reference)
    await world.act('settle-refund', known.reference, { status: 'failed' })
    expect(await verify(await told('refund.failed'))).toEqual({ kind: 'passing' })
  })

  test('of a dispute: open while the bank has the money, then lost or given back; each is one saying', async () => {
    for (const [status, said] of [
      ['won', 'reinstated'],
      ['lost', 'reversed'],
    ]) {
      const { known, refund } = await world.pay()
      world.receiver.got = []
      const { body } = await world.act('dispute', known.reference, { amountMinor: '1980' })
      const withdrawn = await told('charge.dispute.funds_withdrawn')
      const open = {
        ...{ kind: 'final', said: 'disputed', id: `${body.dispute.id}/disputed`, number: known.number },
        ...{ refundNumber: null, note: 'fraudulent', dispute: { number: body.dispute.id, feeMinor: 1500n } },
        money: { transaction: refund.transaction, amountMinor: 1980n, currency: 'GBP' },
      }
      for (const delivery of [withdrawn, await told('charge.dispute.created')])
        expect(await verify(delivery)).toMatchObject(open)
      await world.act('close-dispute', known.reference, { status })
      // The older event, late, tells what is true by now.
      for (const delivery of [await told('charge.dispute.closed'), withdrawn])
        expect(await verify(delivery)).toMatchObject({ ...open, said, id: `${body.dispute.id}/${said}` })
      if (status !== 'won') continue
      expect(await verify(await told('charge.dispute.funds_reinstated'))).toMatchObject({ said })
    }
  })

  test('of a state that cannot be fetched is not taken, so that it comes again', async () => {
    const { refund } = await world.pay()
    await adapter.refund(refund)
    const delivery = await told('charge.refunded')
    await world.knobs({ fault: 'http-500', faultMethod: '/v1/refunds' })
    expect(await verify(delivery)).toMatchObject({ kind: 'unanswered' })
  })

  test('of anything else, or of a payment still on its way, is acknowledged and not kept', async () => {
    await world.pay()
    const { event } = await told('checkout.session.completed')
    expect(await verify(signed({ ...event, type: 'payout.paid' }))).toEqual({ kind: 'passing' })
    const object = { ...event.data.object, payment_status: 'unpaid' }
    expect(await verify(signed({ ...event, data: { object } }))).toEqual({ kind: 'passing' })
    expect(
      await verify(signed({ ...event, type: 'refund.updated', data: { object: { id: 're_nobody' } } })),
    ).toEqual({
      kind: 'passing',
    })
  })

  test('is genuine by the old secret and by the new one while it is rolled', async () => {
    await world.pay()
    const delivery = await told('checkout.session.completed')
    const secrets = { secretKey: 'sk_test_x', webhookSecret: `whsec_new00001,${webhookSecret}` }
    const both = await openCard(merchantAt(world.card.address, { secrets }), now)
    expect(await verify(delivery, both)).toMatchObject({ kind: 'final' })
    expect(await verify(signed(delivery.event, 'whsec_new00001'), both)).toMatchObject({ kind: 'final' })
    expect(await verify(signed(delivery.event, 'whsec_new00001'))).toMatchObject(refused('signature'))
  })
})

describe('with the gateway’s knobs', () => {
  test.each<[string, object, object]>([
    ['a wrong signature', { wrongSignature: true }, refused('signature')],
    ['signed ten minutes ago', { notificationAgeMinutes: 10 }, refused('signature')],
    ['signed four minutes ago', { notificationAgeMinutes: 4 }, { kind: 'final', said: 'paid' }],
    ['a clock ten minutes ahead', { clockSkewSeconds: 600 }, { kind: 'final', said: 'paid' }],
    ['another account', { wrongMerchant: true }, refused('merchant')],
    ['another amount', { notificationAmount: '1' }, { said: 'paid', money: { amountMinor: 1n } }],
    ['another amount paid', { paidAmount: '1' }, { said: 'paid', money: { amountMinor: 1n } }],
  ])('%s', async (_, knob, expected) => {
    await world.knobs(knob)
    await world.pay()
    expect(await verify(await told('checkout.session.completed'))).toMatchObject(expected)
  })

  test('told in the wrong order, each says what it would have said in the right one', async () => {
    await world.knobs({ reorder: true })
    const { known, refund } = await world.pay()
    await adapter.refund(refund)
    await until('both', () => world.receiver.got.length === 2)
    const outcomes = await Promise.all(world.receiver.got.map((delivery) => verify(delivery)))
    expect(outcomes).toMatchObject([
      { said: 'refunded', number: known.number, refundNumber: refund.number },
      { said: 'paid', number: known.number, money: { transaction: refund.transaction } },
    ])
  })

  test('never told, or late: a query knows', async () => {
    await world.knobs({ dropAll: true })
    const { known } = await world.pay()
    await world.knobs({ reset: true, delaySeconds: 1 })
    const late = await world.pay()
    expect(await adapter.query(known)).toMatchObject({ kind: 'paid' })
    expect(await verify(await told('checkout.session.completed'))).toMatchObject({
      said: 'paid',
      number: late.known.number,
    })
    expect(world.receiver.got).toHaveLength(1)
  })

  test('duplicates carry one id; a second payment has a transaction of its own', async () => {
    await world.knobs({ duplicate: 2, paidTwice: true })
    await world.pay()
    await until('six events', () => world.receiver.got.length === 6)
    const outcomes = await Promise.all(world.receiver.got.map((delivery) => verify(delivery)))
    const final = outcomes.filter((outcome) => outcome.kind === 'final')
    expect(final).toHaveLength(6)
    expect(new Set(final.map(({ id }) => id)).size).toBe(2)
    expect(new Set(final.map(({ number }) => number)).size).toBe(1)
    expect(new Set(final.map(({ money }) => money?.transaction)).size).toBe(2)
  })

  test('an order nobody placed is genuine, under a number that is not ours', async () => {
    await world.knobs({ unknownOrder: true })
    await world.pay()
    await until('both', () => world.receiver.got.length === 2)
    const outcomes = await Promise.all(world.receiver.got.map((delivery) => verify(delivery)))
    const numbers = outcomes.map((outcome) => (outcome.kind === 'final' ? outcome.number : outcome.kind))
    expect(numbers.filter((number) => number.startsWith('NOBODY'))).toHaveLength(1)
  })

  test('a stranger’s claim is refused', async () => {
    await world.knobs({ forge: true })
    await world.begin()
    expect(await verify(await told('checkout.session.completed'))).toMatchObject(refused('signature'))
  })

  test('told before the call that began it was answered', async () => {
    await world.knobs({ notificationBeforeAnswer: true })
    const known = await world.begin()
    expect(await verify(await told('checkout.session.completed'))).toMatchObject({
      said: 'paid',
      number: known.number,
    })
  })
})

describe('an event is refused', () => {
  test('with any single bit flipped, in fifty of them', async () => {
    for (let made = 0; made < 20; made += 1) {
      const { known } = await world.pay()
      if (made % 2 === 0) await world.act('refund', known.reference)
      else await world.act('dispute', known.reference)
    }
    await until('fifty events', () => world.receiver.got.length === 50)
    const passed: string[] = []
    const deepest = Error.stackTraceLimit
    // Half a million refusals, and nobody reads their stacks.
    Error.stackTraceLimit = 0
    for (const delivery of world.receiver.got) {
      const { body, headers } = notificationOf(delivery)
      for (const bit of eachBitFlipped(body)) {
        const outcome = await verify({ body, headers })
        if (outcome.kind !== 'refused') passed.push(`bit ${bit}: ${body.toString('latin1')}`)
      }
      expect(await verify({ body, headers })).not.toMatchObject({ kind: 'refused' })
      // Connections that were closed meanwhile are to be noticed before the next call takes one.
      await nextTurn()
    }
    Error.stackTraceLimit = deepest
    expect(passed).toEqual([])
  }, 120_000)

  test('with any single bit of its signature flipped', async () => {
    await world.pay()
    const { body, headers } = notificationOf(await told('checkout.session.completed'))
    const header = Buffer.from(headers['stripe-signature'] ?? '')
    const passed: string[] = []
    for (const _ of eachBitFlipped(header)) {
      const text = header.toString('latin1')
      if ((await verify({ body, headers: { 'stripe-signature': text } })).kind !== 'refused')
        passed.push(text)
    }
    expect(passed).toEqual([])
  })

  test('when another merchant’s secret signed it, or none did', async () => {
    await world.pay()
    const delivery = await told('checkout.session.completed')
    const { event } = delivery
    expect(await verify(signed(event, 'whsec_harbour0001'))).toMatchObject(refused('signature'))
    expect(await verify({ ...notificationOf(delivery), headers: {} })).toMatchObject(refused('signature'))
    expect(await verify({ ...signed(event), headers: { 'stripe-signature': 't=1,v1=' } })).toMatchObject(
      refused('signature'),
    )
  })

  test('when it is of real money at a key for tests', async () => {
    await world.pay()
    const { event } = await told('checkout.session.completed')
    expect(await verify(signed({ ...event, livemode: true }))).toMatchObject(refused('merchant'))
  })

  test.each([0, -1, 49.8, '4980', 1e21, null])(
    'with the amount %j, though rightly signed',
    async (amount) => {
      const object = {
        object: 'checkout.session',
        amount_total: amount,
        client_reference_id: newNumber(),
        currency: 'gbp',
        payment_intent: 'pi_1',
        payment_status: 'paid',
      }
      const event = {
        id: 'evt_1',
        livemode: false,
        type: 'checkout.session.completed',
        created: 1,
        data: { object },
      }
      expect(await verify(signed(event))).toMatchObject(refused('malformed'))
    },
  )

  test.each([
    ['nothing', ''],
    ['more than 256 KiB', `"${'x'.repeat(256 * 1024)}"`],
    ['no JSON', 'checkout'],
    ['no object', '[]'],
    ['no id', '{"livemode":false,"type":"checkout.session.completed"}'],
  ])('with %s', async (_, text) => {
    expect(await verify(text === '' ? { body: Buffer.alloc(0), headers: {} } : signed(text))).toMatchObject({
      kind: 'refused',
    })
  })

  test('with a BOM before it, or bytes that are no UTF-8', async () => {
    await world.pay()
    const { body, headers } = notificationOf(await told('checkout.session.completed'))
    const bom = Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), body])
    expect(await verify({ body: bom, headers })).toMatchObject(refused('signature'))
    expect(await verify({ body: Buffer.concat([body, Buffer.from([0xff])]), headers })).toMatchObject(
      refused('malformed'),
    )
  })
})
