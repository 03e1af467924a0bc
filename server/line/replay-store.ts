import type { Reader } from '../platform/db.ts'
import { textArray } from '../platform/sql-array.ts'
import { type LineClock, type LineClockRow, toLineClock } from './line-clock.ts'
import type { LineEventDetail, LineEventKind } from './line-event.ts'
import { CLOCK_COLUMNS } from './store.ts'

/** An event as replay reads it: instants in ms, days as epoch days. */
export type ReadEvent = readonly [id: string, appliedAtMs: number, kind: LineEventKind, onDay: number]

/** A credited order as replay reads it. Amounts are digits; months and days are the offer's own. */
export type ReadOrder = readonly [
  id: string,
  appliedAtMs: number,
  offerKind: 'package' | 'denomination' | 'free-amount',
  eventAtMs: number,
  faceMinor: string,
  months: number,
  days: number,
  untilBefore: number | null,
  until: number | null,
  /** After the sale and what it forfeited, before any fee it brought; null where the policy does not ask. */
  balanceAfterMinor: string | null,
]

/** A line with all that its clocks came from since it was last opened, read in one statement, hence of one moment. */
export interface ReadHistory {
  readonly clock: LineClock
  /** Null: there is none, which breaks I8. */
  readonly opening: LineEventDetail['opening'] | null
  readonly events: readonly ReadEvent[]
  readonly orders: readonly ReadOrder[]
}

interface HistoryRow extends LineClockRow {
  readonly opening: LineEventDetail['opening'] | null
  readonly events: readonly ReadEvent[]
  readonly orders: readonly ReadOrder[]
}

const MS = (column: string) => `(extract(epoch from ${column}) * 1000)::bigint`
const DAY = (column: string) => `${column} - date '1970-01-01'`

/** The next lines by id, with their histories; empty at the end. `byBalance`: policies whose tiers ask for the balance. */
export async function readHistories(
  db: Reader,
  afterLine: string,
  limit: number,
  byBalance: readonly string[],
): Promise<ReadHistory[]> {
  const rows = await db.query<HistoryRow>(
    `select ${CLOCK_COLUMNS}, o.detail as opening,
        (select coalesce(json_agg(json_build_array(id, ${MS('created_at')}, kind, ${DAY('on_day')})), '[]')
           from {{brand}}.line_event where line = c.line and epoch = o.epoch) as events,
        (select coalesce(json_agg(json_build_array(t.id, ${MS('t.credited_at')}, t.offer_kind, ${MS('t.event_at')}, t.face::text,
             f.validity_months, f.validity_days, ${DAY('t.until_before')}, ${DAY('t.until')},
             case when c.policy = any($3::text[]) then (
               select (max(x.credit_after) filter (where x.credit_account = a.id)
                   - coalesce(sum(x.amount) filter (where x.debit_account = a.id and x.posting = 'breakage'), 0))::text
                 from {{brand}}.transfer x join {{brand}}.line_account a on a.line = t.line and a.epoch = t.epoch
                where x.cause = t.id) end)), '[]')
           from {{brand}}.top_up t join {{brand}}.offer f on f.id = t.offer
          where t.line = c.line and t.epoch = o.epoch and t.credited_at is not null) as orders
       from {{brand}}.line_clock c
       join {{brand}}.line l on l.id = c.line
       left join lateral (select epoch, detail from {{brand}}.line_event
         where line = c.line and kind = 'opening' order by epoch desc limit 1) o on true
      where c.line > $1 order by c.line limit $2`,
    [afterLine, limit, textArray(byBalance)],
  )
  return rows.map((row) => ({
    clock: toLineClock(row),
    opening: row.opening,
    events: row.events,
    orders: row.orders,
  }))
}

export async function readPoliciesInUse(db: Reader): Promise<{ policy: string; policy_version: number }[]> {
  return await db.query('select distinct policy, policy_version from {{brand}}.line_clock')
}

/** The next lines by id; empty at the end. */
export async function readClocks(db: Reader, afterLine: string, limit: number): Promise<LineClock[]> {
  const rows = await db.query<LineClockRow>(
    `select ${CLOCK_COLUMNS} from {{brand}}.line_clock c join {{brand}}.line l on l.id = c.line
      where c.line > $1 order by c.line limit $2`,
    [afterLine, limit],
  )
  return rows.map(toLineClock)
}

/**
 * Orders whose money went to another line or epoch than their own, and those credited on a day that lies outside their
 * epoch, by the dates of the brand's zone; the day on which a number is given up still counts.
 */
export async function readStrayCredits(db: Reader, zone: string): Promise<Record<string, unknown>[]> {
  return await db.query(
    `select t.id, t.line, t.epoch, a.line as credited_line, a.epoch as credited_epoch, null::date as credited_on
       from {{brand}}.top_up t
       join {{brand}}.transfer x on x.cause = t.id
       join {{brand}}.line_account a on a.id = x.credit_account
      where a.line <> t.line or a.epoch <> t.epoch
     union all
     select t.id, t.line, t.epoch, null, null, (t.event_at at time zone $1)::date
       from {{brand}}.top_up t
       left join {{brand}}.ownership o on o.line = t.line and o.epoch = t.epoch
      where t.credited_at is not null
        and (o.line is null or (t.event_at at time zone $1)::date not between o.from_day and coalesce(o.until_day, 'infinity'))`,
    [zone],
  )
}
