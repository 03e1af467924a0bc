import type { Reader } from '../platform/db.ts'
import { plainArray, textArray } from '../platform/sql-array.ts'
import type { ClockName } from '../policy/index.ts'
import { type LineClock, type LineClockRow, type StateRow, toLineClock, toState } from './line-clock.ts'
import { type LineEventDetail, type LineEventKind, lineEventKinds, type Received } from './line-event.ts'
import { CLOCK_COLUMNS } from './store.ts'
import type { TakenBack } from './taken-back.ts'

/** An event as replay reads it: instants in ms, days as epoch days. */
export type ReadEvent = readonly [
  id: string,
  appliedAtMs: number,
  kind: LineEventKind,
  onDay: number,
  /** Of days that were taken back, else null. */
  takenBack: TakenBack | null,
  /** Of credit that came from another number, else absent. */
  received?: Received | null,
]

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

/** Kinds of event, besides the opening, that move the clocks; a credited order does too. */
const MOVING = Object.entries(lineEventKinds)
  .filter(([kind, { replayed }]) => replayed && kind !== 'opening')
  .map(([kind]) => kind)

/** A clock of the row as an opening event has it in its state. */
const CLOCK_JSON = (name: ClockName) => `case
      when c.${name}_months is null or c.${name}_days is null then 'null'::jsonb
      when c.${name}_anchor is null then '"unlimited"'::jsonb
      else jsonb_build_object('anchor', ${DAY(`c.${name}_anchor`)}, 'months', c.${name}_months, 'days', c.${name}_days) end`

/**
 * The next lines by id whose clocks follow from more than the opening of their epoch, or do not stand as it says; empty at the
 * end. All others are proved by this statement: nothing has moved them, and they stand as they were opened. So a base that was
 * imported and has hardly been used is compared where it lies. Each table is read once, without a look-up for each line.
 */
export async function readMovedLines(db: Reader, afterLine: string, limit: number): Promise<string[]> {
  const rows = await db.query<{ line: string }>(
    `select c.line from {{brand}}.line_clock c
       left join {{brand}}.line_event o on o.line = c.line and o.epoch = c.epoch and o.kind = 'opening'
      where c.line > $1 and o.detail->'state' is distinct from jsonb_build_object('standing', c.standing, 'ceasedOn', ${DAY('c.ceased_on')},
        'service', ${CLOCK_JSON('service')}, 'credit', ${CLOCK_JSON('credit')}, 'number', ${CLOCK_JSON('number')})
     union
     select line from {{brand}}.line_event where line > $1 and kind = any($3::text[])
     union
     select line from {{brand}}.top_up where line > $1 and credited_at is not null
      order by line limit $2`,
    [afterLine, limit, plainArray(MOVING)],
  )
  return rows.map(({ line }) => line)
}

/** These lines with their histories, by id. `byBalance`: policies whose tiers ask for the balance. */
export async function readHistories(
  db: Reader,
  lines: readonly string[],
  byBalance: readonly string[],
): Promise<ReadHistory[]> {
  const rows = await db.query<HistoryRow>(
    `select ${CLOCK_COLUMNS}, o.detail as opening,
        (select coalesce(json_agg(json_build_array(id, ${MS('created_at')}, kind, ${DAY('on_day')},
             case kind when 'validity-taken-back' then detail end, case kind when 'credit-received' then detail end)), '[]')
           from {{brand}}.line_event where line = c.line and epoch = o.epoch and kind = any($3::text[])) as events,
        (select coalesce(json_agg(json_build_array(t.id, ${MS('t.credited_at')}, t.offer_kind, ${MS('t.event_at')}, t.face::text,
             f.validity_months, f.validity_days, ${DAY('t.until_before')}, ${DAY('t.until')},
             case when c.policy = any($2::text[]) then (
               select (max(x.credit_after) filter (where x.credit_account = a.id)
                   - coalesce(sum(x.amount) filter (where x.debit_account = a.id and x.posting = 'breakage'), 0))::text
                 from {{brand}}.transfer x join {{brand}}.line_account a on a.line = t.line and a.epoch = t.epoch
                where x.cause = t.id) end)), '[]')
           from {{brand}}.top_up t join {{brand}}.offer f on f.id = t.offer
          where t.line = c.line and t.epoch = o.epoch and t.credited_at is not null) as orders
       from {{brand}}.line_clock c
       left join lateral (select epoch, detail from {{brand}}.line_event
         where line = c.line and kind = 'opening' order by epoch desc limit 1) o on true
      where c.line = any($1::uuid[]) order by c.line`,
    [plainArray(lines), textArray(byBalance), plainArray(MOVING)],
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

/** Lines by id: those after `after`, up to and with `upto`; null: to the last of all. */
export interface LineRange {
  readonly after: string
  readonly upto: string | null
}

/** The next `limit` lines by id, as a range. */
export async function readRange(db: Reader, after: string, limit: number): Promise<LineRange> {
  const rows = await db.query<{ line: string }>(
    'select line from {{brand}}.line_clock where line > $1 order by line offset $2::int - 1 limit 1',
    [after, limit],
  )
  return { after, upto: rows[0]?.line ?? null }
}

/** What the stage of a line follows from: lines that are alike in it are right or wrong together. */
export type Standing = Pick<LineClock, 'policy' | 'policyVersion' | 'state' | 'stageTold' | 'nextDueOn'>

/** The ways in which the lines of a range stand, each once, however many lines stand so. */
export async function readStandings(db: Reader, { after, upto }: LineRange): Promise<Standing[]> {
  const rows = await db.query<
    StateRow & Pick<LineClockRow, 'policy' | 'policy_version' | 'stage_told' | 'next_due_on'>
  >(
    `select distinct policy, policy_version, standing, ceased_on, service_anchor, service_months, service_days,
            credit_anchor, credit_months, credit_days, number_anchor, number_months, number_days, stage_told, next_due_on
       from {{brand}}.line_clock where line > $1 and ($2::uuid is null or line <= $2)`,
    [after, upto],
  )
  return rows.map((row) => ({
    policy: row.policy,
    policyVersion: row.policy_version,
    state: toState(row),
    stageTold: row.stage_told,
    nextDueOn: row.next_due_on,
  }))
}

/** The lines of a range, by id. */
export async function readClocks(db: Reader, { after, upto }: LineRange): Promise<LineClock[]> {
  const rows = await db.query<LineClockRow>(
    `select ${CLOCK_COLUMNS} from {{brand}}.line_clock c
      where c.line > $1 and ($2::uuid is null or c.line <= $2) order by c.line`,
    [after, upto],
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
