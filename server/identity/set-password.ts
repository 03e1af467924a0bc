import type { SetPassword } from '../../contract/session.ts'
import type { Brand } from '../brand/index.ts'
import { writeAudit } from '../platform/audit.ts'
import type { Reader } from '../platform/db.ts'
import { type Refusal, refuse } from '../platform/error.ts'
import { enqueueChangeNotice } from './change-notice.ts'
import type { Identities } from './deps.ts'
import { identityErrors } from './errors.ts'
import { demandMaySet, type LogIn } from './log-in.ts'
import { checkNewPassword } from './password.ts'
import type { Principal } from './principal.ts'
import type { Session } from './session.ts'
import {
  clearPasswordFailures,
  countPasswordTry,
  deleteSessionsOf,
  lockLogIn,
  logInById,
  sessionById,
  setPasswordHash,
} from './store.ts'

/** Sets the first password or changes it, ends the account's other sessions and tells its holder. */
export async function setPassword(
  identities: Identities,
  brand: Brand,
  { current, next }: SetPassword,
  principal: Principal,
): Promise<void> {
  const { clock, passwords, lineEpoch } = identities
  const db = identities.db.of(brand.key)
  const { session, logIn } = await accountOf(db, principal)
  const first = logIn.passwordHash === null
  await demandMaySet(db, { logIn, session, first }, lineEpoch, clock.instant())
  checkNewPassword(next, [...Object.values(brand.name), brand.key, logIn.phone ?? '', logIn.email ?? ''])
  if (!first) await demandCurrent(identities, brand, logIn, current)
  const passwordHash = await passwords.hash(next)
  const refusal = await db.tx(async (tx): Promise<Refusal | null> => {
    const nowMs = clock.instant()
    const now = await lockLogIn(tx, logIn.id)
    // Another change came first; what was checked no longer holds.
    if (now?.passwordHash !== logIn.passwordHash) return refuse(identityErrors['password-wrong'])
    await setPasswordHash(tx, logIn.id, passwordHash)
    await deleteSessionsOf(tx, logIn.id, session.id)
    const act = first ? 'password set' : 'password changed'
    await writeAudit(tx, { actor: `log-in ${logIn.id}`, act, subject: logIn.id }, nowMs)
    enqueueChangeNotice(tx, identities, brand, { template: 'password-changed', before: logIn }, nowMs)
    return null
  })
  if (refusal) throw refusal
}

/** The current password is asked for even in a session it opened: the browser may have been left alone (ASVS 6.2.3). */
export async function demandCurrent(
  identities: Identities,
  brand: Brand,
  logIn: LogIn,
  current: string | undefined,
): Promise<void> {
  if (current === undefined) throw refuse(identityErrors['password-wrong'])
  const db = identities.db.of(brand.key)
  const counted = await db.tx((tx) => countPasswordTry(tx, logIn.id))
  const right = await identities.passwords.verify(counted?.passwordHash ?? null, current)
  if (!right) throw refuse(identityErrors['password-wrong'])
  await db.tx((tx) => clearPasswordFailures(tx, logIn.id))
}

/** The session and account behind a log-in's request; either may have ended since the request began. */
export async function accountOf(
  db: Reader,
  principal: Principal,
): Promise<{ readonly session: Session; readonly logIn: LogIn }> {
  const [session, logIn] = await Promise.all([
    principal.session === null ? null : sessionById(db, principal.session),
    logInById(db, principal.id),
  ])
  if (!session || !logIn || logIn.disabled) throw refuse(identityErrors['not-authenticated'])
  return { session, logIn }
}
