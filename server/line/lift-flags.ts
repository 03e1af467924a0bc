import type { Brands } from '../brand/index.ts'
import { writeAudit } from '../platform/audit.ts'
import type { Clock } from '../platform/clock.ts'
import type { Tx } from '../platform/db.ts'
import { newId } from '../platform/id.ts'
import { sendEvents } from './event-store.ts'
import { readFlags, type StandingFlag, sendFlagsLifted } from './flag-store.ts'
import { type PolicyOf, policyDay } from './policy-day.ts'
import { lockLines, readLine } from './store.ts'

/** A person says that what a flag keeps from a number, and from whoever paid for it, is kept no longer. */
export interface Lifting {
  /** E.164 digits. */
  readonly msisdn: string
  readonly actor: string
  readonly reason: string
}

/**
 * Lifts the flags of a number that stand, with an event of the line for each and a row of the audit; answers them. None: nothing is
 * written. Flags of earlier holders are lifted with them.
 */
export async function liftFlags(
  tx: Tx,
  deps: { readonly clock: Clock; readonly brands: Brands; readonly policyOf: PolicyOf },
  { msisdn, actor, reason }: Lifting,
): Promise<StandingFlag[]> {
  const line = await readLine(tx, msisdn)
  if (!line) return []
  const [clock] = await lockLines(tx, [line.line])
  const nowMs = deps.clock.instant()
  const standing = await readFlags(tx, msisdn, nowMs)
  if (!clock || standing.length === 0) return []
  const brand = deps.brands.get(tx.brand)
  const onDay = policyDay(deps.clock, brand, deps.policyOf(clock.policy, clock.policyVersion))
  sendFlagsLifted(
    tx,
    standing.map(({ cause }) => cause),
    nowMs,
  )
  sendEvents(
    tx,
    standing.map(({ line, epoch, kind, id }) => ({
      ...{ id: newId(nowMs), line, epoch, kind: 'flag-lifted' as const, onDay, cause: id },
      detail: { flag: kind, by: actor, reason },
    })),
    nowMs,
  )
  const detail = { flags: standing.map(({ kind, sinceMs }) => ({ kind, sinceMs })) }
  await writeAudit(tx, { actor, act: 'line flag lifted', subject: line.line, reason, detail }, nowMs)
  return standing
}
