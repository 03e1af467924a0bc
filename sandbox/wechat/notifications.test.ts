import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { axiosClient } from './testing/clients.ts'
import { merchant, nextNumber, orderOf, startWechatWorld, type WechatWorld } from './testing/world.ts'

let world: WechatWorld

beforeAll(async () => {
  world = await startWechatWorld()
})
afterAll(() => world.end())
beforeEach(async () => {
  await world.knobs({ reset: true })
  await world.control('PUT', '/control/clock', { retryScale: 1 })
  world.receiver.answer = () => 204
})

const place = async () => {
  const number = nextNumber()
  const order = orderOf(world, number, { notify_url: `${world.receiver.url}/${number}` })
  await axiosClient(world).chain('v3/pay/transactions/native').post(order)
  return number
}
const paid = async () => {
  const number = await place()
  await world.order(number, 'pay')
  return number
}
const gotOf = (number: string) => world.receiver.got.filter(({ path }) => path === `/notify/${number}`)
const shown = async (number: string) =>
  (await world.control('GET', `/control/wechat/${merchant.mchId}/orders/${number}`)).body

describe('the ladder', () => {
  test('goes on until the answer is 200 or 204: the same id, sealed and signed afresh', async () => {
    await world.control('PUT', '/control/clock', { retryScale: 0.001 })
    const answers = [500, 0, 301, 200]
    world.receiver.answer = () => answers.shift() || 401
    const number = await paid()
    await expect.poll(async () => (await shown(number)).notifications[0].sendings).toHaveLength(4)
    const got = gotOf(number)
    expect(new Set(got.map(({ body }) => JSON.parse(body).id)).size).toBe(1)
    expect(new Set(got.map(({ headers }) => headers['wechatpay-nonce'])).size).toBe(4)
    const { sendings } = (await shown(number)).notifications[0]
    expect(sendings.map(({ rung, status }: { rung: number; status: number }) => [rung, status])).toEqual([
      [0, 500],
      [1, 401],
      [2, 301],
      [3, 200],
    ])
  })

  test('has sixteen rungs, and then no more', async () => {
    await world.control('PUT', '/control/clock', { retryScale: 0.000001 })
    world.receiver.answer = () => 503
    const number = await paid()
    await expect
      .poll(async () => (await shown(number)).notifications[0].sendings, { timeout: 10_000 })
      .toHaveLength(16)
  })

  test('is taken up where the book left it, by the same keys', async () => {
    world.receiver.answer = () => 503
    const number = await paid()
    await expect.poll(() => gotOf(number)).toHaveLength(1)
    const before = world.sandbox.wechatKeys(merchant.mchId)[0]?.serial
    await world.control('PUT', '/control/clock', { retryScale: 0.001 })
    world.receiver.answer = () => 204
    await world.restart()
    await expect.poll(async () => (await shown(number)).notifications[0].sendings).toHaveLength(2)
    expect(gotOf(number)[1]?.headers['wechatpay-serial']).toBe(before)
  })
})

describe('after a restart', () => {
  test('orders, links, refunds and knobs are what they were; a refund under way is done', async () => {
    const waiting = await place()
    const number = await paid()
    await world.knobs({ refundSeconds: 3_600 })
    const client = axiosClient(world)
    await client.chain('v3/refund/domestic/refunds').post({
      out_trade_no: number,
      out_refund_no: 'RESTART',
      amount: { refund: 4980, total: 4980, currency: 'CNY' },
    })
    const before = await shown(number)
    expect(before.refunds).toMatchObject([{ status: 'PROCESSING' }])
    await world.restart()
    expect(await shown(number)).toEqual(before)
    expect(await shown(waiting)).toMatchObject({ state: 'NOTPAY' })
    const knobs = `/control/wechat/merchants/${merchant.mchId}/knobs`
    expect((await world.control('GET', knobs)).body).toMatchObject({ refundSeconds: 3_600 })
    await world.knobs({ reset: true })
    await world.restart()
    await expect.poll(async () => (await shown(number)).refunds[0].status).toBe('SUCCESS')
  })

  test('the book and the keys are for their owner’s eyes, and the book holds no key', async () => {
    await paid()
    for (const file of ['wechat.jsonl', 'wechat-merchants.jsonl', `keys/wechat-${merchant.mchId}-1.json`]) {
      expect((await stat(join(world.dataDir, file))).mode & 0o077).toBe(0)
    }
    const { body } = await world.control('GET', '/control/book/wechat')
    expect(JSON.stringify(body)).not.toContain(merchant.apiV3Key)
    const published = JSON.parse(await readFile(join(world.dataDir, 'wechat-platform-keys.json'), 'utf8'))
    expect(published[merchant.mchId]).toEqual(
      world.sandbox.wechatKeys(merchant.mchId).map(({ serial, publicKey }) => ({ serial, publicKey })),
    )
  })
})

describe('the control API', () => {
  test.each([
    [{ mchId: '12' }, '"mchId"'],
    [{ appId: 'app' }, '"appId"'],
    [{ apiV3Key: 'short' }, '"apiV3Key"'],
    [{ merchantPublicKey: 'nonsense' }, '"merchantPublicKey"'],
    [{ platformKey: 'none' }, '"platformKey"'],
  ])('refuses a merchant with %j', async (wrong, word) => {
    const { status, body } = await world.control('POST', '/control/wechat/merchants', {
      ...merchant,
      ...wrong,
    })
    expect(status).toBe(400)
    expect(body.error).toContain(word)
  })

  test('shows merchants with their platform keys, and never the key they share', async () => {
    const { body } = await world.control('GET', '/control/wechat/merchants')
    expect(body.merchants[0]).toMatchObject({
      mchId: merchant.mchId,
      platformKeys: [{ serial: expect.any(String) }],
    })
    expect(JSON.stringify(body)).not.toContain(merchant.apiV3Key)
  })

  test('what is not there is said so', async () => {
    expect((await world.control('GET', '/control/wechat/merchants/1/knobs')).status).toBe(404)
    expect((await world.control('POST', '/control/wechat/1/orders/X/pay')).status).toBe(404)
    const number = await place()
    expect(
      (await world.control('POST', `/control/wechat/${merchant.mchId}/orders/${number}/probe`)).status,
    ).toBe(404)
    expect(await world.order(number, 'notify')).toEqual({ receptions: [] })
  })
})
