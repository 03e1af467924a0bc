import { request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'

/** How long a receiver may take before its answer counts as none. */
const patienceMs = 10_000

export interface Reception {
  /** HTTP status, or 0 when no answer came. */
  status: number
  body: string
}

/** Any 2xx takes an event off the list, whatever the body. */
export function isAcknowledged({ status }: Reception): boolean {
  return status >= 200 && status < 300
}

/**
 * Posts an event. Never throws: a dead receiver is a reception like any other, and so is a call that `stopping` cut off.
 * Follows no redirect.
 */
export function deliver(
  url: string,
  body: string,
  signature: string,
  stopping: AbortSignal,
): Promise<Reception> {
  return new Promise((resolve) => {
    const target = URL.parse(url)
    if (!target) return resolve({ status: 0, body: 'the endpoint is no address' })
    const request = target.protocol === 'https:' ? requestHttps : requestHttp
    const call = request(
      target,
      {
        method: 'POST',
        agent: false,
        headers: {
          'content-type': 'application/json; charset=utf-8',
          'content-length': Buffer.byteLength(body),
          'stripe-signature': signature,
          'user-agent': 'Stripe/1.0 (+https://stripe.com/docs/webhooks)',
        },
        signal: AbortSignal.any([AbortSignal.timeout(patienceMs), stopping]),
      },
      (incoming) => {
        const chunks: Buffer[] = []
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
        incoming.on('error', (error) => resolve({ status: 0, body: error.message }))
        incoming.on('end', () =>
          resolve({ status: incoming.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8') }),
        )
      },
    )
    call.on('error', (error) => resolve({ status: 0, body: error.message }))
    call.end(body)
  })
}
