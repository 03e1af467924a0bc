import type { Brand } from '../brand/index.ts'
import { type Refusal, refuse } from '../platform/error.ts'
import { takePoints } from '../platform/rate-limit.ts'
import { readAddress } from './address.ts'
import type { Identities } from './deps.ts'
import { identityErrors } from './errors.ts'
import { type OpenedSession, type Opener, openLogInSession } from './open-session.ts'
import { readCaptcha } from './send-code.ts'
import { passwordLimits } from './send-limits.ts'
import { clearPasswordFailures, countPasswordTry, lockLogIn, logInByAddress, spendCaptcha } from './store.ts'

export interface PasswordLogIn {
  /** Phone number or e-mail address. */
  readonly name: string
  readonly password: string
  readonly captcha: string
}

/**
 * Logs in by password. An unknown name, one without a password, a disabled or locked account and a wrong password are
 * alike in text and time: each costs one Argon2 verification.
 */
export async function logInByPassword(
  identities: Identities,
  brand: Brand,
  { name, password, captcha }: PasswordLogIn,
  from: Opener & { readonly ip: string },
): Promise<OpenedSession> {
  const { clock, passwords } = identities
  const db = identities.db.of(brand.key)
  const address = readAddress(brand, name).text
  const solved = await readCaptcha(identities, brand, captcha)
  const counted = await db.tx(async (tx) => {
    if (!(await spendCaptcha(tx, solved.nonce, solved.notAfterMs))) {
      return refuse(identityErrors['captcha-spent'])
    }
    const limits = passwordLimits(identities.codeKey, brand.key, address, from.ip)
    const reached = await takePoints(tx, limits, clock.instant())
    if (reached) {
      return refuse(identityErrors['log-in-too-many'], { retryAfterSeconds: reached.retryAfterSeconds })
    }
    const known = await logInByAddress(tx, address)
    return { logIn: known && (await countPasswordTry(tx, known.id)) }
  })
  if (counted instanceof Error) throw counted
  const { logIn } = counted
  const right = await passwords.verify(logIn?.passwordHash ?? null, password)
  if (!logIn || !right) throw refuse(identityErrors['log-in-failed'])
  const opened = await db.tx(async (tx): Promise<OpenedSession | Refusal> => {
    const now = await lockLogIn(tx, logIn.id)
    // The password was changed or the account closed while this one was being checked.
    if (!now || now.disabled || now.passwordHash !== logIn.passwordHash) {
      return refuse(identityErrors['log-in-failed'])
    }
    await clearPasswordFailures(tx, logIn.id)
    const opening = { ...from, assurance: 'password', provedPhone: null } as const
    return await openLogInSession(tx, identities, now, opening, clock.instant())
  })
  if (opened instanceof Error) throw opened
  return opened
}
