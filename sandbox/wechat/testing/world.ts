import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Sandbox, startSandbox } from '../../start.ts'
import { startWithKeptKeys } from '../../testing/kept-keys.ts'
import { type ControlAnswer, control } from '../../testing/world.ts'

/** A sandbox with two WeChat Pay merchants, and a receiver for notifications. No client: each test brings one. */
export interface WechatWorld {
  sandbox: Sandbox
  dataDir: string
  receiver: Receiver
  control(method: string, path: string, body?: object): Promise<{ status: number; body: ControlAnswer }>
  knobs(change: object): Promise<void>
  /** Acts on an order by its number: `pay`, `refuse`, `notify`, `forge`, `probe`. */
  order(outTradeNo: string, act: string, body?: object): Promise<ControlAnswer>
  payerCode(): Promise<string>
  /** Stops the sandbox and starts it again on the same book. */
  restart(): Promise<void>
  end(): Promise<void>
}

export interface Arrived {
  path: string
  headers: IncomingHttpHeaders
  body: string
}

export interface Receiver {
  url: string
  got: Arrived[]
  /** What the receiver answers; 204 unless a test says otherwise. Undefined: nothing, ever. */
  answer: (arrived: Arrived) => number | undefined | Promise<number | undefined>
  close(): Promise<void>
}

export interface Keys {
  key: KeyObject
  /** PKCS #8 PEM. */
  privatePem: string
  /** Base64 SPKI. */
  publicKey: string
}

export function makeKeys(): Keys {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  return {
    key: privateKey,
    privatePem: privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
    publicKey: publicKey.export({ format: 'der', type: 'spki' }).toString('base64'),
  }
}

export const ours = makeKeys()
export const merchant = {
  mchId: '1900000109',
  appId: 'wxd678efb567ab6787',
  appSecret: 'laika-app-secret-of-32-letters--',
  brand: 'laika',
  name: '莱卡通信',
  merchantPublicKey: ours.publicKey,
  merchantSerialNo: '1DDE55AD98ED71D6EDD4A4A16996DE7B47773A8C',
  apiV3Key: 'laika-api-v3-key-of-32-letters--',
}
export const theirs = makeKeys()
export const otherMerchant = {
  mchId: '1900000202',
  appId: 'wx0123456789abcdef',
  brand: 'harbour',
  name: 'Harbour Mobile',
  merchantPublicKey: theirs.publicKey,
  merchantSerialNo: '2AAE55AD98ED71D6EDD4A4A16996DE7B47773A8D',
  apiV3Key: 'harbour-api-v3-key-32-letters---',
  platformKey: 'public-key',
}

export async function startWechatWorld(): Promise<WechatWorld> {
  const dataDir = await mkdtemp(join(tmpdir(), 'sandbox-wechat-'))
  const start = () =>
    startSandbox({ dataDir, ports: { home: 0 }, merchants: { wechat: [merchant, otherMerchant] } })
  const receiver = await startReceiver()
  const world: WechatWorld = {
    sandbox: await startWithKeptKeys(dataDir, start),
    dataDir,
    receiver,
    control: (method, path, body) => control(world.sandbox, method, path, body),
    knobs: async (change) => {
      const path = `/control/wechat/merchants/${merchant.mchId}/knobs`
      const { status, body } = await world.control('PUT', path, change)
      if (status !== 200) throw new Error(JSON.stringify(body))
    },
    order: async (outTradeNo, act, body) =>
      (await world.control('POST', `/control/wechat/${merchant.mchId}/orders/${outTradeNo}/${act}`, body))
        .body,
    payerCode: async () => (await world.control('POST', '/control/wechat/payer-codes')).body.code,
    restart: async () => {
      await world.sandbox.stop()
      world.sandbox = await start()
    },
    end: async () => {
      await world.sandbox.stop()
      await receiver.close()
      await rm(dataDir, { recursive: true })
    },
  }
  return world
}

async function startReceiver(): Promise<Receiver> {
  const server = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = []
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
    incoming.on('end', async () => {
      const arrived = {
        path: `${incoming.url}`,
        headers: incoming.headers,
        body: Buffer.concat(chunks).toString('utf8'),
      }
      receiver.got.push(arrived)
      const status = await receiver.answer(arrived)
      if (status !== undefined) outgoing.writeHead(status).end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const receiver: Receiver = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/notify`,
    got: [],
    answer: () => 204,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
  return receiver
}

let number = 0

/** An out_trade_no no other test of this file has used. */
export function nextNumber(): string {
  number += 1
  return `ORDER${`${number}`.padStart(6, '0')}`
}

/** What every way of paying asks for, 49.80 yuan. */
export function orderOf(world: WechatWorld, outTradeNo: string, more: object = {}) {
  return {
    appid: merchant.appId,
    mchid: merchant.mchId,
    description: '莱卡保号 季度套餐',
    out_trade_no: outTradeNo,
    notify_url: world.receiver.url,
    amount: { total: 4980, currency: 'CNY' },
    ...more,
  }
}
