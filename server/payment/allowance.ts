/** How many calls a second may go to each name: a bucket that holds one second's worth and fills evenly. */
export interface Allowance {
  /** Whole calls that may be made now. */
  left(name: string, nowMs: number): number
  spend(name: string, calls: number): void
}

export function createAllowance(perSecond: number): Allowance {
  const buckets = new Map<string, { calls: number; atMs: number }>()
  return {
    left(name, nowMs) {
      const bucket = buckets.get(name) ?? { calls: perSecond, atMs: nowMs }
      buckets.set(name, bucket)
      bucket.calls = Math.min(perSecond, bucket.calls + ((nowMs - bucket.atMs) * perSecond) / 1_000)
      bucket.atMs = nowMs
      return Math.floor(bucket.calls)
    },
    spend(name, calls) {
      const bucket = buckets.get(name)
      if (bucket) bucket.calls -= calls
    },
  }
}
