import type { Tx } from './db.ts'
import { plainArray, textArray } from './sql-array.ts'

/** At most `points` in any `windowSeconds` that begin with the first of them. `key` names what is counted, brand included. */
export interface RateLimit {
  readonly key: string
  readonly points: number
  readonly windowSeconds: number
}

export interface RateLimitReached<Limit extends RateLimit> {
  readonly limit: Limit
  readonly retryAfterSeconds: number
}

/**
 * Takes a point from every limit or, when one is exhausted, from none; answers the first exhausted one in the order
 * given, else null. Counters are rows of `platform.rate_limit` locked in key order, so they hold across processes and
 * change only if the caller commits.
 */
export async function takePoints<Limit extends RateLimit>(
  tx: Tx,
  limits: readonly Limit[],
  nowMs: number,
): Promise<RateLimitReached<Limit> | null> {
  const keys = textArray(limits.map((limit) => limit.key))
  const rows = await tx.query<{ key: string; points: number; expire: bigint }>(
    `insert into platform.rate_limit as counter (key, points, expire)
     select key, 1, expire from unnest($1::text[], $2::bigint[]) wanted (key, expire) order by key
     on conflict (key) do update set
       points = case when counter.expire <= $3 then 1 else counter.points + 1 end,
       expire = case when counter.expire <= $3 then excluded.expire else counter.expire end
     returning key, points, expire`,
    [keys, plainArray(limits.map((limit) => nowMs + limit.windowSeconds * 1000)), nowMs],
  )
  const counters = new Map(rows.map((row) => [row.key, row]))
  for (const limit of limits) {
    const counter = counters.get(limit.key)
    if (!counter || counter.points <= limit.points) continue
    await tx.query('update platform.rate_limit set points = points - 1 where key = any($1::text[])', [keys])
    const waitMs = counter.expire - BigInt(nowMs)
    return { limit, retryAfterSeconds: Math.max(1, Math.ceil(Number(waitMs) / 1000)) }
  }
  return null
}

/** Forgets counters whose window is over. */
export async function forgetEndedLimits(tx: Tx, nowMs: number): Promise<void> {
  await tx.query('delete from platform.rate_limit where expire <= $1', [nowMs])
}
