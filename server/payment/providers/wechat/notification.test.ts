import { createSign } from 'node:crypto'
import { setImmediate } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { merchant, otherMerchant, theirs } from '../../../../sandbox/wechat/testing/world.ts'
import { eachBitFlipped, quickKeys } from '../../../../test/support/bit-flips.ts'
import type { Charge, Notification } from '../../port.ts'
import { openWechat } from './wechat.ts'
import { type AdapterWorld, adapterWorld, clock, openMerchant } from './world-fixture.ts'

let world: AdapterWorld
beforeAll(async () => {
  world = await adapterWorld()
})
afterAll(() => world.end())
beforeEach(() => world.knobs({ reset: true }))

const begun = async () => {
  const charge = world.charge()
  expect(await world.adapter.create(charge, world.shown(charge))).toMatchObject({ kind: 'started' })
  return charge
}
const pay = (charge: Charge) => world.order(charge.number, 'pay')
const takenOf = ({ number }: Charge) => world.taken.filter((taken) => taken.number === number)
/** Of each notification of a payment that came: what was made of it. */
const made = (charge: Charge) =>
  takenOf(charge).map(({ outcome }) =>
    outcome.kind === 'refused' ? outcome.fault : outcome.kind === 'final' ? outcome.said : outcome.kind,
  )

describe('a genuine notification', () => {
  test('says what was taken, under which number, when, and is acknowledged without a body', async () => {
    const charge = await begun()
    await pay(charge)
    await expect.poll(() => made(charge)).toEqual(['paid'])
    const [taken] = takenOf(charge)
    const body = taken?.notification.body
    expect(taken?.outcome).toMatchObject({
      kind: 'final',
      said: 'paid',
      id: JSON.parse(`${body}`).id,
      number: charge.number,
      refundNumber: null,
      money: { transaction: expect.stringMatching(/^4200/), amountMinor: 4980n, currency: 'CNY' },
      atMs: expect.any(Number),
      raw: body,
      fields: { trade_state: 'SUCCESS', amount: { total: '4980' } },
    })
    expect(world.adapter.acknowledgement).toEqual({ status: 204, type: 'application/json', body: '' })
    const path = `/control/wechat/${merchant.mchId}/orders/${charge.number}`
    const told = await world.control('GET', path)
    expect(told.body.notifications[0].sendings).toMatchObject([{ rung: 0, status: 204, acknowledged: true }])
  })

  test('by a public key of WeChat Pay’s, named by its id, counts as much', async () => {
    const { mchId } = otherMerchant
    const adapter = await openWechat(openMerchant(world, otherMerchant, theirs), () => clock.instant())
    const charge = world.charge()
    expect(await adapter.create(charge, world.shown(charge))).toMatchObject({ kind: 'started' })
    await world.control('POST', `/control/wechat/${mchId}/orders/${charge.number}/pay`)
    // It came to the other merchant's address, where it is refused.
    await expect.poll(() => made(charge)).toEqual(['signature'])
    const [taken] = takenOf(charge)
    expect(taken?.notification.headers['wechatpay-serial']).toMatch(/^PUB_KEY_ID_\d{32}$/)
    expect(await adapter.verifyNotification(taken?.notification as Notification)).toMatchObject({
      kind: 'final',
      said: 'paid',
      number: charge.number,
    })
    expect(await adapter.query({ number: charge.number, reference: null })).toMatchObject({ kind: 'paid' })
  })
})

/** Each knob, and what comes of one payment under it: what each notification was taken for, and what a query says. */
const matrix: readonly (readonly [knob: object, notifications: string[], query: object])[] = [
  [{}, ['paid'], { kind: 'paid', amountMinor: 4980n }],
  [{ duplicate: 2 }, ['paid', 'paid', 'paid'], { kind: 'paid' }],
  [{ reorder: true }, ['paid'], { kind: 'paid' }],
  [{ delaySeconds: 1 }, ['paid'], { kind: 'paid' }],
  [{ dropAll: true }, [], { kind: 'paid' }],
  [{ wrongSignature: true }, ['signature'], { kind: 'paid' }],
  [{ signTest: true }, ['signature', 'paid'], { kind: 'paid' }],
  [{ forge: true }, ['signature', 'paid'], { kind: 'paid' }],
  [{ notificationAgeMinutes: 10 }, ['signature'], { kind: 'paid' }],
  [{ clockSkewSeconds: 600 }, ['signature'], { kind: 'unknown' }],
  // Genuine evidence of a wrong amount: settle holds it, and gives it back.
  [{ notificationAmount: '1' }, ['paid'], { kind: 'paid', amountMinor: 4980n }],
  [{ paidAmount: '1' }, ['paid'], { kind: 'paid', amountMinor: 1n }],
  [{ wrongMerchant: true }, ['merchant'], { kind: 'paid' }],
  [{ wrongApp: true }, ['merchant'], { kind: 'paid' }],
  [{ unknownOrder: true }, ['paid', 'paid'], { kind: 'paid' }],
  [{ paidTwice: true }, ['paid', 'paid'], { kind: 'paid' }],
  [{ notFoundFirst: 1 }, ['paid'], { kind: 'not-found' }],
  [{ fault: 'http-500' }, ['paid'], { kind: 'unknown' }],
  [{ answerSignature: 'wrong' }, ['paid'], { kind: 'unknown' }],
  [{ answerSignature: 'probe' }, ['paid'], { kind: 'unknown' }],
  [{ slowReceiverSeconds: 1 }, ['paid'], { kind: 'paid' }],
]

describe('one payment under each knob', () => {
  test.each(matrix)('%j: %j', async (knob, notifications, query) => {
    const forged = 'forge' in knob
    if (forged) await world.knobs(knob)
    const charge = await begun()
    if (!forged) await world.knobs(knob)
    await pay(charge)
    const last = world.control('GET', `/control/wechat/${merchant.mchId}/orders/${charge.number}`)
    expect((await last).body.paidAt).toEqual(expect.any(Number))
    // The one that waits for a successor goes alone after 5 s.
    await expect.poll(() => made(charge).length, { timeout: 8_000 }).toBe(notifications.length)
    expect(made(charge).sort()).toEqual([...notifications].sort())
    expect(await world.adapter.query({ number: charge.number, reference: null })).toMatchObject(query)
  })

  test('paid and told of before the order is answered', async () => {
    await world.knobs({ notificationBeforeAnswer: true })
    const charge = await begun()
    expect(made(charge)).toEqual(['paid'])
  })

  test('paid after our closing: closed, then paid', async () => {
    const charge = await begun()
    const known = { number: charge.number, reference: null }
    expect(await world.adapter.close(known)).toMatchObject({ kind: 'closed' })
    await world.knobs({ paidAfterClose: true })
    await pay(charge)
    await expect.poll(() => made(charge)).toEqual(['paid'])
    expect(await world.adapter.query(known)).toMatchObject({ kind: 'paid' })
  })

  test('paid twice, the two are told apart by their transactions, and each goes back by its own', async () => {
    await world.knobs({ paidTwice: true })
    const charge = await begun()
    await pay(charge)
    await expect.poll(() => made(charge)).toEqual(['paid', 'paid'])
    const [first, second] = takenOf(charge).map(({ outcome }) =>
      outcome.kind === 'final' ? outcome.money?.transaction : '',
    )
    expect(first).not.toBe(second)
    const call = {
      ...{ number: '01JD9Z3K6N8Q4W2V7X5ZS00001', paid: { number: charge.number, reference: null } },
      ...{
        transaction: `${second}`,
        amountMinor: 4980n,
        paidMinor: 4980n,
        sentAtMs: clock.instant(),
        currency: 'CNY',
        reason: 'paid-twice',
        notifyUrl: world.receiver.url,
      },
    }
    expect(await world.adapter.refund(call)).toEqual({ kind: 'pending' })
    await expect.poll(() => world.adapter.queryRefund(call)).toMatchObject({ kind: 'done' })
    expect(await world.adapter.query(call.paid)).toMatchObject({ kind: 'paid' })
  })
})

describe('refused', () => {
  const collected = async (count: number): Promise<Notification[]> => {
    const charge = await begun()
    await pay(charge)
    await expect.poll(() => made(charge)).toEqual(['paid'])
    if (count > 1) await world.order(charge.number, 'notify', { times: count - 1, freshIds: true })
    expect(made(charge)).toEqual(Array(count).fill('paid'))
    return takenOf(charge).map(({ notification }) => notification)
  }
  const SIGNED = [
    'wechatpay-timestamp',
    'wechatpay-nonce',
    'wechatpay-serial',
    'wechatpay-signature',
    'wechatpay-signature-type',
  ]

  test('every single bit flipped, of body and headers, of 50 notifications', {
    timeout: 180_000,
  }, async () => {
    const { privateKey, publicKey } = quickKeys()
    const whole = openMerchant(world)
    const [providerKeySerials = ''] = `${whole.settings.providerKeySerials}`.split(',')
    const adapter = await openWechat(
      {
        ...whole,
        providerKeys: [publicKey.export({ format: 'der', type: 'spki' }).toString('base64')],
        settings: { ...whole.settings, providerKeySerials },
      },
      () => clock.instant(),
    )
    const passed: string[] = []
    for (const { body, headers: sent } of await collected(50)) {
      // The sandbox lives in this process too: its idle connections must be seen to close.
      await setImmediate()
      const signer = createSign('RSA-SHA256')
        .update(`${sent['wechatpay-timestamp']}\n${sent['wechatpay-nonce']}\n`)
        .update(body)
        .update('\n')
      const headers: Notification['headers'] = {
        ...sent,
        'wechatpay-signature': signer.sign(privateKey, 'base64'),
      }
      const verify = async (spoilt = {}) =>
        (await adapter.verifyNotification({ headers: { ...headers, ...spoilt }, body })).kind
      expect(await verify()).toBe('final')
      for (const bit of eachBitFlipped(body)) {
        if ((await verify()) !== 'refused') passed.push(`body ${bit}`)
      }
      for (const name of SIGNED) {
        const value = Buffer.from(headers[name] ?? '', 'latin1')
        for (const bit of eachBitFlipped(value)) {
          if ((await verify({ [name]: value.toString('latin1') })) !== 'refused')
            passed.push(`${name} ${bit}`)
        }
      }
    }
    expect(passed).toEqual([])
  })

  test('another merchant’s, validly signed for it', async () => {
    const [genuine] = await collected(1)
    const { mchId, appId, apiV3Key } = otherMerchant
    const whole = openMerchant(world)
    const open = (merchantOpened: typeof whole) => openWechat(merchantOpened, () => clock.instant())
    // By the key alone: ours is not among theirs.
    const byKey = await open(openMerchant(world, otherMerchant, theirs))
    // By the seal, where WeChat Pay signs for both with one key; and by the name, were even the seal the same.
    const settings = { ...whole.settings, appId }
    const bySeal = await open({ ...whole, id: mchId, secrets: { apiV3Key }, settings })
    const byName = await open({ ...whole, id: mchId, settings })
    const outcomes = await Promise.all(
      [byKey, bySeal, byName].map((adapter) => adapter.verifyNotification(genuine as Notification)),
    )
    expect(outcomes).toMatchObject([
      { kind: 'refused', fault: 'signature' },
      { kind: 'refused', fault: 'merchant' },
      { kind: 'refused', fault: 'merchant' },
    ])
  })

  test('a probe, and a stranger’s', async () => {
    const charge = await begun()
    await pay(charge)
    await expect.poll(() => made(charge)).toEqual(['paid'])
    const { reception } = await world.order(charge.number, 'probe')
    expect(reception).toMatchObject({ status: 401 })
    expect((await world.order(charge.number, 'forge')).reception).toMatchObject({ status: 401 })
    expect(made(charge)).toEqual(['paid', 'signature', 'signature'])
    const probe = takenOf(charge)[1]?.notification.headers['wechatpay-signature'] ?? ''
    expect(probe).toMatch(/^WECHATPAY\/SIGNTEST\//)
    expect(Buffer.from(probe, 'base64')).toHaveLength(256)
    const { body } = await world.control('GET', '/control/book/wechat')
    expect(body.entries).toContainEqual(expect.objectContaining({ kind: 'probe-sent', refused: true }))
  })

  test.each([
    ['nothing', Buffer.alloc(0)],
    ['more than 64 KiB', Buffer.alloc(65 * 1024, 'x')],
  ])('%s', async (_, body) => {
    const [genuine] = await collected(1)
    expect(await world.adapter.verifyNotification({ ...(genuine as Notification), body })).toMatchObject({
      kind: 'refused',
      fault: 'malformed',
    })
  })
})
