import type { Stage } from '../../contract/line.ts'
import { isoInstant } from '../platform/clock.ts'
import type { Reader, Tx } from '../platform/db.ts'
import { plainArray, textArray } from '../platform/sql-array.ts'
import type { ClockName, PolicyState } from '../policy/index.ts'
import { clockColumns, type LineClock, type LineClockRow, toLineClock } from './line-clock.ts'

export const CLOCK_COLUMNS = `c.line, c.msisdn, c.epoch, c.policy, c.policy_version, c.standing, c.ceased_on,
  c.service_anchor, c.service_months, c.service_days, c.credit_anchor, c.credit_months, c.credit_days,
  c.number_anchor, c.number_months, c.number_days, c.stage_told, c.next_due_on, c.limit_day, c.limit_day_minor, c.limit_month_minor`

/** The lines of these numbers; a number that is no line is missing. A number is one line for ever, so no lock is needed. */
export async function resolveNumbers(db: Reader, msisdns: readonly string[]): Promise<Map<string, string>> {
  if (msisdns.length === 0) return new Map()
  const rows = await db.query<{ msisdn: string; id: string }>(
    'select msisdn, id from {{brand}}.line where msisdn = any($1::text[])',
    [plainArray(msisdns)],
  )
  return new Map(rows.map((row) => [row.msisdn, row.id]))
}

/** The numbers of these lines, as E.164 digits, by line. */
export async function readNumbers(db: Reader, lines: readonly string[]): Promise<Map<string, string>> {
  if (lines.length === 0) return new Map()
  const rows = await db.query<{ id: string; msisdn: string }>(
    'select id, msisdn from {{brand}}.line where id = any($1::uuid[])',
    [plainArray(lines)],
  )
  return new Map(rows.map((row) => [row.id, row.msisdn]))
}

/** Locks the clocks of these lines, in line order. */
export async function lockLines(tx: Tx, lines: readonly string[]): Promise<LineClock[]> {
  const rows = await tx.query<LineClockRow>(
    `select ${CLOCK_COLUMNS} from {{brand}}.line_clock c
      where c.line = any($1::uuid[]) order by c.line for no key update`,
    [plainArray(lines)],
  )
  return rows.map(toLineClock)
}

export async function readLine(db: Reader, msisdn: string): Promise<LineClock | undefined> {
  const rows = await db.query<LineClockRow>(
    `select ${CLOCK_COLUMNS} from {{brand}}.line l join {{brand}}.line_clock c on c.line = l.id where l.msisdn = $1`,
    [msisdn],
  )
  return rows[0] && toLineClock(rows[0])
}

export type ClockWrite = Pick<
  LineClock,
  'line' | 'state' | 'nextDueOn' | 'limitDay' | 'limitDayMinor' | 'limitMonthMinor'
>

/**
 * Sends new clocks; the answer comes with the commit. `next_due_on` is the only indexed column here: a caller that
 * leaves it as it was (early is allowed) keeps the update inside its page.
 */
export function sendClocks(tx: Tx, writes: readonly ClockWrite[]): void {
  if (writes.length === 0) return
  const service = writes.map((w) => clockColumns(w.state, 'service'))
  const credit = writes.map((w) => clockColumns(w.state, 'credit'))
  const number = writes.map((w) => clockColumns(w.state, 'number'))
  const column = (clocks: readonly (readonly (number | null)[])[], at: number) =>
    plainArray(clocks.map((clock) => clock[at] ?? null))
  tx.send(
    `update {{brand}}.line_clock c set standing = u.standing, ceased_on = date '1970-01-01' + u.ceased_on,
        service_anchor = date '1970-01-01' + u.sa, service_months = u.sm, service_days = u.sd,
        credit_anchor = date '1970-01-01' + u.ca, credit_months = u.cm, credit_days = u.cd,
        number_anchor = date '1970-01-01' + u.na, number_months = u.nm, number_days = u.nd,
        next_due_on = date '1970-01-01' + u.due, limit_day = date '1970-01-01' + u.limit_day,
        limit_day_minor = u.day_minor, limit_month_minor = u.month_minor
       from unnest($1::uuid[], $2::text[], $3::int[], $4::int[], $5::int[], $6::int[], $7::int[], $8::int[], $9::int[],
         $10::int[], $11::int[], $12::int[], $13::int[], $14::int[], $15::bigint[], $16::bigint[])
         as u (line, standing, ceased_on, sa, sm, sd, ca, cm, cd, na, nm, nd, due, limit_day, day_minor, month_minor)
      where c.line = u.line`,
    [
      plainArray(writes.map((w) => w.line)),
      plainArray(writes.map((w) => w.state.standing)),
      plainArray(writes.map((w) => w.state.ceasedOn)),
      column(service, 0),
      column(service, 1),
      column(service, 2),
      column(credit, 0),
      column(credit, 1),
      column(credit, 2),
      column(number, 0),
      column(number, 1),
      column(number, 2),
      plainArray(writes.map((w) => w.nextDueOn)),
      plainArray(writes.map((w) => w.limitDay)),
      plainArray(writes.map((w) => w.limitDayMinor)),
      plainArray(writes.map((w) => w.limitMonthMinor)),
    ],
  )
}

export interface InsertedLine {
  readonly id: string
  readonly msisdn: string
  readonly iccid: string | null
  readonly state: PolicyState
  readonly stageTold: Stage
  readonly policy: string
  readonly policyVersion: number
  readonly nextDueOn: number | null
  /** The day since which the holder has the number. */
  readonly heldSince: number
  /** The subscriber's reference; null: not known. */
  readonly owner: string | null
}

/**
 * Sends lines with their clocks and their ownership of epoch 1; the answer comes with the commit. One statement: three tables
 * for one reading of the arrays. Subscribers have been sent before.
 */
export function sendNewLines(tx: Tx, lines: readonly InsertedLine[], createdAtMs: number): void {
  const column = (clock: ClockName, at: 0 | 1 | 2) =>
    plainArray(lines.map((line) => clockColumns(line.state, clock)[at]))
  const plain = (of: (line: InsertedLine) => string | number | null) => plainArray(lines.map(of))
  tx.send(
    `with u as materialized (
       select * from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::int[], $6::text[], $7::int[], $8::text[],
         $9::int[], $10::int[], $11::int[], $12::int[], $13::int[], $14::int[], $15::int[], $16::int[], $17::int[],
         $18::int[], $19::int[], $20::text[])
         as u (line, msisdn, iccid, policy, version, standing, ceased_on, stage, sa, sm, sd, ca, cm, cd, na, nm, nd, due, since, owner)),
     lines as (
       insert into {{brand}}.line (id, msisdn, iccid, created_at) select line, msisdn, iccid, $21::timestamptz from u),
     owned as (
       insert into {{brand}}.ownership (line, epoch, subscriber, from_day)
       select u.line, 1, s.id, date '1970-01-01' + u.since from u left join {{brand}}.subscriber s on s.reference = u.owner)
     insert into {{brand}}.line_clock (line, msisdn, epoch, policy, policy_version, standing, ceased_on, service_anchor,
       service_months, service_days, credit_anchor, credit_months, credit_days, number_anchor, number_months, number_days,
       stage_told, next_due_on)
     select line, msisdn, 1, policy, version, standing, date '1970-01-01' + ceased_on, date '1970-01-01' + sa, sm, sd,
            date '1970-01-01' + ca, cm, cd, date '1970-01-01' + na, nm, nd, stage, date '1970-01-01' + due from u`,
    [
      plain((line) => line.id),
      plain((line) => line.msisdn),
      plain((line) => line.iccid),
      plain((line) => line.policy),
      plain((line) => line.policyVersion),
      plain((line) => line.state.standing),
      plain((line) => line.state.ceasedOn),
      plain((line) => line.stageTold),
      ...(['service', 'credit', 'number'] as const).flatMap((clock) => [
        column(clock, 0),
        column(clock, 1),
        column(clock, 2),
      ]),
      plain((line) => line.nextDueOn),
      plain((line) => line.heldSince),
      textArray(lines.map((line) => line.owner)),
      isoInstant(createdAtMs),
    ],
  )
}

/**
 * Sends subscribers that are known by a reference; one that is here already stays who it is. In the order of references, so
 * that two senders wait for each other and never for ever.
 */
export function sendSubscribers(
  tx: Tx,
  subscribers: readonly { readonly id: string; readonly reference: string }[],
  createdAtMs: number,
): void {
  if (subscribers.length === 0) return
  const sorted = subscribers.toSorted((a, b) => (a.reference < b.reference ? -1 : 1))
  tx.send(
    `insert into {{brand}}.subscriber (id, reference, created_at)
     select u.id, u.reference, $3::timestamptz from unnest($1::uuid[], $2::text[]) as u (id, reference)
     on conflict (reference) do nothing`,
    [plainArray(sorted.map((s) => s.id)), textArray(sorted.map((s) => s.reference)), isoInstant(createdAtMs)],
  )
}

/** The clocks of a line that has just come to its holder: nothing was topped up yet. */
export function freshClock(line: Pick<InsertedLine, 'id' | 'state' | 'nextDueOn'>): ClockWrite {
  const { id, state, nextDueOn } = line
  return { line: id, state, nextDueOn, limitDay: 0, limitDayMinor: 0n, limitMonthMinor: 0n }
}

/** Sends the ownership of lines at an epoch, from a day on; by whom is not known yet. */
export function sendOwnerships(
  tx: Tx,
  owned: readonly { readonly line: string; readonly epoch: number }[],
  fromDay: number,
): void {
  tx.send(
    `insert into {{brand}}.ownership (line, epoch, from_day)
     select line, epoch, date '1970-01-01' + $3::int from unnest($1::uuid[], $2::int[]) as u (line, epoch)`,
    [plainArray(owned.map((o) => o.line)), plainArray(owned.map((o) => o.epoch)), fromDay],
  )
}

/** Sends the ends of ownerships: `untilDay` is the first day on which the number is no longer theirs. */
export function sendOwnershipEnds(
  tx: Tx,
  ended: readonly { readonly line: string; readonly epoch: number; readonly untilDay: number }[],
): void {
  if (ended.length === 0) return
  tx.send(
    `update {{brand}}.ownership o set until_day = greatest(o.from_day, date '1970-01-01' + u.until_day)
       from unnest($1::uuid[], $2::int[], $3::int[]) as u (line, epoch, until_day)
      where o.line = u.line and o.epoch = u.epoch`,
    [
      plainArray(ended.map((e) => e.line)),
      plainArray(ended.map((e) => e.epoch)),
      plainArray(ended.map((e) => e.untilDay)),
    ],
  )
}

export type ToldWrite = Pick<LineClock, 'line' | 'epoch' | 'stageTold' | 'policy' | 'policyVersion'>

/** Sends what a top-up never changes of a line's hot row: its epoch, its policy and the stage the network was told. */
export function sendTold(tx: Tx, told: readonly ToldWrite[]): void {
  if (told.length === 0) return
  tx.send(
    `update {{brand}}.line_clock c set epoch = u.epoch, stage_told = u.stage, policy = u.policy, policy_version = u.version
       from unnest($1::uuid[], $2::int[], $3::text[], $4::text[], $5::int[]) as u (line, epoch, stage, policy, version)
      where c.line = u.line`,
    [
      plainArray(told.map((t) => t.line)),
      plainArray(told.map((t) => t.epoch)),
      plainArray(told.map((t) => t.stageTold)),
      plainArray(told.map((t) => t.policy)),
      plainArray(told.map((t) => t.policyVersion)),
    ],
  )
}

/** Sends the SIM that a number has now. */
export function sendIccids(
  tx: Tx,
  lines: readonly { readonly id: string; readonly iccid: string | null }[],
): void {
  tx.send(
    `update {{brand}}.line l set iccid = u.iccid from unnest($1::uuid[], $2::text[]) as u (id, iccid) where l.id = u.id`,
    [plainArray(lines.map((line) => line.id)), plainArray(lines.map((line) => line.iccid))],
  )
}

export interface DueLine {
  readonly line: string
  readonly dueOn: number
}

/** Lines that somebody must look at by this day, earliest first, after the last one seen. */
export async function readDue(
  db: Reader,
  today: number,
  after: DueLine | null,
  limit: number,
): Promise<DueLine[]> {
  const rows = await db.query<{ line: string; next_due_on: number }>(
    `select line, next_due_on from {{brand}}.line_clock
      where next_due_on <= date '1970-01-01' + $1::int
        and ($3::uuid is null or (next_due_on, line) > (date '1970-01-01' + $2::int, $3::uuid))
      order by next_due_on, line limit $4`,
    [today, after?.dueOn ?? 0, after?.line ?? null, limit],
  )
  return rows.map((row) => ({ line: row.line, dueOn: row.next_due_on }))
}

/** The ownership epoch of the line with this number now; null when the brand has no such line. */
export async function lineEpoch(db: Reader, msisdn: string): Promise<number | null> {
  const [row] = await db.query<{ epoch: number }>(
    'select c.epoch from {{brand}}.line l join {{brand}}.line_clock c on c.line = l.id where l.msisdn = $1',
    [msisdn],
  )
  return row?.epoch ?? null
}
