import { idToWire } from '../../contract/id.ts'
import { assert } from '../platform/error.ts'
import { failpoint } from '../platform/failpoint.ts'
import { attemptsOf, markUnknown, type OwnAttempt } from './attempt-store.ts'
import { ask, type QueryDeps } from './query.ts'

/**
 * `closed`: the provider says of every attempt of the order that nobody can pay it any more. `paid`: it took money; the
 * evidence is in the inbox. `unknown`: not answered. `not-begun`: one at least it never heard of, a page that was not opened or a
 * code that was not scanned, which still can be until the attempt's time limit; the others are closed.
 */
export type CloseResult = 'closed' | 'paid' | 'unknown' | 'not-begun'

/** Closes an order's open attempts at the provider. The caller writes them closed in the transaction that ends the order. */
export async function closeOpen(deps: QueryDeps, brand: string, order: string): Promise<CloseResult> {
  const attempts = await attemptsOf(deps.db.of(brand), [order])
  if (attempts.some((attempt) => attempt.state === 'captured')) return 'paid'
  const open = attempts.filter((attempt) => attempt.state !== 'closed')
  const results = await Promise.all(open.map((attempt) => closeOne(deps, brand, attempt)))
  const weighty = (['paid', 'unknown', 'not-begun'] as const).find((result) => results.includes(result))
  return weighty ?? 'closed'
}

async function closeOne(deps: QueryDeps, brand: string, attempt: OwnAttempt): Promise<CloseResult> {
  const { db, clock, log, merchants, recorder } = deps
  const provider = await merchants.provider(brand, attempt.provider, attempt.merchant)
  assert(provider, 'an attempt has a merchant')
  await failpoint('payment.close-calling')
  const number = idToWire(attempt.id)
  const outcome = await provider.close({ number, reference: attempt.reference })
  await failpoint('payment.close-answered')
  switch (outcome.kind) {
    case 'closed':
      await recorder.record(brand, {
        provider: attempt.provider,
        merchant: attempt.merchant,
        kind: 'close',
        providerId: `${number}/closed`,
        attempt: attempt.id,
        refund: null,
        said: 'closed',
        transaction: null,
        amountMinor: null,
        currency: null,
        happenedAtMs: null,
        note: null,
        raw: outcome.raw,
        fields: outcome.fields,
      })
      return 'closed'
    case 'over':
      return await resultOfQuery(deps, brand, attempt)
    case 'not-found':
      // The provider was given our time limit: what is not begun by then cannot be begun.
      return clock.instant() >= attempt.expiresAtMs ? 'closed' : 'not-begun'
    case 'unknown':
      log.warn({ brand, attempt: attempt.id, reason: outcome.reason }, 'a close was not answered')
      await db.of(brand).tx((tx) => markUnknown(tx, attempt.id))
      return 'unknown'
  }
}

async function resultOfQuery(deps: QueryDeps, brand: string, attempt: OwnAttempt): Promise<CloseResult> {
  const outcome = await ask(deps, brand, attempt)
  switch (outcome.kind) {
    case 'paid':
    case 'refunded':
      return 'paid'
    case 'closed':
      return 'closed'
    case 'pending':
    case 'not-found':
    case 'unknown':
      return 'unknown'
  }
}
