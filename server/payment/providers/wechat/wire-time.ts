import { isoInstant, parseInstant } from '../../../platform/clock.ts'

const OFFSET_MS = 8 * 3_600_000

/** An instant as API v3 writes times, in GMT+8: `2026-11-22T14:00:05+08:00`; fractions of a second are cut off. */
export function wireTime(instantMs: number): string {
  return `${isoInstant(instantMs + OFFSET_MS).slice(0, 19)}+08:00`
}

/** The instant of an RFC 3339 text; null when it is not one. */
export function parseWireTime(text: unknown): number | null {
  if (typeof text !== 'string') return null
  try {
    return parseInstant(text)
  } catch {
    return null
  }
}
