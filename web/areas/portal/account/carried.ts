import type { HistoryState } from '@tanstack/react-router'

declare module '@tanstack/react-router' {
  interface HistoryState {
    /** What was typed at the log-in and is good at the registration too, or the other way round; never in an address. */
    carried?: Carried
  }
}

export interface Carried {
  /** Digits as dialled. */
  readonly number: string
  readonly code: string
}

export function carriedIn(state: HistoryState): Carried {
  return state.carried ?? { number: '', code: '' }
}
