import type { Unknown } from '../../port.ts'
import type { SignedAnswer } from './client.ts'

/** WeChat Pay's own trouble, or a matter of time, under a status that would read as a refusal. */
const PASSING =
  /^(SYSTEM_?ERROR|BANK_?ERROR|FREQUENCY_LIMITED|RATELIMIT_EXCEEDED|FREQUENCY_LIMIT_EXCEED|USERPAYING|NOT_ENOUGH|NOTENOUGH)$/

/** A plain business no by its code; null for success and for whatever says nothing of the act. */
export function refusedFor({ status, code }: SignedAnswer): string | null {
  return status >= 400 && status < 500 && status !== 429 && code !== '' && !PASSING.test(code) ? code : null
}

export function unknownAnswer({ status, code }: SignedAnswer): Unknown {
  return { kind: 'unknown', reason: `HTTP ${status} ${code}`.trim() }
}
