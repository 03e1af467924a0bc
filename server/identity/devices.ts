import { idFromWire, idToWire } from '../../contract/id.ts'
import type { DevicesView } from '../../contract/session.ts'
import type { Brand } from '../brand/index.ts'
import { writeAudit } from '../platform/audit.ts'
import { isoInstant } from '../platform/clock.ts'
import { refuse } from '../platform/error.ts'
import { deleteSessionOf, sessionsOf } from './account-store.ts'
import type { Identities } from './deps.ts'
import { identityErrors } from './errors.ts'
import type { Principal } from './principal.ts'
import { SESSION_LIMITS } from './session.ts'
import { deleteSessionsOf } from './store.ts'

type Deps = Pick<Identities, 'db' | 'clock'>

/** The browsers signed in to an account: this one first, then by when they were last seen. */
export async function viewDevices(
  { db, clock }: Deps,
  brand: Brand,
  principal: Principal,
): Promise<DevicesView> {
  const nowMs = clock.instant()
  const seenAfterMs = nowMs - SESSION_LIMITS.login.idleMs
  const sessions = await sessionsOf(db.of(brand.key), principal.id, { nowMs, seenAfterMs })
  const isThis = (id: string) => id === principal.session
  const inOrder = [...sessions].sort((a, b) => Number(isThis(b.id)) - Number(isThis(a.id)))
  return {
    sessions: inOrder.map(({ id, browser, system, assurance, openedAtMs, seenAtMs }) => ({
      id: idToWire(id),
      current: isThis(id),
      ...{ browser, system, assurance },
      openedAt: isoInstant(openedAtMs),
      seenAt: isoInstant(seenAtMs),
    })),
  }
}

/** Signs one browser out. Throws `session-missing` for what is no session of this account. */
export async function endDevice(
  { db, clock }: Deps,
  brand: Brand,
  principal: Principal,
  wireId: string,
): Promise<void> {
  const id = idFromWire(wireId)
  await db.of(brand.key).tx(async (tx) => {
    if (id === null || !(await deleteSessionOf(tx, principal.id, id))) {
      throw refuse(identityErrors['session-missing'])
    }
    const actor = `log-in ${principal.id}`
    await writeAudit(tx, { actor, act: 'session ended', subject: id }, clock.instant())
  })
}

/** Signs every browser out but the one that asks. */
export async function endOtherDevices(
  { db, clock }: Deps,
  brand: Brand,
  principal: Principal,
): Promise<void> {
  await db.of(brand.key).tx(async (tx) => {
    await deleteSessionsOf(tx, principal.id, principal.session)
    const actor = `log-in ${principal.id}`
    await writeAudit(tx, { actor, act: 'other sessions ended', subject: principal.id }, clock.instant())
  })
}
