import { AsyncLocalStorage } from 'node:async_hooks'
import Stripe from 'stripe'
import { failureOf, readFound, readLimited } from '../../../platform/outbound-answer.ts'
import { outbound } from '../../../platform/outbound-http.ts'
import type { Answer, OpenMerchant, Unknown } from '../../port.ts'

const TIMEOUT_MS = 5_000
const ANSWER_LIMIT_BYTES = 2 * 1024 * 1024
/** A report of a million rows is a quarter of it. */
const FILE_LIMIT_BYTES = 1024 * 1024 * 1024
const FILE_TIMEOUT_MS = 300_000
const TOLERANCE_SECONDS = 300

/** What the gateway answered, with its very bytes; anything less than an answer is unknown. */
export type GatewayAnswer<Body> =
  | ({ readonly kind: 'answered'; readonly body: Body } & Answer)
  /** A plain no to this call: a parameter, a state or a card stands against it. */
  | ({ readonly kind: 'refused'; readonly status: number; readonly reason: string } & Answer)
  | Unknown

export interface Gateway {
  /** Whether its key is one for real money. */
  readonly livemode: boolean
  call<Body>(name: string, ask: (stripe: Stripe) => Promise<Body>): Promise<GatewayAnswer<Body>>
  /** The event under this signature, or why it counts for nothing. `nowMs` is real time. */
  genuine(body: string, signature: string, nowMs: number): Stripe.Event | string
  /** The bytes of a file at the address that the gateway itself gave. */
  download(address: string): Promise<Buffer>
}

/**
 * The official SDK, pointed at the merchant's gateway. The request itself is ours: the SDK drops an answer's bytes, which are the
 * evidence, and would send its own telling of this machine along. It repeats nothing by itself; what is asked again is decided by
 * the loops. Answers are not signed, so the connection is the proof: TLS, or this machine.
 */
export function openGateway(merchant: OpenMerchant): Gateway {
  const address = new URL(merchant.gateway)
  const here = ['127.0.0.1', 'localhost', '[::1]'].includes(address.hostname)
  if (address.protocol !== 'https:' && !here) throw new Error(`${merchant.gateway} is not reached over TLS`)
  const secretKey = secretOf(merchant, 'secretKey')
  // Newest first: two while one is being rolled.
  const webhookSecrets = secretOf(merchant, 'webhookSecret').split(',')
  const heard = new AsyncLocalStorage<{ raw?: Buffer }>()
  const stripe = new Stripe(secretKey, {
    host: address.hostname,
    port: address.port || (address.protocol === 'https:' ? '443' : '80'),
    protocol: address.protocol === 'https:' ? 'https' : 'http',
    maxNetworkRetries: 0,
    telemetry: false,
    timeout: TIMEOUT_MS,
    httpClient: Stripe.createFetchHttpClient(async (url: RequestInfo | URL, init?: RequestInit) => {
      const response = await send(url, init)
      const raw = await readLimited(response, ANSWER_LIMIT_BYTES)
      const call = heard.getStore()
      if (call) call.raw = raw
      const headers = new Headers(response.headers)
      // The SDK would print it.
      headers.delete('stripe-notice')
      return new Response(new Uint8Array(raw), { status: response.status, headers })
    }),
  })

  return {
    livemode: /^[rs]k_live_/.test(secretKey),

    call: (name, ask) => heard.run({}, () => callWith(name, stripe, ask, () => heard.getStore()?.raw)),

    genuine(body, signature, nowMs) {
      let wrong = 'no webhook secret'
      for (const secret of webhookSecrets) {
        try {
          return stripe.webhooks.constructEvent(body, signature, secret, TOLERANCE_SECONDS, undefined, nowMs)
        } catch (error) {
          wrong = (error as Error).message.split('\n')[0] ?? ''
        }
      }
      return wrong
    },

    async download(file) {
      const from = new URL(file)
      const known = from.origin === address.origin || from.origin === 'https://files.stripe.com'
      if (!known) throw new Error(`${from.origin} is not the gateway`)
      return await outbound('card file', async () => {
        const headers = { authorization: `Bearer ${secretKey}` }
        const signal = AbortSignal.timeout(FILE_TIMEOUT_MS)
        const response = await fetch(from, { headers, redirect: 'error', signal })
        return await readFound(response, FILE_LIMIT_BYTES)
      })
    },
  }
}

function secretOf({ id, secrets }: OpenMerchant, name: string): string {
  const secret = secrets[name]
  if (!secret) throw new Error(`card merchant ${id} lacks the secret ${name}`)
  return secret
}

async function send(url: RequestInfo | URL, init: RequestInit | undefined): Promise<Response> {
  const headers = new Headers(init?.headers)
  // Both name this machine and what runs on it, which is of no use to a payment.
  headers.delete('x-stripe-client-user-agent')
  headers.set('user-agent', 'baohao')
  // The SDK's own time-out is the signal in `init`, and covers the reading too.
  return await fetch(url, { ...init, headers, redirect: 'error' })
}

async function callWith<Body>(
  name: string,
  stripe: Stripe,
  ask: (stripe: Stripe) => Promise<Body>,
  heard: () => Buffer | undefined,
): Promise<GatewayAnswer<Body>> {
  try {
    const body = await outbound(`card ${name}`, () => ask(stripe))
    const raw = heard()
    return raw
      ? { kind: 'answered', body, raw, fields: fieldsOf(raw) }
      : { kind: 'unknown', reason: `${name}: an answer without bytes` }
  } catch (error) {
    return refusalOf(name, error, heard()) ?? { kind: 'unknown', reason: `${name}: ${failureOf(error)}` }
  }
}

/** The gateway's trouble, a lock, a limit, a key of ours and a number used twice are no answer to what was asked. */
function refusalOf(
  name: string,
  error: unknown,
  raw: Buffer | undefined,
): Extract<GatewayAnswer<never>, { kind: 'refused' }> | undefined {
  if (!(error instanceof Stripe.errors.StripeError) || !raw) return undefined
  const { statusCode: status, rawType, code, message } = error
  const plain = status === 400 || status === 402 || status === 404
  if (!plain || (rawType !== 'invalid_request_error' && rawType !== 'card_error')) return undefined
  return { kind: 'refused', status, reason: code ?? `${name}: ${message}`, raw, fields: fieldsOf(raw) }
}

function fieldsOf(raw: Buffer): Readonly<Record<string, unknown>> {
  return JSON.parse(raw.toString('utf8')) as Record<string, unknown>
}
