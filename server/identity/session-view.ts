import type { SessionView } from '../../contract/session.ts'
import { type Brand, maskNumber } from '../brand/index.ts'
import { isoInstant } from '../platform/clock.ts'
import type { Reader } from '../platform/db.ts'
import type { Principal } from './principal.ts'
import { logInById } from './store.ts'

/** A session as the browser may see it: its holder's number whole, a guest's masked. */
export async function viewSession(
  db: Reader,
  brand: Brand,
  principal: Principal | null,
): Promise<SessionView> {
  if (!principal || principal.kind === 'api-key') {
    return {
      kind: 'none',
      assurance: null,
      msisdn: null,
      email: null,
      hasPassword: false,
      payerVerifiedUntil: null,
    }
  }
  const { kind, assurance, payer } = principal
  const payerVerifiedUntil = payer && isoInstant(payer.verifiedUntilMs)
  if (kind === 'guest') {
    const msisdn = payer && maskNumber(brand, payer.msisdn)
    return { kind, assurance, msisdn, email: null, hasPassword: false, payerVerifiedUntil }
  }
  const logIn = await logInById(db, principal.id)
  return {
    kind,
    assurance,
    msisdn: logIn?.phone ?? null,
    email: logIn?.email ?? null,
    hasPassword: (logIn?.passwordHash ?? null) !== null,
    payerVerifiedUntil,
  }
}
