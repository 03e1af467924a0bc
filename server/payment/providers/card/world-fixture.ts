import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { idToWire } from '../../../../contract/id.ts'
import { createClock } from '../../../../sandbox/clock.ts'
import {
  account,
  type CardWorld,
  type Delivery,
  secretKey,
  startCardWorld,
  webhookSecret,
} from '../../../../sandbox/testing/card-world.ts'
import { newId } from '../../../platform/id.ts'
import type { Charge, Notification, OpenMerchant, PaymentProvider, RefundCall } from '../../port.ts'
import { openCard } from './card.ts'

export const now = createClock().now

export const shown = {
  subject: '莱卡保号 季度套餐',
  notifyUrl: 'http://laika.test/v1/notifications/card/laika/acct',
  returnUrl: 'http://laika.test/orders/1?a=b',
  locale: 'zh-CN',
} as const

/** A number of ours, made now. */
export const newNumber = () => idToWire(newId(now()))

export function chargeOf(change: Partial<Charge> = {}): Charge {
  return {
    number: newNumber(),
    scene: 'page',
    amountMinor: 4980n,
    currency: 'GBP',
    expiresAtMs: now() + 30 * 60_000,
    payer: null,
    ...change,
  }
}

export function merchantAt(gateway: string, change: Partial<OpenMerchant> = {}): OpenMerchant {
  return {
    provider: 'card',
    id: account,
    seller: account,
    currency: 'GBP',
    gateway,
    privateKey: null,
    providerKeys: [],
    secrets: { secretKey, webhookSecret },
    settings: {},
    ...change,
  }
}

/** A payment that was begun by the adapter and paid on the gateway's page. */
export interface Paid {
  charge: Charge
  known: { number: string; reference: string }
  /** Of the whole, under a number of its own. */
  refund: RefundCall
}

/** The adapter, and the gateway it talks to. */
export interface AdapterWorld extends CardWorld {
  adapter: PaymentProvider
  begin(change?: Partial<Charge>): Promise<{ number: string; reference: string }>
  pay(change?: Partial<Charge>): Promise<Paid>
}

export async function startAdapterWorld(): Promise<AdapterWorld> {
  const world = await startCardWorld()
  const provider = await openCard(merchantAt(world.card.address), now)
  const begin: AdapterWorld['begin'] = async (change) => {
    const charge = chargeOf(change)
    const outcome = await provider.create(charge, shown)
    if (outcome.kind !== 'started') throw new Error(JSON.stringify(outcome))
    return { number: charge.number, reference: outcome.reference ?? '' }
  }
  return Object.assign(world, {
    adapter: provider,
    begin,
    pay: async (change: Partial<Charge> = {}) => {
      const charge = chargeOf(change)
      const known = await begin(charge)
      await world.act('pay', known.reference)
      const outcome = await provider.query(known)
      if (outcome.kind !== 'paid') throw new Error(JSON.stringify(outcome))
      const refund = {
        number: newNumber(),
        paid: known,
        transaction: outcome.transaction,
        amountMinor: outcome.amountMinor,
        paidMinor: outcome.amountMinor,
        sentAtMs: now(),
        currency: 'GBP',
        reason: 'amount-mismatch',
        notifyUrl: 'http://laika.test/refunds',
      }
      return { charge, known, refund }
    },
  })
}

export function notificationOf({ body, headers }: Delivery): Notification {
  return { body: Buffer.from(body), headers: headers as Notification['headers'] }
}

/** What a gateway of no manners answers, whatever it is asked. */
export type Reply = { status?: number; text?: string; headers?: Record<string, string> } | 'cut'

export interface StandIn {
  address: string
  reply: Reply
  asked: IncomingHttpHeaders[]
  close(): Promise<void>
}

export async function startStandIn(): Promise<StandIn> {
  const server = createServer((incoming, outgoing) => {
    standIn.asked.push(incoming.headers)
    const { reply } = standIn
    if (reply === 'cut') incoming.socket.destroy()
    else {
      outgoing.writeHead(reply.status ?? 200, { 'content-type': 'application/json', ...reply.headers })
      outgoing.end(reply.text ?? '')
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const standIn: StandIn = {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    reply: 'cut',
    asked: [],
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
  return standIn
}
