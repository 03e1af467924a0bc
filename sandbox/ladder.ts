/** A notification with its sendings; one that somebody asked for, beside the ladder, has no rung. */
interface Climbing {
  sendings: readonly { at: number; rung?: number; acknowledged?: boolean }[]
  dropped: boolean
}

/** When a provider sends a notification again that nobody acknowledged. Rung 0 is the first sending; each later one follows a wait. */
export interface Ladder {
  /** The rung a notification stands before; undefined once it goes out no more. */
  nextRung(record: Climbing): number | undefined
  /** Milliseconds before a rung, on the scaled clock: none before the first. */
  waitBefore(rung: number, retryScale: number): number
  isLast(rung: number): boolean
  /** When it goes out again; `notBegun` where it has not gone out yet, undefined where it does no more. */
  nextSendingAt(record: Climbing, retryScale: number, notBegun?: number): number | undefined
}

/** The ladder of a rail, by the waits between its rungs in milliseconds. */
export function createLadder(waitsMs: readonly number[]): Ladder {
  const nextRung = ({ sendings, dropped }: Climbing) => {
    const climbed = sendings.filter((sending) => sending.rung !== undefined).length
    const over = dropped || climbed > waitsMs.length || sendings.some((sending) => sending.acknowledged)
    return over ? undefined : climbed
  }
  const waitBefore = (rung: number, retryScale: number) =>
    rung === 0 ? 0 : (waitsMs[rung - 1] ?? 0) * retryScale
  return {
    nextRung,
    waitBefore,
    isLast: (rung) => rung >= waitsMs.length,
    nextSendingAt: (record, retryScale, notBegun) => {
      const rung = nextRung(record)
      if (rung === undefined) return undefined
      const last = record.sendings.findLast((sending) => sending.rung !== undefined)
      return last ? last.at + waitBefore(rung, retryScale) : notBegun
    },
  }
}
