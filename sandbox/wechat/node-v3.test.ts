import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openIdAt } from './payer.ts'
import { nodeV3Client } from './testing/clients.ts'
import {
  type Arrived,
  merchant,
  nextNumber,
  orderOf,
  startWechatWorld,
  type WechatWorld,
} from './testing/world.ts'

let world: WechatWorld
let client: ReturnType<typeof nodeV3Client>

beforeAll(async () => {
  world = await startWechatWorld()
  client = nodeV3Client(world)
})
afterAll(() => world.end())

const genuine = ({ headers, body }: Arrived) =>
  client.verifySign({
    timestamp: `${headers['wechatpay-timestamp']}`,
    nonce: `${headers['wechatpay-nonce']}`,
    serial: `${headers['wechatpay-serial']}`,
    signature: `${headers['wechatpay-signature']}`,
    body,
  })
const opened = ({ body }: Arrived): Record<string, unknown> => {
  const { ciphertext, associated_data: data, nonce } = JSON.parse(body).resource
  return client.decipher_gcm(ciphertext, data, nonce)
}
const placed = async () => {
  const number = nextNumber()
  const answer = await client.transactions_native(orderOf(world, number))
  expect(answer).toMatchObject({ status: 200, data: { code_url: expect.any(String) } })
  return number
}
const arrivedOf = (number: string) =>
  world.receiver.got.filter((arrived) => opened(arrived).out_trade_no === number)

describe('the other client', () => {
  test('reads the platform certificate that came sealed, as X.509', async () => {
    const [certificate] = await client.get_certificates(merchant.apiV3Key)
    const [key] = world.sandbox.wechatKeys(merchant.mchId)
    expect(certificate?.serial_no).toBe(key?.serial)
    expect(certificate?.publicKey?.replace(/-----[A-Z ]+-----|\s/g, '')).toBe(key?.publicKey)
  })

  test('places by every way, and signs launches for both kinds of app', async () => {
    await placed()
    const jsapi = await client.transactions_jsapi(
      orderOf(world, nextNumber(), { payer: { openid: openIdAt(merchant.appId) } }) as never,
    )
    expect(jsapi).toMatchObject({ status: 200, data: { package: expect.stringMatching(/^prepay_id=wx/) } })
    const query = new URLSearchParams(jsapi.data as Record<string, string>)
    const launch = await fetch(`${world.sandbox.addresses.home}/wechat/launch?${query}`, {
      redirect: 'manual',
    })
    expect(launch.status).toBe(303)
    const app = await client.transactions_app(orderOf(world, nextNumber()))
    expect(app).toMatchObject({ status: 200, data: { prepayid: expect.stringMatching(/^wx/) } })
  })

  test('verifies and opens the notification of a payment', async () => {
    const number = await placed()
    await world.order(number, 'pay')
    await expect.poll(() => arrivedOf(number)).toHaveLength(1)
    const [arrived] = arrivedOf(number) as [Arrived]
    expect(await genuine(arrived)).toBe(true)
    expect(await genuine({ ...arrived, body: arrived.body.replace('支付成功', '支付失败') })).toBe(false)
    expect(JSON.parse(arrived.body)).toMatchObject({
      event_type: 'TRANSACTION.SUCCESS',
      resource_type: 'encrypt-resource',
      resource: {
        original_type: 'transaction',
        algorithm: 'AEAD_AES_256_GCM',
        associated_data: 'transaction',
      },
    })
    expect(opened(arrived)).toMatchObject({
      out_trade_no: number,
      trade_state: 'SUCCESS',
      amount: { total: 4980 },
    })
    const found = await client.query({ out_trade_no: number })
    expect(found).toMatchObject({ status: 200, data: { trade_state: 'SUCCESS', mchid: merchant.mchId } })
  })

  test('refunds, is told of it, and closes', async () => {
    const number = await placed()
    await world.order(number, 'pay')
    const refund = await client.refunds({
      out_trade_no: number,
      out_refund_no: `${number}R`,
      notify_url: world.receiver.url,
      amount: { refund: 980, total: 4980, currency: 'CNY' },
    })
    expect(refund).toMatchObject({ status: 200, data: { status: 'PROCESSING' } })
    await expect.poll(() => arrivedOf(number)).toHaveLength(2)
    const told = arrivedOf(number).find(({ body }) => body.includes('REFUND.SUCCESS')) as Arrived
    expect(await genuine(told)).toBe(true)
    expect(opened(told)).toMatchObject({ refund_status: 'SUCCESS', amount: { refund: 980, total: 4980 } })
    expect(await client.find_refunds(`${number}R`)).toMatchObject({ data: { status: 'SUCCESS' } })
    expect(await client.close(await placed())).toMatchObject({ status: 204 })
  })
})
