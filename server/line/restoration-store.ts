import { isoInstant } from '../platform/clock.ts'
import type { Reader } from '../platform/db.ts'
import { plainArray } from '../platform/sql-array.ts'

/** A line at one epoch, and the instant (milliseconds) of what may have brought it back into service. */
export interface SinceThen {
  readonly line: string
  readonly epoch: number
  readonly sinceMs: number
}

/** What the network is told of a line that was barred: not yet that it serves again, or since when. */
export interface Restoration extends SinceThen {
  /** Null: the sweep is still to tell it. */
  readonly restoredAtMs: number | null
}

interface RestorationRow {
  readonly line: string
  readonly epoch: number
  readonly since: number
  readonly restored_at: number | null
}

/**
 * Of these, the ones that were told a barring stage before and serve again since, or are due to be told so by `today`. A line that
 * was in service all along, or that stays barred, is missing.
 */
export async function readRestorations(
  db: Reader,
  wanted: readonly SinceThen[],
  today: number,
): Promise<Restoration[]> {
  if (wanted.length === 0) return []
  const rows = await db.query<RestorationRow>(
    `select u.line, u.epoch, u.since, told.created_at as restored_at
       from unnest($1::uuid[], $2::int[], $3::timestamptz[]) as u (line, epoch, since)
       join {{brand}}.line_clock c on c.line = u.line and c.epoch = u.epoch
       left join lateral (select e.created_at, e.detail->>'from' as before, e.detail->>'to' as stage
         from {{brand}}.line_event e where e.line = u.line and e.epoch = u.epoch and e.kind = 'stage-told'
           and e.created_at >= u.since order by e.id limit 1) told on true
      where case when told.created_at is null
        then c.stage_told = any($4::text[]) and c.next_due_on <= date '1970-01-01' + $5::int
        else told.before = any($4::text[]) and told.stage = 'active' end`,
    [
      plainArray(wanted.map(({ line }) => line)),
      plainArray(wanted.map(({ epoch }) => epoch)),
      plainArray(wanted.map(({ sinceMs }) => `"${isoInstant(sinceMs)}"`)),
      plainArray(barring),
      today,
    ],
  )
  return rows.map(({ line, epoch, since, restored_at }) => ({
    ...{ line, epoch, sinceMs: since, restoredAtMs: restored_at },
  }))
}

const barring = ['outbound-barred', 'fully-barred', 'quarantined'] as const
