import { request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'

/** How long a receiver may take before its answer counts as none. Source: WeChat Pay, callbacks: 5 seconds. */
const patienceMs = 5_000

export interface Reception {
  /** HTTP status, or 0 when no answer came. */
  status: number
  body: string
}

/**
 * Posts a JSON body. Never throws: a dead receiver is a reception like any other, and so is a call that `stopping` cut off.
 * Follows no redirect.
 */
export function deliver(
  url: string,
  body: string,
  headers: Record<string, string>,
  stopping: AbortSignal,
): Promise<Reception> {
  return new Promise((resolve) => {
    const target = URL.parse(url)
    if (!target) return resolve({ status: 0, body: 'the notify_url is no address' })
    const request = target.protocol === 'https:' ? requestHttps : requestHttp
    const call = request(
      target,
      {
        method: 'POST',
        agent: false,
        headers: {
          ...headers,
          accept: '*/*',
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(body),
          'user-agent': 'Mozilla/4.0',
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

/** The vendor's rule: 200 or 204, whatever the body. */
export function isAcknowledged({ status }: Reception): boolean {
  return status === 200 || status === 204
}
