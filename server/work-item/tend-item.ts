import { idToWire } from '../../contract/id.ts'
import { writeAudit } from '../platform/audit.ts'
import type { Clock } from '../platform/clock.ts'
import type { Tx } from '../platform/db.ts'
import { lockItem, writeClosed, writeOwner } from './store.ts'
import type { WorkItem } from './work-item.ts'

/** What became of the wish; an item that is closed is as it was left. */
export type Tended =
  | { readonly outcome: 'done'; readonly item: WorkItem }
  | { readonly outcome: 'not-found' }
  | { readonly outcome: 'closed-before'; readonly by: string; readonly reason: string }

async function tend(tx: Tx, id: string, act: (item: WorkItem) => Promise<void>): Promise<Tended> {
  const item = await lockItem(tx, id)
  if (!item) return { outcome: 'not-found' }
  if (item.closedAtMs !== null)
    return { outcome: 'closed-before', by: item.closedBy ?? '', reason: item.reason ?? '' }
  await act(item)
  return { outcome: 'done', item }
}

/** Gives an item to somebody. */
export async function takeItem(
  tx: Tx,
  clock: Clock,
  { id, owner, actor }: { readonly id: string; readonly owner: string; readonly actor: string },
): Promise<Tended> {
  return await tend(tx, id, async (item) => {
    await writeOwner(tx, id, owner)
    const detail = { from: item.owner, to: owner }
    const entry = { actor, act: 'work item taken', subject: idToWire(id), detail }
    await writeAudit(tx, entry, clock.instant())
  })
}

/** A person is done with it and says why; the same trouble is not listed again. */
export async function closeItem(
  tx: Tx,
  clock: Clock,
  { id, reason, actor }: { readonly id: string; readonly reason: string; readonly actor: string },
): Promise<Tended> {
  return await tend(tx, id, async ({ kind, subject }) => {
    const atMs = clock.instant()
    await writeClosed(tx, id, { by: actor, reason }, atMs)
    const detail = { kind, subject: idToWire(subject) }
    const entry = { actor, act: 'work item closed', subject: idToWire(id), reason, detail }
    await writeAudit(tx, entry, atMs)
  })
}
