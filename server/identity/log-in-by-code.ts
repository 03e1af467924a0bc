import type { Brand } from '../brand/index.ts'
import type { Tx } from '../platform/db.ts'
import { type Refusal, refuse } from '../platform/error.ts'
import type { Address } from './address.ts'
import { codeRefusal } from './code.ts'
import type { Identities } from './deps.ts'
import { identityErrors } from './errors.ts'
import { type LogIn, phoneStillTheirs } from './log-in.ts'
import { type OpenedSession, type Opener, openLogInSession } from './open-session.ts'
import { checkCode, markSpent } from './spend-code.ts'
import { clearPasswordFailures, logInByAddress } from './store.ts'

/**
 * Logs in by a code to the phone or the e-mail address. Whether an account is there is told only to who has a right code;
 * that code then stays usable, for a registration.
 */
export async function logInByCode(
  identities: Identities,
  brand: Brand,
  { address, code }: { readonly address: Address; readonly code: string },
  opener: Opener,
): Promise<OpenedSession> {
  const typed = { purpose: 'log-in', address: address.text, code, asker: null } as const
  const opened = await identities.db.of(brand.key).tx(async (tx): Promise<OpenedSession | Refusal> => {
    const outcome = await checkCode(tx, identities, typed)
    if (outcome.is !== 'right') return codeRefusal(outcome)
    const logIn = await holderOf(tx, identities, address)
    if (!logIn) return refuse(identityErrors['not-registered'])
    await markSpent(tx, typed)
    if (logIn.disabled) return refuse(identityErrors['log-in-disabled'])
    await clearPasswordFailures(tx, logIn.id)
    const provedPhone = address.channel === 'sms' ? address.text : null
    const opening = { ...opener, assurance: 'sms', provedPhone } as const
    return await openLogInSession(tx, identities, logIn, opening, identities.clock.instant())
  })
  if (opened instanceof Error) throw opened
  return opened
}

/** The account that speaks for an address; null when the phone has passed to somebody else, who has none. */
export async function holderOf(
  tx: Tx,
  identities: Pick<Identities, 'lineEpoch'>,
  address: Address,
): Promise<LogIn | null> {
  const logIn = await logInByAddress(tx, address.text)
  if (!logIn || address.channel === 'email') return logIn
  return (await phoneStillTheirs(tx, logIn, identities.lineEpoch)) ? logIn : null
}
