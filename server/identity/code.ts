import { createHmac, hkdfSync, randomInt, timingSafeEqual } from 'node:crypto'
import { never, type Refusal, refuse } from '../platform/error.ts'
import { identityErrors } from './errors.ts'

/** What a code proves. `register` and `log-in` are the same code: proof of a phone, used as the account's existence asks. */
export type CodePurpose = 'log-in' | 'payer' | 'bind-line' | 'set-email' | 'change-phone' | 'new-phone'

export const CODE_VALID_MS = 10 * 60_000
/** Wrong codes in a row before the code dies and the address rests for 10 minutes. */
export const MAX_TRIES = 5
/** Wrong codes in a row, over all codes ever, before no code is taken any more (NIST SP 800-63B, 3.2.2). */
export const MAX_FAILURES = 100

/** The newest code of one purpose to one address. `hash` is null once it has ended. */
export interface Code {
  readonly id: string
  readonly hash: Buffer | null
  readonly askedBy: string | null
  readonly expiresAtMs: number
  readonly ended: 'spent' | 'tries-used-up' | null
}

/**
 * Wrong codes in a row. `tries` starts again 10 minutes after the last wrong one: by then every code that was guessed at
 * has expired, so no code ever gets more than 5. A new code changes nothing; only a right one does.
 */
export interface GuessCounter {
  readonly failures: number
  readonly tries: number
  readonly lastFailedAtMs: number
}

export const NO_GUESSES: GuessCounter = { failures: 0, tries: 0, lastFailedAtMs: 0 }

/** What became of a code that was handed in. Everything but `right` is shown by `codeRefusal`, after the commit. */
export type CodeOutcome =
  | { readonly is: 'right' }
  | { readonly is: 'wrong'; readonly triesLeft: number }
  | { readonly is: 'tries-used-up'; readonly retryAfterSeconds: number }
  | { readonly is: 'locked' }
  | { readonly is: 'expired' }
  | { readonly is: 'spent' }

export type CodeFault = Exclude<CodeOutcome, { is: 'right' }>

/** Why no code is sent to or taken from an address at the moment, if so. */
export function closedFor(counter: GuessCounter, nowMs: number): CodeFault | null {
  if (counter.failures >= MAX_FAILURES) return { is: 'locked' }
  if (triesUsed(counter, nowMs) < MAX_TRIES) return null
  return {
    is: 'tries-used-up',
    retryAfterSeconds: Math.ceil((counter.lastFailedAtMs + CODE_VALID_MS - nowMs) / 1000),
  }
}

function triesUsed(counter: GuessCounter, nowMs: number): number {
  return nowMs < counter.lastFailedAtMs + CODE_VALID_MS ? counter.tries : 0
}

/** The outcome of handing in a code. `matches` is asked only when a live code may still be tried. */
export function judge(
  code: Code | null,
  counter: GuessCounter,
  asker: string | null,
  matches: (hash: Buffer) => boolean,
  nowMs: number,
): { readonly outcome: CodeOutcome; readonly counter: GuessCounter } {
  const closed = closedFor(counter, nowMs)
  if (closed) return { outcome: closed, counter }
  if (!code || nowMs >= code.expiresAtMs || (code.askedBy !== null && code.askedBy !== asker)) {
    return { outcome: { is: 'expired' }, counter }
  }
  if (code.hash === null) return { outcome: { is: 'spent' }, counter }
  if (matches(code.hash)) return { outcome: { is: 'right' }, counter }
  const failed = {
    failures: counter.failures + 1,
    tries: triesUsed(counter, nowMs) + 1,
    lastFailedAtMs: nowMs,
  }
  const outcome = closedFor(failed, nowMs) ?? { is: 'wrong', triesLeft: MAX_TRIES - failed.tries }
  return { outcome, counter: failed }
}

export function codeRefusal(fault: CodeFault): Refusal {
  switch (fault.is) {
    case 'wrong':
      return refuse(identityErrors['code-wrong'], { triesLeft: fault.triesLeft })
    case 'tries-used-up':
      return refuse(identityErrors['code-tries-used-up'], { retryAfterSeconds: fault.retryAfterSeconds })
    case 'locked':
      return refuse(identityErrors['account-locked'])
    case 'expired':
      return refuse(identityErrors['code-expired'])
    case 'spent':
      return refuse(identityErrors['code-spent'])
    default:
      return never(fault)
  }
}

/** Six digits, each equally likely. */
export function newCode(): string {
  return randomInt(1_000_000).toString().padStart(6, '0')
}

/** Keyed, because a million plain hashes are tried in a moment; bound to the row, so that a hash copied elsewhere opens nothing. */
export function codeHash(
  key: Buffer,
  code: string,
  row: {
    readonly brand: string
    readonly purpose: CodePurpose
    readonly address: string
    readonly id: string
  },
): Buffer {
  const bound = [row.brand, row.purpose, row.address, row.id, code].join('\n')
  return createHmac('sha256', key).update(bound).digest()
}

export function sameHash(a: Buffer, b: Buffer): boolean {
  return a.length === b.length && timingSafeEqual(a, b)
}

/** A key of this room's own for one use, from the 32-byte master key (HKDF-SHA-256, RFC 5869). */
export function derivedKey(masterKey: Buffer, use: string): Buffer {
  return Buffer.from(hkdfSync('sha256', masterKey, Buffer.alloc(0), `baohao/identity/${use}`, 32))
}
