import type { SetEmail } from '../../contract/session.ts'
import type { Brand } from '../brand/index.ts'
import { writeAudit } from '../platform/audit.ts'
import { brokenConstraint } from '../platform/db.ts'
import { type Refusal, refuse } from '../platform/error.ts'
import { maskEmail, readEmail } from './address.ts'
import { enqueueChangeNotice } from './change-notice.ts'
import { codeRefusal } from './code.ts'
import type { Identities } from './deps.ts'
import { identityErrors } from './errors.ts'
import { demandMaySet } from './log-in.ts'
import type { Principal } from './principal.ts'
import { accountOf } from './set-password.ts'
import { spendCode } from './spend-code.ts'
import { deleteSessionsOf, lockLogIn, storeEmail } from './store.ts'

/** Sets the account's first e-mail address or changes it; the code went to the new one. */
export async function setEmail(
  identities: Identities,
  brand: Brand,
  request: SetEmail,
  principal: Principal,
): Promise<void> {
  const email = readEmail(request.email).text
  try {
    const refusal = await storeProved(identities, brand, { email, code: request.code }, principal)
    if (refusal) throw refusal
  } catch (error) {
    // Told only to who has just read a code in that mailbox.
    if (brokenConstraint(error) === 'log_in_email_key') throw refuse(identityErrors['email-taken'])
    throw error
  }
}

async function storeProved(
  identities: Identities,
  brand: Brand,
  { email, code }: SetEmail,
  principal: Principal,
): Promise<Refusal | null> {
  const { clock, lineEpoch } = identities
  return await identities.db.of(brand.key).tx(async (tx) => {
    const nowMs = clock.instant()
    const { session, logIn } = await accountOf(tx, principal)
    await demandMaySet(tx, { logIn, session, first: logIn.email === null }, lineEpoch, nowMs)
    const typed = { purpose: 'set-email', address: email, code, asker: logIn.id } as const
    const outcome = await spendCode(tx, identities, typed)
    if (outcome.is !== 'right') return codeRefusal(outcome)
    const before = await lockLogIn(tx, logIn.id)
    // A second request of the same kind came first; what was allowed may not be so any more.
    if (before?.email !== logIn.email) return refuse(identityErrors['code-spent'])
    await storeEmail(tx, logIn.id, email, nowMs)
    if (before.email !== null) await deleteSessionsOf(tx, logIn.id, session.id)
    await writeAudit(
      tx,
      {
        actor: `log-in ${logIn.id}`,
        act: before.email === null ? 'e-mail set' : 'e-mail changed',
        subject: logIn.id,
        detail: { email: maskEmail(email) },
      },
      nowMs,
    )
    enqueueChangeNotice(tx, identities, brand, { template: 'email-changed', before }, nowMs)
    return null
  })
}
