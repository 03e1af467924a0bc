import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createClock } from '../clock.ts'
import { account, type CardWorld, startCardWorld, webhookSecret } from '../testing/card-world.ts'
import { pause, until } from '../testing/world.ts'
import { cardAdmin } from './index.ts'

let world: CardWorld

beforeEach(async () => {
  world = await startCardWorld()
})
afterEach(() => world.end())

async function pay(): Promise<string> {
  const { id } = await world.session()
  await world.act('pay', id)
  return id
}

const got = (count: number) => until(`${count} events`, () => world.receiver.got.length >= count)
const types = () => world.receiver.got.map(({ event }) => event.type)

/** Long enough for an event that should not come to have come. */
const quiet = () => pause(150)

/** Whether the vendor's own SDK takes each delivery as genuine, with this secret. */
const genuine = (secret = webhookSecret) =>
  world.receiver.got.map(({ body, headers }) => {
    try {
      return (
        world.stripe.webhooks.constructEvent(body, headers['stripe-signature'] as string, secret) !== null
      )
    } catch {
      return false
    }
  })

test('tells of a payment with everything a merchant must compare, rightly signed', async () => {
  const id = await pay()
  await got(1)
  const [{ event, headers } = {}] = world.receiver.got as [(typeof world.receiver.got)[0]]
  expect(event).toMatchObject({
    object: 'event',
    type: 'checkout.session.completed',
    livemode: false,
    data: { object: { id, amount_total: 4980, currency: 'gbp', payment_status: 'paid', status: 'complete' } },
  })
  expect(event.id).toMatch(/^evt_\w{24}$/)
  expect(headers?.['stripe-signature']).toMatch(/^t=\d{10},v1=[0-9a-f]{64}$/)
  expect(genuine()).toEqual([true])
  expect(genuine('whsec_another0001')).toEqual([false])
})

test('tells of refunds, disputes and what became of them', async () => {
  const id = await pay()
  await world.act('refund', id, { amountMinor: '980' })
  await world.knobs({ refund: 'pending' })
  await world.act('refund', id, { amountMinor: '1000' })
  await world.act('settle-refund', id, { status: 'succeeded' })
  await world.act('refund', id, { amountMinor: '1000' })
  await world.act('settle-refund', id, { status: 'failed' })
  await world.act('dispute', id)
  await world.act('close-dispute', id, { status: 'lost' })
  await got(9)
  expect(new Set(types())).toEqual(
    new Set([
      'checkout.session.completed',
      'charge.refunded',
      'refund.updated',
      'refund.failed',
      'charge.dispute.created',
      'charge.dispute.funds_withdrawn',
      'charge.dispute.closed',
    ]),
  )
  const refunded = world.receiver.got.filter(({ event }) => event.type === 'charge.refunded')
  expect(refunded.map(({ event }) => event.data.previous_attributes.amount_refunded).sort()).toEqual([
    0, 1980, 980,
  ])
  expect(genuine()).toEqual(Array(9).fill(true))
})

test('the page of knobs disputes the newest payment, decides it, and sends a refund back', async () => {
  const rail = cardAdmin(world.card)
  const does = (act: string) =>
    rail.acts.find(({ path }) => path.endsWith(`/${act}`))?.work({ parts: { id: account } } as never)
  await expect(does('lose-dispute')).rejects.toThrow('no payment that it could be done to')
  const [lost, won] = [await pay(), await pay()]
  await does('dispute')
  await does('win-dispute')
  await does('dispute')
  await does('lose-dispute')
  const statuses = async (session: string) =>
    [...world.card.state.charges.values()].find(({ intent }) => intent.session.id === session)?.dispute
      ?.status
  expect([await statuses(won), await statuses(lost)]).toEqual(['won', 'lost'])
  await world.act('refund', won, { amountMinor: '980' })
  await does('fail-refund')
  await expect.poll(types).toContain('refund.failed')
  expect(types().filter((type) => type === 'charge.dispute.funds_reinstated')).toHaveLength(1)
})

test('expires an unpaid session at its time and says so', async () => {
  await world.knobs({ clockSkewSeconds: 86_400 - 2 })
  const clock = createClock()
  const { id } = await world.session({ expires_at: Math.floor(clock.now() / 1_000) + 86_400 + 1_800 })
  await world.knobs({ clockSkewSeconds: 86_400 + 1_800 })
  expect((await world.stripe.checkout.sessions.retrieve(id)).status).toBe('expired')
  await got(1)
  expect(types()).toEqual(['checkout.session.expired'])
})

test('is sent ten times under one id when never acknowledged; any 2xx ends it', async () => {
  world.retryScale = 0.000001
  world.receiver.answer = () => 500
  await pay()
  await got(10)
  await quiet()
  expect(world.receiver.got).toHaveLength(10)
  expect(new Set(world.receiver.got.map(({ event }) => event.id)).size).toBe(1)
  expect(genuine()).toEqual(Array(10).fill(true))
  world.receiver.answer = () => (world.receiver.got.length < 13 ? 302 : 204)
  await pay()
  await got(13)
  await quiet()
  expect(world.receiver.got).toHaveLength(13)
})

test('a ladder goes on after a restart where it stood', async () => {
  world.receiver.answer = () => 400
  await pay()
  await got(1)
  // Before the restart the next rung is five minutes away, after it the third of a second.
  world.retryScale = 0.001
  world.receiver.answer = () => 200
  await world.restart()
  await got(2)
  const rungs = async () => {
    const { body } = await world.control('GET', `/control/card/${account}/sessions`)
    return body.sessions[0].events[0].sendings.map(({ rung }: { rung: number }) => rung)
  }
  // A sending is written down after its answer has come.
  await expect.poll(rungs).toEqual([0, 1])
  expect(new Set(world.receiver.got.map(({ event }) => event.id)).size).toBe(1)
})

test('duplicate: n more copies of the same event at once', async () => {
  await world.knobs({ duplicate: 4 })
  await pay()
  await got(5)
  await quiet()
  expect(world.receiver.got).toHaveLength(5)
  expect(new Set(world.receiver.got.map(({ event }) => event.id)).size).toBe(1)
})

test('reorder: what happened later is told first', async () => {
  await world.knobs({ reorder: true })
  const id = await pay()
  await quiet()
  expect(world.receiver.got).toHaveLength(0)
  await world.act('refund', id)
  await got(2)
  expect(types()).toEqual(['charge.refunded', 'checkout.session.completed'])
})

test('drop all: never, not even after the knob is turned back', async () => {
  await world.knobs({ dropAll: true })
  const id = await pay()
  await quiet()
  await world.knobs({ reset: true })
  await world.restart()
  await quiet()
  expect(world.receiver.got).toHaveLength(0)
  expect((await world.stripe.checkout.sessions.retrieve(id)).payment_status).toBe('paid')
})

test('delay: nothing for a while, then the event', async () => {
  await world.knobs({ delaySeconds: 1 })
  const clock = createClock()
  const from = clock.now()
  await pay()
  await got(1)
  expect(clock.now() - from).toBeGreaterThanOrEqual(990)
})

test('wrong signature: refused by the SDK, and the retry after the knob is turned back is right', async () => {
  world.retryScale = 0.001
  await world.knobs({ wrongSignature: true })
  world.receiver.answer = () => (genuine().at(-1) ? 200 : 400)
  await pay()
  await got(1)
  await world.knobs({ wrongSignature: false })
  await until('one that is right', () => genuine().at(-1) === true)
  await quiet()
  expect(genuine()[0]).toBe(false)
  expect(genuine().filter(Boolean)).toHaveLength(1)
})

test('old: signed ten minutes ago, which the SDK refuses', async () => {
  await world.knobs({ notificationAgeMinutes: 10 })
  await pay()
  await got(1)
  expect(genuine()).toEqual([false])
})

test('forge: a stranger claims payment as soon as a session exists', async () => {
  await world.knobs({ forge: true })
  const { id } = await world.session()
  await got(1)
  expect(world.receiver.got[0]?.event.data.object).toMatchObject({ id, payment_status: 'paid' })
  expect(genuine()).toEqual([false])
  expect((await world.stripe.checkout.sessions.retrieve(id)).payment_status).toBe('unpaid')
})

describe('a lie rightly signed', () => {
  test.each([
    [{ notificationAmount: '1' }, { data: { object: { amount_total: 1 } } }],
    [{ wrongMerchant: true }, { account: 'acct_1StrangerStranger' }],
  ])('%j', async (knob, lie) => {
    await world.knobs(knob)
    const id = await pay()
    await got(1)
    expect(world.receiver.got[0]?.event).toMatchObject(lie)
    expect(genuine()).toEqual([true])
    expect((await world.stripe.checkout.sessions.retrieve(id)).amount_total).toBe(4980)
  })

  test('unknown order: a second, well-signed event for a number nobody has', async () => {
    await world.knobs({ unknownOrder: true })
    await pay()
    await got(2)
    const numbers = world.receiver.got.map(({ event }) => event.data.object.client_reference_id)
    expect(numbers.filter((number) => number.startsWith('NOBODY'))).toHaveLength(1)
    expect(genuine()).toEqual([true, true])
  })
})

test('fired 32 times at once by hand, under one id or under fresh ones', async () => {
  const id = await pay()
  await got(1)
  const { body } = await world.act('notify', id, { times: 32, concurrently: true })
  expect(body.receptions).toHaveLength(32)
  expect(new Set(world.receiver.got.map(({ event }) => event.id)).size).toBe(1)
  await world.act('notify', id, { times: 3, freshIds: true })
  expect(new Set(world.receiver.got.map(({ event }) => event.id)).size).toBe(4)
  expect(genuine().every(Boolean)).toBe(true)
})

test('while its secret is rolled an event is genuine by the old and by the new one', async () => {
  const path = `/control/card/merchants/${account}/roll-secret`
  const rolled = (await world.control('POST', path)).body.webhookSecret.split(',')
  expect(rolled[1]).toBe(webhookSecret)
  await pay()
  await got(1)
  expect([genuine(rolled[0]), genuine()]).toEqual([[true], [true]])
  await world.control('POST', path, { overlap: false })
  await pay()
  await got(2)
  expect(genuine()).toEqual([true, false])
})

test('some cards have their own afterwards: a dispute, a refund that succeeds later, one that fails later', async () => {
  world.retryScale = 0.001
  const [disputed, later, failing] = [await world.session(), await world.session(), await world.session()]
  await world.act('pay', disputed.id, { card: '0259' })
  await world.act('pay', later.id, { card: '7726' })
  await world.act('pay', failing.id, { card: '5126' })
  await until('the dispute', () => types().includes('charge.dispute.created'))
  for (const { id } of [later, failing]) await world.act('refund', id)
  await until('both refunds', () => types().includes('refund.updated') && types().includes('refund.failed'))
  const { body } = await world.control('GET', `/control/card/${account}/sessions`)
  expect(body.sessions.map(({ refunds }: { refunds: { status: string }[] }) => refunds[0]?.status)).toEqual([
    undefined,
    'succeeded',
    'failed',
  ])
})
