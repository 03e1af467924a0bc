import type { Brand } from '../brand/index.ts'
import { writeAudit } from '../platform/audit.ts'
import type { Tx } from '../platform/db.ts'
import { refuse } from '../platform/error.ts'
import { duePhoneChanges, endPhoneChange, openPhoneChange } from './account-store.ts'
import { enqueueChangeNotice } from './change-notice.ts'
import { takePhone } from './change-phone.ts'
import type { Identities } from './deps.ts'
import { identityErrors } from './errors.ts'
import { phoneStillTheirs } from './log-in.ts'
import type { PhoneChange } from './phone-change.ts'
import type { Principal } from './principal.ts'
import { accountOf } from './set-password.ts'
import { deleteSessionsOf, lockLogIn, logInByAddress } from './store.ts'

/**
 * Stops the change that waits. Any session of the account may, the one opened by a code to the old phone above all; the
 * others end, for whoever asked may be in one of them. Throws `phone-change-missing`.
 */
export async function stopPhoneChange(
  identities: Identities,
  brand: Brand,
  principal: Principal,
): Promise<void> {
  await identities.db.of(brand.key).tx(async (tx) => {
    const nowMs = identities.clock.instant()
    const { session } = await accountOf(tx, principal)
    const before = await lockLogIn(tx, principal.id)
    if (!before || !(await endPhoneChange(tx, before.id, 'stopped', nowMs))) {
      throw refuse(identityErrors['phone-change-missing'])
    }
    await deleteSessionsOf(tx, before.id, session.id)
    const actor = `log-in ${before.id}`
    await writeAudit(tx, { actor, act: 'phone change stopped', subject: before.id }, nowMs)
    const phonePassedOn = !(await phoneStillTheirs(tx, before, identities.lineEpoch))
    const notice = { template: 'phone-change-stopped', before, phonePassedOn } as const
    enqueueChangeNotice(tx, identities, brand, notice, nowMs)
  })
}

/** Carries out the changes that are due, each in a transaction of its own; answers how many were. */
export async function carryOutPhoneChanges(identities: Identities, brand: Brand): Promise<number> {
  const db = identities.db.of(brand.key)
  const due = await duePhoneChanges(db, identities.clock.instant())
  let done = 0
  for (const logIn of due) {
    if (await db.tx((tx) => carryOut(tx, identities, brand, logIn))) done++
  }
  return done
}

/** False when it was stopped or carried out meanwhile, or can no longer be. */
async function carryOut(tx: Tx, identities: Identities, brand: Brand, logIn: string): Promise<boolean> {
  const nowMs = identities.clock.instant()
  const before = await lockLogIn(tx, logIn)
  const change = await openPhoneChange(tx, logIn)
  if (!before || !change || nowMs < change.dueAtMs) return false
  const lapsed = before.disabled || (await isSomebodyElses(tx, identities, change))
  await endPhoneChange(tx, logIn, lapsed ? 'lapsed' : 'done', nowMs)
  if (lapsed) return false
  await takePhone(tx, identities, brand, { before, phone: change.phone, epoch: change.epoch, keep: null })
  return true
}

/** Since a code proved it the number has passed on, or become the phone of another account. */
async function isSomebodyElses(
  tx: Tx,
  { lineEpoch }: Pick<Identities, 'lineEpoch'>,
  { logIn, phone, epoch }: PhoneChange,
): Promise<boolean> {
  if ((await lineEpoch(tx, phone)) !== epoch) return true
  const holder = await logInByAddress(tx, phone)
  return holder !== null && holder.id !== logIn && (await phoneStillTheirs(tx, holder, lineEpoch))
}
