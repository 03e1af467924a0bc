import { randomInt } from 'node:crypto'
import type { Clock } from '../clock.ts'

/** What happens when a merchant charges the code: taken at once, after the payer's password, or not for want of money. */
export type PayerWish = 'at-once' | 'password' | 'poor'

export const payerWishes: readonly PayerWish[] = ['at-once', 'password', 'poor']

/** A code as the wallet shows it. */
export interface PayerCode {
  code: string
  wish: PayerWish
  expiresAt: number
  /** A code is good for one charge. */
  used: boolean
  /** The trade it was charged with. */
  cashierId?: string
}

/** The codes that wallets show at counters. They live a minute and are kept by nobody: a restart forgets them. */
export interface PayerCodes {
  issue(wish: PayerWish): PayerCode
  find(code: string): PayerCode | undefined
  /** The code, once, while it lives: it is used up from this moment. */
  charge(code: string): PayerCode | undefined
}

const lifeMs = 60_000
/** How long the page may still ask what became of a code. */
const rememberMs = 15 * 60_000

export function createPayerCodes(clock: Clock): PayerCodes {
  const codes = new Map<string, PayerCode>()
  return {
    issue: (wish) => {
      // 18 digits; the first two say whose wallet it is: Alipay's begin with 25 to 30.
      const code = `28${Array.from({ length: 16 }, () => randomInt(10)).join('')}`
      const issued = { code, wish, expiresAt: clock.now() + lifeMs, used: false }
      codes.set(code, issued)
      clock.after(rememberMs, () => codes.delete(code))
      return issued
    },
    find: (code) => codes.get(code),
    charge: (code) => {
      const found = codes.get(code)
      if (!found || found.used || found.expiresAt <= clock.now()) return undefined
      found.used = true
      return found
    },
  }
}
