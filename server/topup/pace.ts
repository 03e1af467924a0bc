import type { TopUpsDeps } from './deps.ts'
import { readCredits } from './store.ts'

/** How long orders took lately from being paid to being credited, in whole seconds. */
export interface Pace {
  /** Half of them took no longer. */
  readonly usualSeconds: number
  /** 95 % of them took no longer. */
  readonly longSeconds: number
}

/** The pace of a brand; null when too few orders were paid and credited lately to say anything. */
export type PaceOf = (brand: string) => Promise<Pace | null>

const HOUR_MS = 3_600_000
/** Orders paid within the last hour, or where these are too few within the last day. */
const SPANS_MS = [HOUR_MS, 24 * HOUR_MS]
const LEAST_ORDERS = 20
/** A busy hour is judged by its newest orders. */
const MOST_ORDERS = 2_000
const KEPT_MS = 60_000

/** The pace of each brand, read at most once a minute. */
export function createPace({
  db,
  clock,
  payments,
}: Pick<TopUpsDeps, 'db' | 'clock'> & {
  readonly payments: Pick<TopUpsDeps['payments'], 'capturedSince'>
}): PaceOf {
  const known = new Map<string, { readonly untilMs: number; readonly pace: Promise<Pace | null> }>()

  async function read(brand: string): Promise<Pace | null> {
    const reader = db.of(brand)
    for (const spanMs of SPANS_MS) {
      const paid = await payments.capturedSince(reader, clock.instant() - spanMs, MOST_ORDERS)
      if (paid.length < LEAST_ORDERS) continue
      const paidAtMs = new Map(paid.map(({ attempt, atMs }) => [attempt, atMs]))
      const credits = await readCredits(
        reader,
        paid.map(({ order }) => order),
      )
      // A second payment of the same order credits nothing.
      const tookMs = credits.flatMap(({ attempt, creditedAtMs }) => {
        const atMs = paidAtMs.get(attempt)
        return atMs === undefined ? [] : [creditedAtMs - atMs]
      })
      if (tookMs.length >= LEAST_ORDERS) return paceOf(tookMs)
    }
    return null
  }

  return (brand) => {
    const nowMs = clock.instant()
    const before = known.get(brand)
    if (before && nowMs < before.untilMs) return before.pace
    const pace = read(brand)
    known.set(brand, { untilMs: nowMs + KEPT_MS, pace })
    pace.catch(() => known.delete(brand))
    return pace
  }
}

/** Nearest-rank percentiles, rounded up to a second; a provider's clock ahead of ours makes nothing negative. */
export function paceOf(tookMs: readonly number[]): Pace {
  const sorted = tookMs.map((ms) => Math.max(1, Math.ceil(ms / 1_000))).sort((a, b) => a - b)
  const rank = (share: number) => sorted[Math.ceil(share * sorted.length) - 1] ?? 1
  return { usualSeconds: rank(0.5), longSeconds: rank(0.95) }
}
