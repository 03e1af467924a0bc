import type { AttemptState } from './attempt.ts'

const OPEN_MS = 10_000
const WATCHED_MS = 3_000
const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE

/** When an unanswered question is asked again; after the last rung it is left for a person. */
export const ladderMs: readonly number[] = [
  5 * SECOND,
  15 * SECOND,
  MINUTE,
  5 * MINUTE,
  15 * MINUTE,
  HOUR,
  3 * HOUR,
  6 * HOUR,
  12 * HOUR,
  24 * HOUR,
]
/** A closed attempt is asked about up to this rung (one hour), then it rests. */
const CLOSED_RUNGS = 6

export interface QueryPlan {
  /** Null: asked no more unless somebody says so. */
  readonly atMs: number | null
  /** The ladder's step to take next. */
  readonly rung: number
}

/**
 * When to ask about an attempt next. While it is open and the provider answers: every 10 s, every 3 s while the page
 * listens or the payer has just come back. Without an answer, after its time limit and after closing: along the ladder.
 * `jitter` is in [0, 1) and moves the moment by up to a tenth either way, so that a herd of attempts spreads out.
 */
export function planQuery(
  attempt: {
    readonly state: AttemptState
    readonly expiresAtMs: number
    readonly watchedUntilMs: number | null
    readonly rung: number
  },
  answered: boolean,
  nowMs: number,
  jitter: number,
): QueryPlan {
  const spread = (ms: number) => nowMs + Math.round(ms * (0.9 + 0.2 * jitter))
  if (answered && attempt.state !== 'closed' && nowMs < attempt.expiresAtMs) {
    return { atMs: spread((attempt.watchedUntilMs ?? 0) > nowMs ? WATCHED_MS : OPEN_MS), rung: 0 }
  }
  const rungs = attempt.state === 'closed' ? CLOSED_RUNGS : ladderMs.length
  const pauseMs = ladderMs[attempt.rung]
  if (pauseMs === undefined || attempt.rung >= rungs) return { atMs: null, rung: attempt.rung }
  return { atMs: spread(pauseMs), rung: attempt.rung + 1 }
}
