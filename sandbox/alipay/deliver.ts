import { request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'

/** How long a receiver may take before its answer counts as none. */
const patienceMs = 10_000

export interface Reception {
  /** HTTP status, or 0 when no answer came. */
  status: number
  body: string
}

/**
 * Posts the parameters as a form. Never throws: a dead receiver is a reception like any other, and so is a call that
 * `stopping` cut off. Follows no redirect.
 */
export function deliver(
  url: string,
  fields: Record<string, string>,
  stopping: AbortSignal,
): Promise<Reception> {
  return new Promise((resolve) => {
    const body = new URLSearchParams(fields).toString()
    const target = URL.parse(url)
    if (!target) return resolve({ status: 0, body: 'the notify_url is no address' })
    const request = target.protocol === 'https:' ? requestHttps : requestHttp
    const call = request(
      target,
      {
        method: 'POST',
        agent: false,
        headers: {
          'content-type': 'application/x-www-form-urlencoded; charset=utf-8',
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

/** The vendor's rule: the seven characters, nothing before, nothing after. */
export function isAcknowledged(reception: Reception): boolean {
  return reception.status === 200 && reception.body === 'success'
}
