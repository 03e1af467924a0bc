import { writeAudit } from '../platform/audit.ts'
import type { Tx } from '../platform/db.ts'
import type { Identities } from './deps.ts'
import { deleteGuessCounter, deleteSessionsOf, disableLogIn, guessSubject } from './store.ts'

/** An act of an operator on an account. */
export interface OperatorAct {
  /** `operator alice` */
  readonly actor: string
  readonly reason: string
}

/** Closes an account and ends its sessions at once. */
export async function endLogIn(
  tx: Tx,
  { clock }: Pick<Identities, 'clock'>,
  logIn: string,
  { actor, reason }: OperatorAct,
): Promise<void> {
  const nowMs = clock.instant()
  await disableLogIn(tx, logIn, nowMs)
  await deleteSessionsOf(tx, logIn, null)
  await writeAudit(tx, { actor, act: 'account disabled', subject: logIn, reason }, nowMs)
}

/** Lets codes open what a hundred wrong ones in a row have locked, once the holder was identified another way. */
export async function unlockAddress(
  tx: Tx,
  { clock }: Pick<Identities, 'clock'>,
  address: string,
  { actor, reason }: OperatorAct,
): Promise<void> {
  const subject = await guessSubject(tx, address)
  await deleteGuessCounter(tx, subject)
  await writeAudit(tx, { actor, act: 'codes unlocked', subject, reason }, clock.instant())
}
