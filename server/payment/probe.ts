import { readAttempt } from './attempt-store.ts'
import type { QueryOutcome } from './port.ts'
import { ask, type QueryDeps } from './query.ts'

/** What the provider says of an attempt now. */
export interface Probed {
  readonly order: string
  readonly outcome: QueryOutcome
}

/**
 * Asks the provider about one attempt at once, whatever the schedule says, as often as a person likes. A final answer is in the
 * inbox before this resolves. Null: there is no such attempt.
 */
export async function probe(
  deps: Pick<QueryDeps, 'db' | 'log' | 'merchants' | 'recorder'>,
  brand: string,
  attempt: string,
): Promise<Probed | null> {
  const one = await readAttempt(deps.db.of(brand), attempt)
  return one ? { order: one.order, outcome: await ask(deps, brand, one) } : null
}
