import type { Clock } from '../clock.ts'
import { newPayerCode } from './numbers.ts'

/** A code lives one minute and pays once; a restart forgets them all, as a wallet that is opened again. */
const lifeMs = 60_000

/** The codes the wallet shows at counters. */
export interface PayerCodes {
  issue(): { code: string; expiresAt: number }
  /** Uses the code up. */
  take(code: string): 'good' | 'expired' | 'unknown'
}

export function createPayerCodes(clock: Clock): PayerCodes {
  const expiry = new Map<string, number>()
  return {
    issue: () => {
      const code = newPayerCode()
      const expiresAt = clock.now() + lifeMs
      expiry.set(code, expiresAt)
      return { code, expiresAt }
    },
    take: (code) => {
      const expiresAt = expiry.get(code)
      if (expiresAt === undefined) return 'unknown'
      if (expiresAt <= clock.now()) return 'expired'
      expiry.delete(code)
      return 'good'
    },
  }
}
