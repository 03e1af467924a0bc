import type { Clock } from '../platform/clock.ts'

/** How long to keep away from a place that failed or asked for a pause. */
export interface Setback {
  /** Waits longer than last time; strikes during a wait count as one, because a window's worth of them come together. */
  strike(): void
  /** It works again: the next strike begins anew. */
  clear(): void
  /** 0 when there is nothing to wait for. */
  remainingMs(): number
}

const FIRST_MS = 1_000
const LONGEST_MS = 60_000

/** Doubles from one second to a minute; each wait is between half and all of that, so that senders do not return together. */
export function createSetback(clock: Clock, random: () => number = Math.random): Setback {
  let strikes = 0
  let untilMs = 0
  const remainingMs = () => Math.max(0, untilMs - clock.instant())
  return {
    strike() {
      if (remainingMs() > 0) return
      const fullMs = Math.min(LONGEST_MS, FIRST_MS * 2 ** strikes)
      strikes = Math.min(strikes + 1, 16)
      untilMs = clock.instant() + fullMs * (0.5 + random() / 2)
    },
    clear() {
      strikes = 0
    },
    remainingMs,
  }
}
