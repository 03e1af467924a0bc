import { isoInstant, parseInstant } from '../../../platform/clock.ts'

const OFFSET_MS = 8 * 3_600_000

/** An instant as Alipay writes times: `2026-11-22 14:00:05`, always GMT+8, fractions of a second cut off. */
export function chinaTime(instantMs: number): string {
  return isoInstant(instantMs + OFFSET_MS)
    .slice(0, 19)
    .replace('T', ' ')
}

/** The instant of such a text, with or without milliseconds behind it; null when it is not one. */
export function parseChinaTime(text: unknown): number | null {
  if (typeof text !== 'string' || !/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{1,3})?$/.test(text)) return null
  const whole = text.slice(0, 19)
  try {
    const instantMs = parseInstant(`${whole.replace(' ', 'T')}+08:00`)
    return chinaTime(instantMs) === whole ? instantMs : null
  } catch {
    return null
  }
}
