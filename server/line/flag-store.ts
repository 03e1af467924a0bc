import { isoInstant } from '../platform/clock.ts'
import type { Reader, Tx } from '../platform/db.ts'
import { plainArray, textArray } from '../platform/sql-array.ts'

/** What a flag keeps from happening. */
export type FlagKind = 'card-refused'

/** A flag of a number at an epoch, and of the log-in that paid; instants in milliseconds. */
export interface NewFlag {
  readonly id: string
  readonly line: string
  readonly epoch: number
  readonly payer: string
  readonly kind: FlagKind
  /** The dispute that raised it. */
  readonly cause: string
  readonly sinceMs: number
  readonly untilMs: number
}

export interface StandingFlag extends NewFlag {
  readonly msisdn: string
}

export function sendFlags(tx: Tx, flags: readonly NewFlag[]): void {
  if (flags.length === 0) return
  tx.send(
    `insert into {{brand}}.line_flag (id, line, epoch, payer, kind, cause, since, until)
     select * from unnest($1::uuid[], $2::uuid[], $3::int[], $4::uuid[], $5::text[], $6::uuid[], $7::timestamptz[], $8::timestamptz[])`,
    [
      plainArray(flags.map((flag) => flag.id)),
      plainArray(flags.map((flag) => flag.line)),
      plainArray(flags.map((flag) => flag.epoch)),
      plainArray(flags.map((flag) => flag.payer)),
      textArray(flags.map((flag) => flag.kind)),
      plainArray(flags.map((flag) => flag.cause)),
      plainArray(flags.map((flag) => isoInstant(flag.sinceMs))),
      plainArray(flags.map((flag) => isoInstant(flag.untilMs))),
    ],
  )
}

/** The flags that these causes raised stand no longer. */
export function sendFlagsLifted(tx: Tx, causes: readonly string[], atMs: number): void {
  if (causes.length === 0) return
  tx.send(
    'update {{brand}}.line_flag set lifted_at = $2 where cause = any($1::uuid[]) and lifted_at is null',
    [plainArray(causes), isoInstant(atMs)],
  )
}

const STANDING = `select f.id, f.line, l.msisdn, f.epoch, f.payer, f.kind, f.cause, f.since as "sinceMs", f.until as "untilMs"
  from {{brand}}.line_flag f join {{brand}}.line l on l.id = f.line`

/** The flags that stand for a number, by its E.164 digits, or for the whole brand; the newest first. */
export async function readFlags(db: Reader, msisdn: string | null, nowMs: number): Promise<StandingFlag[]> {
  return await db.query<StandingFlag>(
    `${STANDING} where f.lifted_at is null and f.until > $2 and ($1::text is null or l.msisdn = $1) order by f.id desc limit 500`,
    [msisdn, isoInstant(nowMs)],
  )
}

/** Until when something is kept from a number at its epoch, or from whoever pays, whichever number it is; null: it is not. */
export async function flaggedUntil(
  db: Reader,
  kind: FlagKind,
  of: { readonly line: string; readonly epoch: number; readonly payer: string },
  nowMs: number,
): Promise<number | null> {
  const rows = await db.query<{ until: number | null }>(
    `select max(until) as until from (
       select until from {{brand}}.line_flag where line = $2 and epoch = $3 and kind = $1 and lifted_at is null and until > $5
       union all
       select until from {{brand}}.line_flag where payer = $4 and kind = $1 and lifted_at is null and until > $5) flagged`,
    [kind, of.line, of.epoch, of.payer, isoInstant(nowMs)],
  )
  return rows[0]?.until ?? null
}
