import type { AttemptRow } from './attempt.ts'
import { isAsked, ladderMs, querySchedules } from './query-schedule.ts'

export interface QueryPlan {
  /** Null: asked no more unless somebody says so. */
  readonly atMs: number | null
  /** The ladder's step to take next. */
  readonly rung: number
}

/** What the plan follows from. */
export type Planned = Pick<AttemptRow, 'provider' | 'state' | 'createdAtMs' | 'expiresAtMs'> & {
  readonly watchedUntilMs: number | null
  readonly rung: number
}

const MOST_LATE_MS = 60_000

/**
 * When to ask about an attempt next, by its rail's schedule (`query-schedule.ts`). `jitter` is in [0, 1) and moves a pause by up
 * to a tenth either way, and a moment by up to a minute later, so that a herd of attempts spreads out.
 */
export function planQuery(attempt: Planned, answered: boolean, nowMs: number, jitter: number): QueryPlan {
  const schedule = querySchedules[attempt.provider]
  if (schedule.by === 'statement') return { atMs: null, rung: 0 }
  const spread = (ms: number) => nowMs + Math.round(ms * (0.9 + 0.2 * jitter))
  const closed = attempt.state === 'closed'
  const open = answered && !closed && nowMs < attempt.expiresAtMs
  const watched = open && (attempt.watchedUntilMs ?? 0) > nowMs
  if (watched) return { atMs: spread(schedule.watchedMs), rung: 0 }
  if (schedule.by === 'moments') {
    const moments = closed ? schedule.momentsMs.slice(0, schedule.closedMoments) : schedule.momentsMs
    const next = moments.findIndex((ms) => attempt.createdAtMs + ms > nowMs)
    const ms = moments[next]
    if (ms === undefined) return { atMs: null, rung: moments.length }
    return { atMs: attempt.createdAtMs + ms + Math.floor(MOST_LATE_MS * jitter), rung: next }
  }
  if (open) return { atMs: spread(schedule.openMs), rung: 0 }
  const pauseMs = ladderMs[attempt.rung]
  if (pauseMs === undefined || (closed && attempt.rung >= schedule.closedRungs))
    return { atMs: null, rung: attempt.rung }
  return { atMs: spread(pauseMs), rung: attempt.rung + 1 }
}

/** When a new attempt is asked about first, should nobody call its provider; null: of whom nothing can be asked. */
export function firstQueryMs(
  attempt: Pick<Planned, 'provider' | 'createdAtMs' | 'expiresAtMs'>,
): number | null {
  if (!isAsked(attempt.provider)) return null
  const planned: Planned = { ...attempt, state: 'created', watchedUntilMs: null, rung: 0 }
  return planQuery(planned, true, attempt.createdAtMs, 0.5).atMs ?? attempt.expiresAtMs
}

/** The moments of rails that are asked at moments alone, as two columns: what SQL reckons a closed attempt's next by. */
export function closedMoments(): { readonly providers: readonly string[]; readonly ms: readonly number[] } {
  const rows = Object.entries(querySchedules).flatMap(([provider, schedule]) =>
    schedule.by === 'moments'
      ? schedule.momentsMs.slice(0, schedule.closedMoments).map((ms) => ({ provider, ms }))
      : [],
  )
  return { providers: rows.map(({ provider }) => provider), ms: rows.map(({ ms }) => ms) }
}
