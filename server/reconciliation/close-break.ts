import { idToWire } from '../../contract/id.ts'
import { writeAudit } from '../platform/audit.ts'
import type { Clock } from '../platform/clock.ts'
import type { Tx } from '../platform/db.ts'
import { lockBreak, writeClosed, writeOwner } from './break-store.ts'
import { postClearing } from './clearing.ts'

export interface CloseBreak {
  readonly break: string
  readonly actor: string
  /** A sentence for the books, kept with the break and in the audit. */
  readonly reason: string
  /** Brings the ledger to what the bill says: the difference is written off, or kept as a receipt nobody has claimed. */
  readonly byEntry: boolean
}

export type CloseOutcome =
  | { readonly outcome: 'closed'; readonly posted: 'clearing-written-off' | 'clearing-received' | null }
  | { readonly outcome: 'not-found' }
  | { readonly outcome: 'closed-before'; readonly by: string; readonly reason: string }
  /** An entry was asked for, and the ledger does not differ from the bill. */
  | { readonly outcome: 'no-difference' }

/** Closes a break by its reason, or by an entry that names it as its cause. */
export async function closeBreak(tx: Tx, clock: Clock, close: CloseBreak): Promise<CloseOutcome> {
  const found = await lockBreak(tx, close.break)
  if (!found) return { outcome: 'not-found' }
  if (found.closedAtMs !== null)
    return { outcome: 'closed-before', by: found.closedBy ?? '', reason: found.reason ?? '' }
  const { differenceMinor } = found
  if (close.byEntry && differenceMinor === 0n) return { outcome: 'no-difference' }
  const posted = close.byEntry
    ? differenceMinor < 0n
      ? ('clearing-written-off' as const)
      : ('clearing-received' as const)
    : null
  if (posted !== null) {
    const amountMinor = differenceMinor < 0n ? -differenceMinor : differenceMinor
    await postClearing(tx, clock, found, found.id, [{ posting: posted, amountMinor }])
  }
  const atMs = clock.instant()
  const { actor, reason } = close
  await writeClosed(tx, found.id, { by: actor, reason, entry: posted === null ? null : found.id }, atMs)
  const detail = { class: found.class, posted, differenceMinor: differenceMinor.toString() }
  await writeAudit(tx, { actor, act: 'break closed', subject: idToWire(found.id), reason, detail }, atMs)
  return { outcome: 'closed', posted }
}

/** Gives a break to somebody; false where there is none, or it is closed. */
export async function assignBreak(
  tx: Tx,
  clock: Clock,
  { id, owner, actor }: { readonly id: string; readonly owner: string; readonly actor: string },
): Promise<boolean> {
  const found = await lockBreak(tx, id)
  if (!found || found.closedAtMs !== null) return false
  await writeOwner(tx, id, owner)
  const detail = { from: found.owner, to: owner }
  await writeAudit(tx, { actor, act: 'break assigned', subject: idToWire(id), detail }, clock.instant())
  return true
}
