import { isoInstant } from '../platform/clock.ts'
import type { Reader, Tx } from '../platform/db.ts'
import { plainArray, textArray } from '../platform/sql-array.ts'
import type { PolicyState } from '../policy/index.ts'
import { clockColumns, type LineClock, type LineClockRow, toLineClock } from './line-clock.ts'

const CLOCK_COLUMNS = `c.line, l.msisdn, c.epoch, c.policy, c.policy_version, c.standing, c.ceased_on,
  c.service_anchor, c.service_months, c.service_days, c.credit_anchor, c.credit_months, c.credit_days,
  c.number_anchor, c.number_months, c.number_days, c.next_due_on, c.limit_day, c.limit_day_minor, c.limit_month_minor`

/** The lines of these numbers; a number that is no line is missing. A number is one line for ever, so no lock is needed. */
export async function resolveNumbers(db: Reader, msisdns: readonly string[]): Promise<Map<string, string>> {
  const rows = await db.query<{ msisdn: string; id: string }>(
    'select msisdn, id from {{brand}}.line where msisdn = any($1::text[])',
    [plainArray(msisdns)],
  )
  return new Map(rows.map((row) => [row.msisdn, row.id]))
}

/** Locks the clocks of these lines, in line order. */
export async function lockLines(tx: Tx, lines: readonly string[]): Promise<LineClock[]> {
  const rows = await tx.query<LineClockRow>(
    `select ${CLOCK_COLUMNS} from {{brand}}.line_clock c join {{brand}}.line l on l.id = c.line
      where c.line = any($1::uuid[]) order by c.line for no key update of c`,
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
  /** The opening event's id, which is also the cause of the opening posting. */
  readonly event: string
  readonly msisdn: string
  readonly iccid: string | null
  readonly state: PolicyState
  readonly policy: string
  readonly policyVersion: number
  readonly nextDueOn: number | null
}

/** Inserts lines with epoch 1, their clocks, and the opening event that replay begins from. */
export async function insertLines(
  tx: Tx,
  lines: readonly InsertedLine[],
  today: number,
  createdAtMs: number,
): Promise<void> {
  const ids = plainArray(lines.map((line) => line.id))
  const createdAt = isoInstant(createdAtMs)
  await tx.query(
    `insert into {{brand}}.line (id, msisdn, iccid, created_at)
     select u.*, $4::timestamptz from unnest($1::uuid[], $2::text[], $3::text[]) u`,
    [
      ids,
      plainArray(lines.map((line) => line.msisdn)),
      plainArray(lines.map((line) => line.iccid)),
      createdAt,
    ],
  )
  await tx.query(
    `insert into {{brand}}.ownership (line, epoch, from_day) select id, 1, date '1970-01-01' + $2::int from unnest($1::uuid[]) u (id)`,
    [ids, today],
  )
  await tx.query(
    `insert into {{brand}}.line_clock (line, epoch, policy, policy_version, standing, stage_told)
     select u.line, 1, u.policy, u.version, 'pre-active', 'pre-active'
       from unnest($1::uuid[], $2::text[], $3::int[]) as u (line, policy, version)`,
    [ids, plainArray(lines.map((line) => line.policy)), plainArray(lines.map((line) => line.policyVersion))],
  )
  sendClocks(
    tx,
    lines.map(({ id, state, nextDueOn }) => ({
      line: id,
      state,
      nextDueOn,
      limitDay: 0,
      limitDayMinor: 0n,
      limitMonthMinor: 0n,
    })),
  )
  await tx.query(
    `insert into {{brand}}.line_event (id, line, epoch, kind, on_day, detail, created_at)
     select id, line, 1, 'opening', date '1970-01-01' + $4::int, detail, $5::timestamptz
       from unnest($1::uuid[], $2::uuid[], $3::jsonb[]) as u (id, line, detail)`,
    [
      plainArray(lines.map((line) => line.event)),
      ids,
      textArray(lines.map((line) => JSON.stringify(line.state))),
      today,
      createdAt,
    ],
  )
}
