import type { Brands } from '../brand/index.ts'
import type { Clock } from '../platform/clock.ts'
import type { Db } from '../platform/db.ts'
import { newId } from '../platform/id.ts'
import type { Log } from '../platform/log.ts'
import { type Loop, startLoop } from '../platform/loop.ts'
import { closeResolved, insertItems, readUnlisted } from './store.ts'
import { DEFAULT_OWNER } from './work-item.ts'

export interface KeepDeps {
  readonly db: Db
  readonly clock: Clock
  readonly log: Log
}

const AT_ONCE = 1_000
const PAUSE_MS = 60_000
/** Who closes an item whose trouble is over. */
const BY_ITSELF = { by: 'baohao', reason: 'it came right by itself' }

/** What one round opened and closed. */
export interface Kept {
  readonly opened: number
  readonly closed: number
}

/** Lists what has come to need a person, and closes what no longer does. Safe in several processes, and as often as one likes. */
export async function keepItems({ db, clock, log }: KeepDeps, brand: string): Promise<Kept> {
  const kept = await db.of(brand).tx(async (tx) => {
    const nowMs = clock.instant()
    const closed = await closeResolved(tx, BY_ITSELF, nowMs)
    const troubles = await readUnlisted(tx, nowMs, AT_ONCE)
    if (troubles.length === 0) return { opened: 0, closed }
    const items = troubles.map((trouble) => ({ ...trouble, id: newId(nowMs) }))
    return { opened: await insertItems(tx, items, DEFAULT_OWNER, nowMs), closed }
  })
  if (kept.opened > 0) log.error({ brand, ...kept }, 'a person must look: baohao work-item list')
  return kept
}

export function startKeepingItems(deps: KeepDeps & { readonly brands: Brands }): Loop[] {
  return deps.brands.all.map(({ key }) =>
    startLoop(`work items of ${key}`, PAUSE_MS, () => keepItems(deps, key), deps.log),
  )
}
