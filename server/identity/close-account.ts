import type { CloseAccount } from '../../contract/session.ts'
import type { Brand } from '../brand/index.ts'
import { writeAudit } from '../platform/audit.ts'
import { type Refusal, refuse } from '../platform/error.ts'
import { emptyLogIn, endPhoneChange } from './account-store.ts'
import { enqueueChangeNotice } from './change-notice.ts'
import type { Identities } from './deps.ts'
import { identityErrors } from './errors.ts'
import { demandMaySet, phoneStillTheirs } from './log-in.ts'
import type { Principal } from './principal.ts'
import { accountOf, demandCurrent } from './set-password.ts'
import { deleteSessionsOf, lockLogIn } from './store.ts'

/**
 * Closes an account for its holder: phone, mailbox, name and password go, its lines are unbound, its sessions end. The row
 * stays, because orders and the terms' acceptance refer to it. Needs what a change of the password needs.
 * Throws `orders-open` while an order is not settled.
 */
export async function closeAccount(
  identities: Identities,
  brand: Brand,
  { current }: CloseAccount,
  principal: Principal,
): Promise<void> {
  const { clock, lineEpoch } = identities
  const db = identities.db.of(brand.key)
  const { session, logIn } = await accountOf(db, principal)
  const first = logIn.passwordHash === null
  await demandMaySet(db, { logIn, session, first }, lineEpoch, clock.instant())
  if (!first) await demandCurrent(identities, brand, logIn, current)
  const refusal = await db.tx(async (tx): Promise<Refusal | null> => {
    const nowMs = clock.instant()
    const before = await lockLogIn(tx, logIn.id)
    if (!before || before.disabled) return refuse(identityErrors['not-authenticated'])
    // A password was set or changed meanwhile; what was checked no longer holds.
    if (before.passwordHash !== logIn.passwordHash) return refuse(identityErrors['password-wrong'])
    if (await identities.hasOpenOrders(tx, logIn.id)) return refuse(identityErrors['orders-open'])
    const phonePassedOn = !(await phoneStillTheirs(tx, before, lineEpoch))
    const notice = { template: 'account-closed', before, phonePassedOn } as const
    enqueueChangeNotice(tx, identities, brand, notice, nowMs)
    await identities.letGo(tx, logIn.id)
    await endPhoneChange(tx, logIn.id, 'stopped', nowMs)
    await emptyLogIn(tx, logIn.id, nowMs)
    await deleteSessionsOf(tx, logIn.id, null)
    await writeAudit(
      tx,
      {
        actor: `log-in ${logIn.id}`,
        act: 'account closed',
        subject: logIn.id,
        reason: 'its holder wished it',
      },
      nowMs,
    )
    return null
  })
  if (refusal) throw refusal
}
