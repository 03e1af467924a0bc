import { generateKeyPairSync } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { AlipaySdk, type AlipaySdkCommonResult } from 'alipay-sdk'
import { chinaTime, createClock } from '../clock.ts'
import { type Sandbox, startSandbox } from '../start.ts'
import { startWithKeptKeys } from './kept-keys.ts'

/** One merchant with the vendor's own SDK, one operator, a receiver for notifications, and a sandbox between them. */
export interface World {
  sandbox: Sandbox
  dataDir: string
  sdk: AlipaySdk
  receiver: Receiver
  /** Asks the gateway through the SDK, checking the signature of the answer. */
  ask(method: string, biz: object, common?: object): Promise<AlipaySdkCommonResult>
  /** Parameters for the SDK's pageExecute, with the time in Alipay's zone. */
  pagePay(biz: object, common?: object): { [key: string]: unknown }
  control(method: string, path: string, body?: object): Promise<{ status: number; body: ControlAnswer }>
  knobs(change: object): Promise<void>
  /** Stops the sandbox and starts it again on the same book. */
  restart(): Promise<void>
  end(): Promise<void>
}

// biome-ignore lint/suspicious/noExplicitAny: the shape differs by call; tests say what they expect of it.
export type ControlAnswer = any

export interface Receiver {
  url: string
  /** Notifications as form fields, in order of arrival. */
  got: Record<string, string>[]
  /** What the receiver answers; `success` unless a test says otherwise. */
  answer: (fields: Record<string, string>) => { status?: number; body: string } | undefined
  close(): Promise<void>
}

export const appId = '2021000000000001'
export const sellerId = '2088000000000001'
export const smppLogin = { system_id: 'laika', password: 'secret08' }

const merchantKey = generateKeyPairSync('rsa', { modulusLength: 2048 })
const strangerKey = generateKeyPairSync('rsa', { modulusLength: 2048 })

const publicBase64 = (pair: typeof merchantKey) =>
  pair.publicKey.export({ format: 'der', type: 'spki' }).toString('base64')
const privateBase64 = (pair: typeof merchantKey) =>
  pair.privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64')

export const merchantPublicKey = publicBase64(merchantKey)

const noPorts = { home: 0, alipay: 0, smpp: 0, smtp: 0 }

export async function startWorld(operatorUrl = 'http://127.0.0.1:9'): Promise<World> {
  const dataDir = await mkdtemp(join(tmpdir(), 'sandbox-'))
  const merchants = {
    alipay: [{ appId, sellerId, brand: 'laika', name: '莱卡通信', merchantPublicKey }],
    operators: [
      {
        brand: 'laika',
        name: '莱卡通信',
        baseUrl: operatorUrl,
        ussdKey: 'ussd-key',
        numberPrefixes: ['8617012'],
        smpp: { systemId: smppLogin.system_id, password: smppLogin.password },
      },
    ],
  }
  const start = () => startSandbox({ dataDir, ports: noPorts, merchants })
  const receiver = await startReceiver()
  const world: World = {
    sandbox: await startWithKeptKeys(dataDir, start),
    dataDir,
    receiver,
    sdk: undefined as never,
    ask: (method, biz, common = {}) =>
      world.sdk.exec(method, { timestamp: now(), bizContent: biz, ...common }, { validateSign: true }),
    pagePay: (biz, common = {}) => ({
      timestamp: now(),
      notify_url: receiver.url,
      bizContent: { product_code: 'FAST_INSTANT_TRADE_PAY', ...biz },
      ...common,
    }),
    control: (method, path, body) => control(world.sandbox, method, path, body),
    knobs: async (change) => {
      const { status, body } = await world.control('PUT', `/control/merchants/${appId}/knobs`, change)
      if (status !== 200) throw new Error(JSON.stringify(body))
    },
    restart: async () => {
      await world.sandbox.stop()
      world.sandbox = await start()
      world.sdk = sdkFor(world.sandbox)
    },
    end: async () => {
      await world.sandbox.stop()
      await receiver.close()
      await rm(dataDir, { recursive: true })
    },
  }
  world.sdk = sdkFor(world.sandbox)
  return world
}

export function now(): string {
  return chinaTime(createClock().now())
}

/** The vendor's SDK as a merchant sets it up; `stranger` signs with a key Alipay does not know. */
export function sdkFor(sandbox: Sandbox, options: { appId?: string; stranger?: boolean } = {}): AlipaySdk {
  return new AlipaySdk({
    appId: options.appId ?? appId,
    privateKey: privateBase64(options.stranger ? strangerKey : merchantKey),
    keyType: 'PKCS8',
    alipayPublicKey: sandbox.alipayPublicKey(appId),
    gateway: sandbox.addresses.gateway,
    timeout: 2_000,
  })
}

export async function control(sandbox: Sandbox, method: string, path: string, body?: object) {
  const answer = await fetch(`${sandbox.addresses.home}${path}`, {
    method,
    headers: { authorization: `Bearer ${sandbox.controlToken}` },
    ...(body ? { body: JSON.stringify(body) } : {}),
  })
  return { status: answer.status, body: await answer.json() }
}

export async function startReceiver(): Promise<Receiver> {
  const server = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = []
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
    incoming.on('end', () => {
      const fields = Object.fromEntries(new URLSearchParams(Buffer.concat(chunks).toString('utf8')))
      receiver.got.push(fields)
      const answer = receiver.answer(fields)
      if (answer) outgoing.writeHead(answer.status ?? 200).end(answer.body)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const receiver: Receiver = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/notify`,
    got: [],
    answer: () => ({ body: 'success' }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
  return receiver
}

/** Waits until `check` holds; throws with `what` after the time is up. */
export async function until(what: string, check: () => boolean, withinMs = 5_000): Promise<void> {
  for (let waited = 0; !check(); waited += 10) {
    if (waited > withinMs) throw new Error(`Waited ${withinMs} ms in vain: ${what}.`)
    await pause(10)
  }
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

/** Follows a page payment to the wallet as a browser would; answers the wallet page's address. */
export async function arrive(url: string): Promise<string> {
  const answer = await fetch(url, { redirect: 'manual' })
  const location = answer.headers.get('location')
  if (answer.status !== 302 || !location)
    throw new Error(`No cashier: ${answer.status} ${await answer.text()}`)
  return location
}

/** Presses a button of the wallet page; answers where the browser is sent. */
export async function press(walletPage: string, act: 'confirm' | 'refuse'): Promise<string> {
  const answer = await fetch(`${walletPage}/${act}`, { method: 'POST', redirect: 'manual' })
  return answer.headers.get('location') ?? ''
}
