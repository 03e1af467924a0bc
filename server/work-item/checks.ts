import type { Check } from '../platform/check.ts'
import type { Clock } from '../platform/clock.ts'
import { readUnlisted } from './store.ts'

const WAITED_MS = 24 * 3_600_000
/** For so long rounds may have failed: with the database down nothing is listed. */
const MISSED_MS = 10 * 60_000
const SHOWN = 1_000

/** What this room owes to fsck. An item has an owner by its CHECK. */
export function workItemChecks({ clock }: { readonly clock: Clock }): readonly Check[] {
  return [
    {
      id: 'I5',
      sentence: 'Nothing has waited for a person longer than 24 h without an item of the work list.',
      async find(db) {
        const nowMs = clock.instant()
        const waiting = await readUnlisted(db, nowMs, SHOWN)
        return waiting.filter(({ since }) => since < nowMs - WAITED_MS - MISSED_MS).map((row) => ({ ...row }))
      },
    },
  ]
}
