import type { Check } from '../platform/check.ts'
import { TROUBLES } from './store.ts'

/** What this room owes to fsck. An item has an owner by its CHECK. */
export const workItemChecks: readonly Check[] = [
  {
    id: 'I5',
    sentence: 'Nothing has waited for a person longer than 24 h without an item of the work list.',
    sql: `
      select t.kind, t.subject, t.since from (${TROUBLES('now()')}) t
       where t.since < now() - interval '24 h 10 min' and not exists (
         select from {{brand}}.work_item w where w.kind = t.kind and w.subject = t.subject and w.since = t.since)`,
  },
]
