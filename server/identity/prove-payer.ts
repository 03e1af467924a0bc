import type { ProvePayer } from '../../contract/session.ts'
import type { Brand } from '../brand/index.ts'
import { readPhone } from './address.ts'
import { type CodeFault, codeRefusal } from './code.ts'
import type { Identities } from './deps.ts'
import { type OpenedSession, openGuestSession, proveInSession } from './open-session.ts'
import type { Principal } from './principal.ts'
import { spendCode } from './spend-code.ts'

/** Proves the payer's phone for a session, for 10 minutes; opens a guest's session where there is none. */
export async function provePayer(
  identities: Identities,
  brand: Brand,
  { number, code }: ProvePayer,
  principal: Principal | null,
): Promise<OpenedSession> {
  const phone = readPhone(brand, number).text
  const nowMs = identities.clock.instant()
  const proved = await identities.db
    .of(brand.key)
    .tx(async (tx): Promise<OpenedSession | { fault: CodeFault }> => {
      const typed = { purpose: 'payer', address: phone, code, asker: null } as const
      const outcome = await spendCode(tx, identities, typed)
      if (outcome.is !== 'right') return { fault: outcome }
      const known = principal?.session ? await proveInSession(tx, principal.session, phone, nowMs) : null
      return known ?? (await openGuestSession(tx, phone, nowMs))
    })
  if ('fault' in proved) throw codeRefusal(proved.fault)
  return proved
}
