/**
 * The two clocks of the house, injected everywhere; nothing else reads the machine's time.
 *
 * `instant()` is real time in milliseconds since 1970-01-01T00:00Z: sessions, codes, signatures, provider
 * windows, rate limits, time-outs, created_at and ids.
 * `business(brand)` is the instant plus the brand's offset: validity, event_at, prices by date, reminders
 * and receipts. The offset moves forward only, in demo and test, and lives in `platform.setting`.
 */
export interface Clock {
  instant(): number
  business(brand: string): number
  /** Adopts an offset read from the database. An offset below the current one is refused. */
  setOffset(brand: string, offsetMs: number): void
}

export function createClock(now: () => number = Date.now): Clock {
  const offsetsMs = new Map<string, number>()
  return {
    instant: now,
    business: (brand) => now() + (offsetsMs.get(brand) ?? 0),
    setOffset(brand, offsetMs) {
      if (offsetMs < (offsetsMs.get(brand) ?? 0))
        throw new Error(`the business clock of ${brand} moves forward only`)
      offsetsMs.set(brand, offsetMs)
    },
  }
}

/** Monotonic milliseconds for measuring how long something took. */
export function monotonicMs(): number {
  return performance.now()
}

/** Milliseconds to the text PostgreSQL and JSON read as a timestamp: `2026-11-22T15:23:08.123Z`. */
export function isoInstant(instantMs: number): string {
  return new Date(instantMs).toISOString()
}

/** ISO 8601 text with a zone to milliseconds; throws on anything else. */
export function parseInstant(text: string): number {
  const instantMs = Date.parse(text)
  if (Number.isNaN(instantMs)) throw new Error(`not an instant: ${text}`)
  return instantMs
}
