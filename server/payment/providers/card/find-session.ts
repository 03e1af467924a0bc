import { idFromWire } from '../../../../contract/id.ts'
import { instantOfId } from '../../../platform/id.ts'
import type { Known, Unknown } from '../../port.ts'
import type { Gateway } from './gateway.ts'

const SECOND = 1_000
const MINUTE = 60 * SECOND
/** Around the moment a number was made: clocks may differ, and the same key may be tried again. */
const BEFORE_MS = 15 * MINUTE
const AFTER_MS = 120 * MINUTE
const MOST_PAGES = 20

export type FoundSession =
  | { readonly kind: 'found'; readonly id: string }
  | { readonly kind: 'not-found' }
  | Unknown

/** When a number of ours was made; null when it is none. */
export function madeAtMs(number: string): number | null {
  const id = idFromWire(number)
  return id === null ? null : instantOfId(id)
}

/**
 * The session of a payment. Its id is the reference kept with the attempt; where the call that made it was never answered, the
 * sessions of that hour are looked through for our number: the list is complete at once, unlike the gateway's search.
 */
export async function findSession(gateway: Gateway, { number, reference }: Known): Promise<FoundSession> {
  if (reference !== null) return { kind: 'found', id: reference }
  const madeMs = madeAtMs(number)
  if (madeMs === null) return { kind: 'not-found' }
  const gte = Math.floor((madeMs - BEFORE_MS) / SECOND)
  const lte = Math.floor((madeMs + AFTER_MS) / SECOND)
  let last: string | undefined
  for (let page = 0; page < MOST_PAGES; page++) {
    const from = last === undefined ? {} : { starting_after: last }
    const answer = await gateway.call('session list', (stripe) =>
      stripe.checkout.sessions.list({ created: { gte, lte }, limit: 100, ...from }),
    )
    if (answer.kind === 'unknown') return answer
    if (answer.kind === 'refused') return { kind: 'unknown', reason: answer.reason }
    const { data, has_more: more } = answer.body
    const own = data.find((session) => session.client_reference_id === number)
    if (own) return { kind: 'found', id: own.id }
    last = data.at(-1)?.id
    if (!more || last === undefined) return { kind: 'not-found' }
  }
  return { kind: 'unknown', reason: 'too many sessions to look through' }
}
