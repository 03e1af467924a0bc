import { post, type Reception } from '../post.ts'

/** How long a receiver may take before its answer counts as none. */
const patienceMs = 10_000

/** Any 2xx takes an event off the list, whatever the body. */
export function isAcknowledged({ status }: Reception): boolean {
  return status >= 200 && status < 300
}

/** Posts an event. */
export function deliver(
  url: string,
  body: string,
  signature: string,
  stopping: AbortSignal,
): Promise<Reception> {
  const headers = {
    'content-type': 'application/json; charset=utf-8',
    'stripe-signature': signature,
    'user-agent': 'Stripe/1.0 (+https://stripe.com/docs/webhooks)',
  }
  return post(url, body, headers, patienceMs, stopping)
}
