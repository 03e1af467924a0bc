import { post, type Reception } from '../post.ts'

/** How long a receiver may take before its answer counts as none. */
const patienceMs = 10_000

/** Posts the parameters as a form. */
export function deliver(
  url: string,
  fields: Record<string, string>,
  stopping: AbortSignal,
): Promise<Reception> {
  const headers = {
    'content-type': 'application/x-www-form-urlencoded; charset=utf-8',
    'user-agent': 'Mozilla/4.0',
  }
  return post(url, new URLSearchParams(fields).toString(), headers, patienceMs, stopping)
}

/** The vendor's rule: the seven characters, nothing before, nothing after. */
export function isAcknowledged(reception: Reception): boolean {
  return reception.status === 200 && reception.body === 'success'
}
