import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Stripe from 'stripe'
import { type CardRail, startCard } from '../card/index.ts'
import { createClock } from '../clock.ts'
import { type Listener, serve } from '../http.ts'
import { assetRoutes } from '../web/assets.ts'
import type { ControlAnswer } from './world.ts'

/** One merchant that takes cards, with the vendor's own SDK, an endpoint for its events, and a gateway between them. */
export interface CardWorld {
  card: CardRail
  /** Origin of the payer's page and of the control API. */
  home: string
  dataDir: string
  stripe: Stripe
  receiver: CardReceiver
  /** 1 is the vendor's ladder. */
  retryScale: number
  control(method: string, path: string, body?: object): Promise<{ status: number; body: ControlAnswer }>
  knobs(change: object): Promise<void>
  /** A session of 49.80 GBP under a number of its own. */
  session(params?: Partial<Stripe.Checkout.SessionCreateParams>): Promise<Stripe.Checkout.Session>
  /** What the payer, the bank or time does to a session: `act('pay', id, { card: '0002' })`. */
  act(act: string, session: string, body?: object): Promise<{ status: number; body: ControlAnswer }>
  restart(): Promise<void>
  end(): Promise<void>
}

export interface Delivery {
  body: string
  headers: IncomingHttpHeaders
  event: ControlAnswer
}

export interface CardReceiver {
  url: string
  /** In order of arrival. */
  got: Delivery[]
  /** The status it answers; 200 unless a test says otherwise. */
  answer: (delivery: Delivery) => number
  close(): Promise<void>
}

export const account = 'acct_1Laika0000000001'
export const secretKey = 'sk_test_laika000001'
export const webhookSecret = 'whsec_laika000001'
export const strangerKey = 'sk_test_harbour0001'

let number = 0

export async function startCardWorld(): Promise<CardWorld> {
  const dataDir = await mkdtemp(join(tmpdir(), 'card-'))
  const receiver = await startReceiver()
  const merchants = [
    { account, brand: 'laika', name: '莱卡通信', secretKey, webhookSecret, webhookUrl: receiver.url },
    {
      account: 'acct_1Harbour000000001',
      brand: 'harbour',
      name: 'Harbour Mobile',
      secretKey: strangerKey,
      webhookSecret: 'whsec_harbour0001',
      webhookUrl: 'http://127.0.0.1:9/',
    },
  ]
  let home: Listener
  let stopping: () => Promise<void>
  const start = async () => {
    const clock = createClock()
    const retryScale = () => world.retryScale
    const card = await startCard({ clock, dataDir, port: 0, retryScale, home: () => home.address })
    await card.provision({ card: merchants })
    const routes = [...(await assetRoutes()), ...card.homeRoutes, ...card.controlRoutes]
    home = await serve(routes, 0, { foreignForms: false })
    card.resume()
    world.card = card
    world.home = home.address
    world.stripe = sdkAt(card.address)
    stopping = async () => {
      clock.stop()
      await home.close()
      await card.stop()
    }
  }
  const world: CardWorld = {
    card: undefined as never,
    home: '',
    dataDir,
    stripe: undefined as never,
    receiver,
    retryScale: 1,
    control: async (method, path, body) => {
      const answer = await fetch(`${world.home}${path}`, {
        method,
        ...(body ? { body: JSON.stringify(body) } : {}),
      })
      return { status: answer.status, body: await answer.json() }
    },
    knobs: async (change) => {
      const path = `/control/card/merchants/${account}/knobs`
      const { status, body } = await world.control('PUT', path, change)
      if (status !== 200) throw new Error(JSON.stringify(body))
    },
    session: (params = {}) => world.stripe.checkout.sessions.create({ ...order(), ...params }),
    act: (act, session, body = {}) =>
      world.control('POST', `/control/card/${account}/sessions/${session}/${act}`, body),
    restart: async () => {
      await stopping()
      await start()
    },
    end: async () => {
      await stopping()
      await receiver.close()
      await rm(dataDir, { recursive: true })
    },
  }
  await start()
  return world
}

/** The vendor's SDK as a merchant sets it up. */
export function sdkAt(address: string, key = secretKey): Stripe {
  const { hostname, port } = new URL(address)
  return new Stripe(key, {
    host: hostname,
    port,
    protocol: 'http',
    maxNetworkRetries: 0,
    telemetry: false,
    timeout: 2_000,
  })
}

export function order(): Stripe.Checkout.SessionCreateParams {
  number += 1
  const price = { currency: 'gbp', unit_amount: 4980, product_data: { name: '季度套餐 <90 天>' } }
  return {
    mode: 'payment',
    line_items: [{ quantity: 1, price_data: price }],
    client_reference_id: `ORDER${number}`,
    metadata: { number: `ORDER${number}` },
    payment_intent_data: { metadata: { number: `ORDER${number}` } },
    success_url: 'http://127.0.0.1:3000/orders/1?s={CHECKOUT_SESSION_ID}',
    cancel_url: 'http://127.0.0.1:3000/orders/1',
  }
}

async function startReceiver(): Promise<CardReceiver> {
  const server = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = []
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
    incoming.on('end', () => {
      const body = Buffer.concat(chunks).toString('utf8')
      const delivery = { body, headers: incoming.headers, event: JSON.parse(body) }
      receiver.got.push(delivery)
      outgoing.writeHead(receiver.answer(delivery)).end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const receiver: CardReceiver = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/events`,
    got: [],
    answer: () => 200,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
  return receiver
}
