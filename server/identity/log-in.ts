import type { Reader } from '../platform/db.ts'
import { refuse } from '../platform/error.ts'
import { identityErrors } from './errors.ts'
import { reaches } from './principal.ts'
import { isFresh, type Session } from './session.ts'

/** A person's account. It may manage lines it does not own; which ones is the line room's to know. */
export interface LogIn {
  readonly id: string
  /** E.164 digits, proved by a code. */
  readonly phone: string | null
  /** Ownership epoch of the phone's line when it was proved; null when it was no line of the brand. */
  readonly phoneEpoch: number | null
  /** Lower case, proved by a code. */
  readonly email: string | null
  readonly passwordHash: string | null
  readonly locale: 'zh-CN' | 'en'
  readonly disabled: boolean
  /** What its holder wishes to be called. */
  readonly displayName: string | null
  readonly createdAtMs: number
  /** Since when the e-mail address is the account's. */
  readonly emailSinceMs: number | null
}

/** The ownership epoch of the line with this number now; null when the brand has no such line. Supplied by the line room. */
export type LineEpoch = (db: Reader, msisdn: string) => Promise<number | null>

/** False once the number has passed to somebody else: codes sent to it speak for another person than the account's. */
export async function phoneStillTheirs(db: Reader, logIn: LogIn, lineEpoch: LineEpoch): Promise<boolean> {
  return logIn.phone !== null && (await lineEpoch(db, logIn.phone)) === logIn.phoneEpoch
}

/**
 * Whether a session may set what opens the account from now on. A first one: in an `sms` session under 10 minutes old
 * whose number is still the account's; a change: only in a session of password or strong. Throws otherwise.
 */
export async function demandMaySet(
  db: Reader,
  what: { readonly logIn: LogIn; readonly session: Session; readonly first: boolean },
  lineEpoch: LineEpoch,
  nowMs: number,
): Promise<void> {
  const { logIn, session, first } = what
  if (reaches(session.assurance, 'password')) return
  if (!first) throw refuse(identityErrors['assurance-too-low'], { needed: 'password' })
  if (!isFresh(session, nowMs)) throw refuse(identityErrors['session-too-old'])
  if (!(await phoneStillTheirs(db, logIn, lineEpoch))) throw refuse(identityErrors['epoch-changed'])
}
