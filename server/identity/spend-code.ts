import type { Tx } from '../platform/db.ts'
import { type CodeOutcome, type CodePurpose, codeHash, judge, sameHash } from './code.ts'
import type { Identities } from './deps.ts'
import {
  deleteGuessCounter,
  endCode,
  guessSubject,
  lockCode,
  lockGuessCounter,
  writeGuessCounter,
} from './store.ts'

/** A code as a person typed it. */
export interface TypedCode {
  readonly purpose: CodePurpose
  /** E.164 digits or a lower-case e-mail address. */
  readonly address: string
  readonly code: string
  /** The log-in that hands it in: `bind-line` and `set-email` codes work only for the one that asked. */
  readonly asker: string | null
}

/**
 * Judges a code and counts a wrong one; a right one stays usable. The caller must commit whatever the outcome, or wrong
 * guesses would be free: return the outcome from the transaction, and throw `codeRefusal(outcome)` after it.
 */
export async function checkCode(
  tx: Tx,
  identities: Pick<Identities, 'clock' | 'codeKey'>,
  typed: TypedCode,
): Promise<CodeOutcome> {
  const nowMs = identities.clock.instant()
  const code = await lockCode(tx, typed.purpose, typed.address)
  // Nothing was sent, so there is nothing to guess at; and no row is made for addresses that anybody may make up.
  if (!code) return { is: 'expired' }
  const subject = await guessSubject(tx, typed.address)
  const before = await lockGuessCounter(tx, subject)
  const matches = (hash: Buffer) =>
    sameHash(hash, codeHash(identities.codeKey, typed.code, { ...typed, brand: tx.brand, id: code.id }))
  const { outcome, counter } = judge(code, before, typed.asker, matches, nowMs)
  if (counter !== before) await writeGuessCounter(tx, subject, counter)
  if (outcome.is === 'tries-used-up' || outcome.is === 'locked') {
    await endCode(tx, typed.purpose, typed.address, 'tries-used-up')
  }
  return outcome
}

/** Ends a code that `checkCode` called right in this transaction, and with it the count of wrong ones before it. */
export async function markSpent(tx: Tx, typed: Omit<TypedCode, 'code' | 'asker'>): Promise<void> {
  await endCode(tx, typed.purpose, typed.address, 'spent')
  await deleteGuessCounter(tx, await guessSubject(tx, typed.address))
}

/** `checkCode`, and a right one is spent. */
export async function spendCode(
  tx: Tx,
  identities: Pick<Identities, 'clock' | 'codeKey'>,
  typed: TypedCode,
): Promise<CodeOutcome> {
  const outcome = await checkCode(tx, identities, typed)
  if (outcome.is === 'right') await markSpent(tx, typed)
  return outcome
}
