import { post, type Reception } from '../post.ts'

/** How long a receiver may take before its answer counts as none. Source: WeChat Pay, callbacks: 5 seconds. */
const patienceMs = 5_000

/** Posts a JSON body. */
export function deliver(
  url: string,
  body: string,
  headers: Record<string, string>,
  stopping: AbortSignal,
): Promise<Reception> {
  const ours = { accept: '*/*', 'content-type': 'application/json', 'user-agent': 'Mozilla/4.0' }
  return post(url, body, { ...headers, ...ours }, patienceMs, stopping)
}

/** The vendor's rule: 200 or 204, whatever the body. */
export function isAcknowledged({ status }: Reception): boolean {
  return status === 200 || status === 204
}
