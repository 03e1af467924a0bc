import { isoInstant } from '../platform/clock.ts'
import type { Tx } from '../platform/db.ts'
import { plainArray, textArray } from '../platform/sql-array.ts'
import type { LineEvent } from './line-event.ts'

/** Sends events; the answer comes with the commit. `created_at` orders them, hence the instant is read under the lines' locks. */
export function sendEvents(tx: Tx, events: readonly LineEvent[], createdAtMs: number): void {
  if (events.length === 0) return
  tx.send(
    `insert into {{brand}}.line_event (id, line, epoch, kind, on_day, detail, cause, created_at)
     select id, line, epoch, kind, date '1970-01-01' + on_day, detail, cause, $8::timestamptz
       from unnest($1::uuid[], $2::uuid[], $3::int[], $4::text[], $5::int[], $6::jsonb[], $7::uuid[])
         as u (id, line, epoch, kind, on_day, detail, cause)`,
    [
      plainArray(events.map((event) => event.id)),
      plainArray(events.map((event) => event.line)),
      plainArray(events.map((event) => event.epoch)),
      plainArray(events.map((event) => event.kind)),
      plainArray(events.map((event) => event.onDay)),
      textArray(events.map((event) => JSON.stringify(event.detail))),
      plainArray(events.map((event) => event.cause)),
      isoInstant(createdAtMs),
    ],
  )
}
