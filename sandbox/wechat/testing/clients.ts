import { Wechatpay } from 'wechatpay-axios-plugin'
import WxPay from 'wechatpay-node-v3'
import { type Keys, merchant, ours, type WechatWorld } from './world.ts'

/** Both clients as a merchant sets them up; neither is ours, nor knows the other. */

const certificatesOf = (world: WechatWorld) =>
  Object.fromEntries(
    world.sandbox
      .wechatKeys(merchant.mchId)
      .map(({ serial, publicKey }) => [
        serial,
        `-----BEGIN PUBLIC KEY-----\n${publicKey}\n-----END PUBLIC KEY-----`,
      ]),
  )

interface Signer {
  mchId: string
  serial: string
  keys: Keys
}
const usual: Signer = { mchId: merchant.mchId, serial: merchant.merchantSerialNo, keys: ours }

/** `wechatpay-axios-plugin`: verifies every answer of success before it is read. */
export function axiosClient(world: WechatWorld, { mchId, serial, keys }: Signer = usual): Wechatpay {
  return new Wechatpay({
    mchid: mchId,
    serial,
    privateKey: keys.privatePem,
    certs: certificatesOf(world),
    baseURL: `${world.sandbox.addresses.wechat}/`,
    timeout: 2_000,
  })
}

/** What a client says when WeChat Pay refuses: status and code. */
export async function refusalOf(call: Promise<unknown>): Promise<{ status: number; code: string }> {
  const error: unknown = await call.then(
    () => {
      throw new Error('WeChat Pay did not refuse.')
    },
    (caught: unknown) => caught,
  )
  const { response } = error as { response?: { status: number; data: { code: string } } }
  if (!response) throw error
  return { status: response.status, code: response.data.code }
}

const vendor = 'https://api.mch.weixin.qq.com'

/** `wechatpay-node-v3`: its host is fixed, and so its hook for HTTP leads to the sandbox. */
export function nodeV3Client(world: WechatWorld): WxPay {
  const client = new WxPay({
    appid: merchant.appId,
    mchid: merchant.mchId,
    serial_no: merchant.merchantSerialNo,
    publicKey: Buffer.from('unused: the serial number is given'),
    privateKey: Buffer.from(ours.privatePem),
    key: merchant.apiV3Key,
  })
  const send = async (method: string, url: string, headers: Record<string, string>, body?: string) => {
    const address = url.replace(vendor, world.sandbox.addresses.wechat)
    const answer = await fetch(address, { method, headers, ...(body === undefined ? {} : { body }) })
    const text = await answer.text()
    return { status: answer.status, data: text === '' ? undefined : JSON.parse(text) }
  }
  client.createHttp({
    get: (url, headers) => send('GET', url, headers),
    post: (url, params, headers) => send('POST', url, headers, JSON.stringify(params)),
    upload: () => Promise.reject(new Error('Nothing is uploaded here.')),
  })
  return client
}
