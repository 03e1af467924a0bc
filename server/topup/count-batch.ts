import type { Counter, Histogram } from '../platform/figures.ts'
import { figures } from '../platform/figures.ts'
import type { Command, Outcome } from './command.ts'
import type { State, Writes } from './work.ts'

const credited = figures.counter('baohao_top_ups_credited_total', 'Top-ups credited, by brand and kind.', [
  'brand',
  'kind',
])
const refused = figures.counter(
  'baohao_top_ups_refused_total',
  'Top-ups refused, by brand, kind and code; the same answer to the same key is counted once.',
  ['brand', 'kind', 'code'],
)
const waits = figures.histogram(
  'baohao_capture_to_credit_seconds',
  'From when the provider took the money to when the line had it.',
  [1, 2, 3, 5, 8, 13, 20, 30, 60, 120, 300, 900, 3_600, 86_400],
  ['brand'],
)

export function countRefused(brand: string, kind: 'agent' | 'online', code: string): void {
  refused.of(brand, kind, code).add()
}

/** Counts what batches of a brand did, once they are committed. */
export function createBatchCounter(brand: string) {
  const agent: Counter = credited.of(brand, 'agent')
  const online: Counter = credited.of(brand, 'online')
  const waited: Histogram = waits.of(brand)
  return (commands: readonly Command[], outcomes: readonly Outcome[], writes: Writes, state: State): void => {
    for (const [i, outcome] of outcomes.entries()) {
      if (outcome.outcome === 'applied') {
        if (outcome.to === 'credited') online.add()
      } else if (commands[i]?.kind === 'agent-top-up' && !outcome.replayed) {
        if (outcome.outcome === 'credited') agent.add()
        else countRefused(brand, 'agent', outcome.entry.code)
      }
    }
    for (const { attempt, creditedAtMs, recallSeconds } of writes.changedOrders) {
      // Who could recall it did not wait for us.
      if (attempt === null || creditedAtMs !== state.nowMs || recallSeconds > 0) continue
      const atMs = capturedAtMs(attempt, writes, state)
      // The provider's clock may be ahead of ours.
      if (atMs !== undefined) waited.observe(Math.max(0, state.nowMs - atMs) / 1000)
    }
  }
}

function capturedAtMs(attempt: string, { attempts }: Writes, state: State): number | undefined {
  const change = attempts.find(({ id }) => id === attempt)
  if (change?.state === 'captured') return change.capture.atMs
  return state.attempts.get(attempt)?.captured?.atMs
}
