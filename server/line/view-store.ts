import type { Reader } from '../platform/db.ts'
import { plainArray } from '../platform/sql-array.ts'
import { type LineClock, type LineClockRow, toLineClock } from './line-clock.ts'
import { CLOCK_COLUMNS } from './store.ts'

/** A line and the money of its present epoch, read in one statement. */
export interface ReadLine {
  readonly clock: LineClock
  readonly balanceMinor: bigint
}

/** An allowance lot: `until` is exclusive, `remaining` in seconds, messages or bytes. */
export type ReadLot = readonly [kind: string, until: number, remaining: string]

export interface ReadLineWithLots extends ReadLine {
  /** Whether the log-in that was asked for manages it now. */
  readonly own: boolean
  readonly lots: readonly ReadLot[]
}

type BalanceRow = LineClockRow & { readonly balance: bigint }
type LineRow = BalanceRow & { readonly own: boolean; readonly lots: readonly ReadLot[] }

const WITH_ACCOUNT = `{{brand}}.line l join {{brand}}.line_clock c on c.line = l.id
  join {{brand}}.line_account a on a.line = c.line and a.epoch = c.epoch`

const LOTS = `(select coalesce(json_agg(json_build_array(kind, until - date '1970-01-01', remaining::text) order by until, kind), '[]')
    from {{brand}}.lot where line = c.line and epoch = c.epoch and remaining > 0 and kind not in ('paid', 'bonus')) as lots`

/** By number; a number that is no line is missing. */
export async function readBalances(db: Reader, msisdns: readonly string[]): Promise<Map<string, ReadLine>> {
  const rows = await db.query<BalanceRow>(
    `select ${CLOCK_COLUMNS}, a.balance from ${WITH_ACCOUNT} where l.msisdn = any($1::text[])`,
    [plainArray(msisdns)],
  )
  return new Map(rows.map((row) => [row.msisdn, { clock: toLineClock(row), balanceMinor: row.balance }]))
}

const toReadLine = (row: LineRow): ReadLineWithLots => ({
  clock: toLineClock(row),
  balanceMinor: row.balance,
  own: row.own,
  lots: row.lots,
})

/** One line, and whether this log-in (null: nobody's) manages it. The same work is done for a number that is no line. */
export async function readLineFor(
  db: Reader,
  msisdn: string,
  logIn: string | null,
): Promise<ReadLineWithLots | undefined> {
  const rows = await db.query<LineRow>(
    `select ${CLOCK_COLUMNS}, a.balance, ${LOTS}, exists (select from {{brand}}.line_log_in b
          where b.log_in = $2 and b.line = c.line and b.epoch = c.epoch) as own
       from ${WITH_ACCOUNT} where l.msisdn = $1`,
    [msisdn, logIn],
  )
  return rows[0] && toReadLine(rows[0])
}

/** The lines a log-in manages, in the order they were bound; those that passed to somebody else are gone. */
export async function readLinesOf(db: Reader, logIn: string): Promise<ReadLineWithLots[]> {
  const rows = await db.query<LineRow>(
    `select ${CLOCK_COLUMNS}, a.balance, ${LOTS}, true as own
       from ${WITH_ACCOUNT} join {{brand}}.line_log_in b on b.line = c.line and b.epoch = c.epoch
      where b.log_in = $1 order by b.bound_at, c.line`,
    [logIn],
  )
  return rows.map(toReadLine)
}
