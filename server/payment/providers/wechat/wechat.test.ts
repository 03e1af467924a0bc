import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { merchant } from '../../../../sandbox/wechat/testing/world.ts'
import type { Charge, RefundCall } from '../../port.ts'
import { openWechat } from './wechat.ts'
import { type AdapterWorld, adapterWorld, clock, openMerchant } from './world-fixture.ts'

let world: AdapterWorld
beforeAll(async () => {
  world = await adapterWorld()
})
afterAll(() => world.end())
beforeEach(async () => {
  await world.knobs({ reset: true })
  await world.reopen()
})

const known = ({ number }: Charge) => ({ number, reference: null })
const create = (charge: Charge) => world.adapter.create(charge, world.shown(charge))
const begun = async (more: Partial<Charge> = {}) => {
  const charge = world.charge(more)
  expect(await create(charge)).toMatchObject({ kind: 'started' })
  return charge
}
const ask = (charge: Charge) => world.adapter.query(known(charge))
const saidOf = (charge: Charge) =>
  world.taken
    .map(({ outcome }) => outcome)
    .filter((said) => said.kind === 'final' && said.number === charge.number)
/** A payment made, and the adapter's answer about it. */
const paid = async () => {
  const charge = await begun()
  await world.order(charge.number, 'pay')
  const outcome = await ask(charge)
  if (outcome.kind !== 'paid') throw new Error(`not paid: ${outcome.kind}`)
  return { charge, outcome }
}

let refundCount = 0
const refundOf = (charge: Charge, transaction: string, amountMinor = charge.amountMinor): RefundCall => {
  refundCount += 1
  return {
    number: `01JD9Z3K6N8Q4W2V7X5ZR${`${refundCount}`.padStart(5, '0')}`,
    paid: known(charge),
    transaction,
    amountMinor,
    paidMinor: charge.amountMinor,
    sentAtMs: clock.instant(),
    currency: 'CNY',
    reason: 'amount-mismatch',
    notifyUrl: world.receiver.url,
  }
}

describe('ways of paying', () => {
  test('a code, for a wallet', async () => {
    expect(await create(world.charge())).toEqual({
      kind: 'started',
      qr: expect.stringContaining('/wechat/scan?pr='),
    })
  })

  test('an address for a phone’s browser, with the way back, once the payer’s address is known', async () => {
    const charge = world.charge({ scene: 'wap', payer: { ip: '203.0.113.7' } })
    const outcome = await create(charge)
    if (outcome.kind !== 'started' || !('redirectUrl' in outcome)) throw new Error('not a redirect')
    const { pathname, searchParams } = new URL(outcome.redirectUrl)
    expect([pathname, searchParams.get('redirect_url')]).toEqual([
      '/wechat/h5',
      world.shown(charge).returnUrl,
    ])
    expect(await create(world.charge({ scene: 'wap' }))).toMatchObject({ kind: 'no' })
  })

  test('a launch that WeChat takes, once the payer’s openid is known', async () => {
    const address = world.adapter.authorise?.('http://127.0.0.1:3000/orders/1', 'abc123') ?? ''
    expect(new URL(address).hash).toBe('#wechat_redirect')
    const sentBack = await fetch(address, { redirect: 'manual' })
    const back = new URL(sentBack.headers.get('location') ?? '')
    expect([back.pathname, back.searchParams.get('state')]).toEqual(['/orders/1', 'abc123'])
    const authorisation = back.searchParams.get('code') ?? ''
    const outcome = await create(world.charge({ scene: 'jsapi', payer: { authorisation } }))
    if (outcome.kind !== 'started' || !('launch' in outcome)) throw new Error('not a launch')
    const query = new URLSearchParams(outcome.launch)
    const launch = `${world.sandbox.addresses.home}/wechat/launch?${query}`
    expect((await fetch(launch, { redirect: 'manual' })).status).toBe(303)
    query.set('nonceStr', 'another')
    const spoilt = `${world.sandbox.addresses.home}/wechat/launch?${query}`
    expect((await fetch(spoilt, { redirect: 'manual' })).status).toBe(400)
    // The code is used up, and nobody else's is known; nothing has begun, so a no is a no.
    expect(await create(world.charge({ scene: 'jsapi', payer: { authorisation } }))).toEqual({
      ...{ kind: 'no', reason: 'WeChat does not say who pays: errcode 40163' },
    })
    expect(await create(world.charge({ scene: 'jsapi', payer: { authorisation: 'a' } }))).toEqual({
      ...{ kind: 'no', reason: 'WeChat does not say who pays: errcode 40029' },
    })
    expect(await create(world.charge({ scene: 'jsapi' }))).toMatchObject({ kind: 'no' })
    expect(await create(world.charge({ scene: 'page' }))).toMatchObject({ kind: 'no' })
  })

  test('the same number again gives the same payment; paid or closed before, a query tells', async () => {
    const charge = await begun()
    expect(await create(charge)).toMatchObject({ kind: 'started' })
    expect(await create({ ...charge, amountMinor: 100n })).toMatchObject({ kind: 'unknown' })
    await world.order(charge.number, 'pay')
    expect(await create(charge)).toMatchObject({ kind: 'unknown', reason: 'HTTP 400 ORDER_PAID' })
  })

  test('what WeChat Pay refuses is a no', async () => {
    expect(await create(world.charge({ currency: 'USD' }))).toEqual({ kind: 'no', reason: 'PARAM_ERROR' })
  })
})

describe('a payer’s code', () => {
  const charged = async (payerCode: string) => {
    const charge = world.charge({ scene: 'payer-code', payer: { payerCode, ip: '203.0.113.7' } })
    return { charge, outcome: await create(charge) }
  }

  test('is charged at once, and a query tells; once only', async () => {
    const code = await world.payerCode()
    const { charge, outcome } = await charged(code)
    expect(outcome).toEqual({ kind: 'taken' })
    expect(await ask(charge)).toMatchObject({ kind: 'paid', amountMinor: 4980n })
    expect((await charged(code)).outcome).toEqual({ kind: 'no', reason: 'AUTH_CODE_INVALID' })
    expect((await charged('28763443825664394')).outcome).toMatchObject({ kind: 'no' })
  })

  test('may wait for the password: pending, then paid, or refused', async () => {
    await world.knobs({ userPaying: true })
    const first = await charged(await world.payerCode())
    expect(first.outcome).toEqual({ kind: 'taken' })
    expect(await ask(first.charge)).toEqual({ kind: 'pending' })
    await world.order(first.charge.number, 'pay')
    expect(await ask(first.charge)).toMatchObject({ kind: 'paid' })
    const second = await charged(await world.payerCode())
    await world.order(second.charge.number, 'refuse')
    expect(await ask(second.charge)).toMatchObject({ kind: 'closed', status: 'PAYERROR' })
  })

  test('is reversed when its outcome is not known: what was taken goes back, what was not never comes', async () => {
    await world.knobs({ fault: 'http-500', faultCall: 'codepay' })
    const { charge, outcome } = await charged(await world.payerCode())
    expect(outcome).toMatchObject({ kind: 'unknown' })
    expect(await world.adapter.reverse?.(known(charge))).toMatchObject({ kind: 'closed' })
    expect(await world.adapter.reverse?.(known(charge))).toMatchObject({ kind: 'closed' })
    expect(await ask(charge)).toMatchObject({ kind: 'refunded', status: 'REVOKED', amountMinor: 4980n })
    expect(await world.adapter.reverse?.(known(world.charge()))).toEqual({ kind: 'not-found' })
  })

  test('is not reversed while the payer types', async () => {
    await world.knobs({ userPaying: true })
    const { charge } = await charged(await world.payerCode())
    expect(await world.adapter.reverse?.(known(charge))).toMatchObject({
      kind: 'unknown',
      reason: 'HTTP 202 USERPAYING',
    })
    await world.control('PUT', '/control/clock', { retryScale: 0.000001 })
    expect(await world.adapter.reverse?.(known(charge))).toMatchObject({ kind: 'closed' })
    await world.control('PUT', '/control/clock', { retryScale: 1 })
    expect(await ask(charge)).toMatchObject({ kind: 'closed', status: 'REVOKED' })
  })
})

describe('query and close', () => {
  test('waiting, then paid with its transaction, amount and time, in the very bytes', async () => {
    const charge = await begun()
    expect(await ask(charge)).toEqual({ kind: 'pending' })
    await world.order(charge.number, 'pay')
    const outcome = await ask(charge)
    expect(outcome).toMatchObject({
      kind: 'paid',
      status: 'SUCCESS',
      transaction: expect.stringMatching(/^4200\d{24}$/),
      amountMinor: 4980n,
      currency: 'CNY',
      fields: { amount: { total: '4980' } },
    })
    if (outcome.kind !== 'paid') throw new Error('not paid')
    expect(JSON.parse(outcome.raw.toString())).toMatchObject({
      out_trade_no: charge.number,
      amount: { total: 4980 },
    })
    expect(Math.abs((outcome.atMs ?? 0) - clock.instant())).toBeLessThan(60_000)
  })

  test('closed is closed; closed or paid before is over; what never was is not found', async () => {
    const charge = await begun()
    const closed = await world.adapter.close(known(charge))
    expect(closed).toMatchObject({ kind: 'closed' })
    // An answer without a body is kept as what was signed.
    expect(closed.kind === 'closed' && closed.raw.toString()).toMatch(/^\d{10}\n[0-9a-f]{32}\n\n$/)
    expect(await world.adapter.close(known(charge))).toEqual({ kind: 'over' })
    expect(await ask(charge)).toMatchObject({ kind: 'closed', status: 'CLOSED' })
    expect(await world.adapter.close(known((await paid()).charge))).toEqual({ kind: 'over' })
    expect(await world.adapter.close(known(world.charge()))).toEqual({ kind: 'not-found' })
    expect(await ask(world.charge())).toEqual({ kind: 'not-found' })
  })

  test('refunded by another hand than ours, in part or whole, is for a person', async () => {
    const { charge, outcome } = await paid()
    await world.adapter.refund(refundOf(charge, outcome.transaction, 100n))
    expect(await ask(charge)).toEqual({ kind: 'unknown', reason: 'trade_state REFUND' })
  })
})

describe('refund', () => {
  test('accepted, then done under one number, told of by notification too', async () => {
    const { charge, outcome } = await paid()
    const call = refundOf(charge, outcome.transaction, 1000n)
    expect(await world.adapter.queryRefund(call)).toEqual({ kind: 'not-found' })
    expect(await world.adapter.refund(call)).toEqual({ kind: 'pending' })
    await expect
      .poll(() => world.adapter.queryRefund(call))
      .toMatchObject({ kind: 'done', atMs: expect.any(Number) })
    expect(await world.adapter.refund(call)).toMatchObject({ kind: 'done' })
    await expect
      .poll(() => saidOf(charge).find((said) => said.kind === 'final' && said.said === 'refunded'))
      .toMatchObject({
        refundNumber: call.number,
        money: { amountMinor: 1000n, transaction: outcome.transaction },
      })
  })

  test.each(['ABNORMAL', 'CLOSED'])(
    'that ends %s is a no, by query and by notification',
    async (refundOutcome) => {
      await world.knobs({ refundOutcome })
      const { charge, outcome } = await paid()
      const call = refundOf(charge, outcome.transaction)
      expect(await world.adapter.refund(call)).toEqual({ kind: 'pending' })
      await expect
        .poll(() => world.adapter.queryRefund(call))
        .toMatchObject({ kind: 'no', reason: `refund ${refundOutcome}` })
      await expect
        .poll(() => saidOf(charge).find((said) => said.kind === 'final' && said.said === 'refund-refused'))
        .toMatchObject({ refundNumber: call.number, note: `refund ${refundOutcome}` })
    },
  )

  test('stays pending while WeChat Pay is at it', async () => {
    await world.knobs({ refundSeconds: 3_600 })
    const { charge, outcome } = await paid()
    const call = refundOf(charge, outcome.transaction)
    expect(await world.adapter.refund(call)).toEqual({ kind: 'pending' })
    expect(await world.adapter.queryRefund(call)).toEqual({ kind: 'pending' })
  })

  test('of more than was paid is a no', async () => {
    const { charge, outcome } = await paid()
    const call = { ...refundOf(charge, outcome.transaction), amountMinor: 4981n }
    expect(await world.adapter.refund(call)).toMatchObject({ kind: 'no', reason: 'INVALID_REQUEST' })
  })
})

describe('anything but an answer signed by WeChat Pay is unknown', () => {
  const calls = ['native', 'query', 'close', 'refund', 'refund-query', 'tradebill'] as const
  const make = async (name: (typeof calls)[number]) => {
    const { charge, outcome } = await paid()
    const call = refundOf(charge, outcome.transaction)
    return {
      native: () => create(world.charge()),
      query: () => ask(charge),
      close: () => world.adapter.close(known(charge)),
      refund: () => world.adapter.refund(call),
      'refund-query': () => world.adapter.queryRefund(call),
      tradebill: () => world.adapter.fetchBill?.('2026-11-21'),
    }[name]
  }

  test.each(calls)('%s: HTTP 500, a wrong signature, a probe', async (name) => {
    const run = await make(name)
    for (const knobs of [{ fault: 'http-500' }, { answerSignature: 'wrong' }, { answerSignature: 'probe' }]) {
      await world.knobs({ reset: true, ...knobs })
      expect(await run()).toMatchObject({ kind: 'unknown' })
    }
  })

  test('silence, after the act: the refund was made, once', async () => {
    const { charge, outcome } = await paid()
    const call = refundOf(charge, outcome.transaction)
    await world.knobs({ fault: 'time-out', faultCall: 'refund' })
    expect(await world.adapter.refund(call)).toMatchObject({ kind: 'unknown' })
    await expect.poll(() => world.adapter.queryRefund(call)).toMatchObject({ kind: 'done' })
  })

  test('nobody there', async () => {
    await world.reopen({ gateway: 'http://127.0.0.1:9' })
    expect(await ask(world.charge())).toMatchObject({
      kind: 'unknown',
      reason: expect.stringContaining('query: '),
    })
  })

  test('a clock ten minutes apart', async () => {
    const { charge } = await paid()
    await world.knobs({ clockSkewSeconds: 600 })
    expect(await ask(charge)).toMatchObject({ kind: 'unknown' })
  })

  test('not found at first, then the truth; a slow answer is an answer', async () => {
    const { charge } = await paid()
    await world.knobs({ notFoundFirst: 1, slowReceiverSeconds: 1 })
    const fresh = await begun()
    expect(await ask(fresh)).toEqual({ kind: 'not-found' })
    expect(await ask(fresh)).toEqual({ kind: 'pending' })
    expect(await ask(charge)).toMatchObject({ kind: 'not-found' })
  })
})

describe('WeChat Pay’s keys', () => {
  test('after a rotation its new certificate is fetched, trusted by our API v3 key', async () => {
    const { charge } = await paid()
    await world.control('POST', `/control/wechat/merchants/${merchant.mchId}/rotate-key`)
    // Opened before the rotation: it knows the old key alone.
    expect(await ask(charge)).toMatchObject({ kind: 'paid' })
    await world.order(charge.number, 'notify')
    expect(saidOf(charge).at(-1)).toMatchObject({ kind: 'final', said: 'paid' })
  })

  test('with no key entered at all, the first is had the same way', async () => {
    await world.reopen({
      providerKeys: [],
      settings: { ...openMerchant(world).settings, providerKeySerials: '' },
    })
    expect(await ask(world.charge())).toEqual({ kind: 'not-found' })
  })

  test('half a day later they are asked for again; while they cannot be had, those had before hold', async () => {
    const { body } = await world.control('POST', '/control/wechat/merchants', {
      ...merchant,
      mchId: '1900000303',
      name: 'a merchant whose keys nobody knows yet',
    })
    const fetched = { ...openMerchant(world, { ...merchant, mchId: body.mchId }), providerKeys: [] }
    const settings = { ...fetched.settings, providerKeySerials: '' }
    let aheadMs = 0
    const adapter = await openWechat({ ...fetched, settings }, () => clock.instant() + aheadMs)
    const query = () => adapter.query({ number: 'NOBODYS', reference: null })
    const knobs = (change: object) =>
      world.control('PUT', `/control/wechat/merchants/${body.mchId}/knobs`, change)
    expect(await query()).toEqual({ kind: 'not-found' })
    aheadMs = 13 * 3_600_000
    await knobs({ clockSkewSeconds: aheadMs / 1_000, fault: 'http-500', faultCall: 'certificates' })
    expect(await query()).toEqual({ kind: 'not-found' })
    // The one that signed first is gone after two rotations, and the newest is had at once.
    await knobs({ fault: '' })
    for (const _ of [1, 2]) await world.control('POST', `/control/wechat/merchants/${body.mchId}/rotate-key`)
    aheadMs += 61_000
    expect(await query()).toEqual({ kind: 'not-found' })
  })

  test('certificates not sealed under our key are not trusted', async () => {
    const settings = { ...openMerchant(world).settings, providerKeySerials: '' }
    const secrets = { apiV3Key: 'another-api-v3-key-of-32-letters' }
    await world.reopen({ providerKeys: [], settings, secrets })
    expect(await ask(world.charge())).toMatchObject({
      kind: 'unknown',
      reason: 'query: HTTP 404, an unknown serial number',
    })
  })
})

test('what is missing at opening is named', async () => {
  const whole = openMerchant(world)
  const without = (name: string) => {
    const { [name]: _, ...settings } = whole.settings
    return settings
  }
  const open = (changed: object) => openWechat({ ...whole, ...changed }, () => clock.instant())
  await expect(open({ settings: without('appId') })).rejects.toThrow('no appId')
  await expect(open({ settings: without('serialNo') })).rejects.toThrow('no serialNo')
  await expect(open({ settings: without('providerKeySerials') })).rejects.toThrow(
    'providerKeySerials for 0 of',
  )
  await expect(open({ secrets: {} })).rejects.toThrow('no apiV3Key')
  await expect(open({ secrets: { apiV3Key: 'short' } })).rejects.toThrow('not 32 bytes')
  await expect(open({ privateKey: null })).rejects.toThrow('no privateKey')
})
