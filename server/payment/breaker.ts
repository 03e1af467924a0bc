/**
 * Opens when a rail has not answered several calls in a row, so that the next payers are told at once to take another way
 * instead of waiting for a time-out. After a rest one call is let through to try it. In memory: each process learns by itself.
 */
export interface Breaker {
  /** Whether a call may be made now; while open, true once per rest. */
  mayCall(rail: string, nowMs: number): boolean
  /** Whether people are to be offered the rail now. */
  isOpen(rail: string, nowMs: number): boolean
  answered(rail: string): void
  unanswered(rail: string, nowMs: number): void
}

/** One merchant's rail, as the breaker knows it. */
export function railName(brand: string, provider: string, merchant: string): string {
  return `${brand} ${provider} ${merchant}`
}

const UNANSWERED_TO_OPEN = 5
const REST_MS = 30_000

interface State {
  unanswered: number
  /** Until when nobody calls; null: closed. */
  restsUntilMs: number | null
}

export function createBreaker(): Breaker {
  const states = new Map<string, State>()
  return {
    mayCall(rail, nowMs) {
      const state = states.get(rail)
      if (!state || state.restsUntilMs === null) return true
      if (nowMs < state.restsUntilMs) return false
      state.restsUntilMs = nowMs + REST_MS
      return true
    },
    isOpen(rail, nowMs) {
      const until = states.get(rail)?.restsUntilMs ?? null
      return until !== null && nowMs < until
    },
    answered(rail) {
      states.delete(rail)
    },
    unanswered(rail, nowMs) {
      const state = states.get(rail) ?? { unanswered: 0, restsUntilMs: null }
      state.unanswered += 1
      if (state.unanswered >= UNANSWERED_TO_OPEN) state.restsUntilMs = nowMs + REST_MS
      states.set(rail, state)
    },
  }
}
