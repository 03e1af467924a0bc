import { request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'

export interface Reception {
  /** HTTP status, or 0 when no answer came. */
  status: number
  body: string
}

/**
 * Posts to a receiver. Never throws: a dead receiver is a reception like any other, and so is one that takes longer than
 * `patienceMs` or that `stopping` cut off. Follows no redirect.
 */
export function post(
  url: string,
  body: string,
  headers: Record<string, string>,
  patienceMs: number,
  stopping: AbortSignal,
): Promise<Reception> {
  return new Promise((resolve) => {
    const target = URL.parse(url)
    if (!target) return resolve({ status: 0, body: 'the receiver is no address' })
    const request = target.protocol === 'https:' ? requestHttps : requestHttp
    const call = request(
      target,
      {
        method: 'POST',
        agent: false,
        headers: { ...headers, 'content-length': Buffer.byteLength(body) },
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
