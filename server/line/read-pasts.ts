import type { Reader } from '../platform/db.ts'
import type { LineClock } from './line-clock.ts'
import type { PolicyOf } from './policy-day.ts'
import { pastOf } from './replay.ts'
import { readHistories } from './replay-store.ts'
import type { Past } from './taken-back.ts'

/** What the clocks of these lines came from, by line. Whoever decides by it holds the lines' clocks. */
export async function readPasts(
  db: Reader,
  policyOf: PolicyOf,
  zone: string,
  clocks: readonly Pick<LineClock, 'line' | 'policy'>[],
): Promise<Map<string, Past>> {
  if (clocks.length === 0) return new Map()
  const lines = clocks.map(({ line }) => line)
  const histories = await readHistories(db, lines, [...new Set(clocks.map(({ policy }) => policy))])
  return new Map(
    histories.flatMap((history) => {
      const { line, policy, policyVersion } = history.clock
      const past = pastOf(policyOf(policy, policyVersion), zone, history)
      return past ? [[line, past] as const] : []
    }),
  )
}
