import { hash, verify } from '@node-rs/argon2'
import { refuse } from '../platform/error.ts'
import { identityErrors } from './errors.ts'
import { isCommonPassword } from './password-blocklist.ts'

/** Argon2id as OWASP's Password Storage Cheat Sheet asks at least: 19 MiB, two passes, one lane. */
const ARGON2 = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const
const MIN_LENGTH = 15

/** Each hash takes 19 MiB and tens of milliseconds of a core: two at a time leave the thread pool to others. */
const SLOTS = 2
const MAX_WAITING = 64

/**
 * A hash of no password anybody has: checked against when a name is unknown or has no password, so that the answer takes
 * as long as for one that has.
 */
const NOBODYS_HASH =
  '$argon2id$v=19$m=19456,t=2,p=1$gGjKEJ4qPq+P8FQBGvTegQ$iSdAegDWTPEmM1M6TVBpMEUaUFYpeE5DK36byT7W4co'

export interface Passwords {
  hash(password: string): Promise<string>
  /** `stored` null: the name is unknown or has no password; takes as long and is false. Throws `log-in-busy`. */
  verify(stored: string | null, password: string): Promise<boolean>
}

export function createPasswords(): Passwords {
  let running = 0
  const waiting: (() => void)[] = []

  async function inSlot<T>(work: () => Promise<T>): Promise<T> {
    if (running >= SLOTS) {
      if (waiting.length >= MAX_WAITING) {
        throw refuse(identityErrors['log-in-busy'], { retryAfterSeconds: 2 })
      }
      await new Promise<void>((resolve) => waiting.push(resolve))
    } else running++
    try {
      return await work()
    } finally {
      // The slot is handed over, not freed, so that nobody slips in between.
      const next = waiting.shift()
      if (next) next()
      else running--
    }
  }

  return {
    hash: (password) => inSlot(() => hash(normalized(password), ARGON2)),
    verify: (stored, password) =>
      inSlot(async () => {
        const same = await verify(stored ?? NOBODYS_HASH, normalized(password))
        return same && stored !== null
      }),
  }
}

/** Keyboards differ in how they compose characters; NFKC makes them agree (RFC 8265 4.2 and NIST SP 800-63B 3.1.1.2). */
function normalized(password: string): string {
  return password.normalize('NFKC')
}

/** Length and blocklist are all that is asked: no composition rules. `known` are words others would try for this person. */
export function checkNewPassword(password: string, known: readonly string[]): void {
  if ([...normalized(password)].length < MIN_LENGTH) throw refuse(identityErrors['password-too-short'])
  if (isCommonPassword(normalized(password), known)) throw refuse(identityErrors['password-common'])
}
