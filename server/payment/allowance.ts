/** How many calls a second may go to each name: one second's worth at most, filling evenly. */
export interface Allowance {
  /** Whole calls that may be made now. */
  left(name: string, nowMs: number): number
  spend(name: string, calls: number): void
}

export function createAllowance(perSecond: number): Allowance {
  const unspent = new Map<string, { calls: number; atMs: number }>()
  return {
    left(name, nowMs) {
      const part = unspent.get(name) ?? { calls: perSecond, atMs: nowMs }
      unspent.set(name, part)
      part.calls = Math.min(perSecond, part.calls + ((nowMs - part.atMs) * perSecond) / 1_000)
      part.atMs = nowMs
      return Math.floor(part.calls)
    },
    spend(name, calls) {
      const part = unspent.get(name)
      if (part) part.calls -= calls
    },
  }
}
