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
  /**
   * Adopts an offset read from the database. One below the current is an answer that a later advance overtook, and
   * moves nothing.
   */
  setOffset(brand: string, offsetMs: number): void
}

export function createClock(now: () => number = Date.now): Clock {
  const offsetsMs = new Map<string, number>()
  return {
    instant: now,
    business: (brand) => now() + (offsetsMs.get(brand) ?? 0),
    setOffset(brand, offsetMs) {
      offsetsMs.set(brand, Math.max(offsetMs, offsetsMs.get(brand) ?? 0))
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

const INSTANT = /^(\d{4}-\d\d-\d\d)T\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/

/** RFC 3339 text, with its zone, to milliseconds; throws on anything else, also on days that no month has. */
export function parseInstant(text: string): number {
  const day = INSTANT.exec(text)?.[1]
  const instantMs = day === undefined ? Number.NaN : Date.parse(text)
  if (Number.isNaN(instantMs) || !isoInstant(Date.parse(`${day}T00:00:00Z`)).startsWith(`${day}T`))
    throw new Error(`not an instant: ${text}`)
  return instantMs
}
