import { isoInstant } from '../platform/clock.ts'
import type { Reader, Tx } from '../platform/db.ts'

export interface Binding {
  readonly logIn: string
  readonly line: string
  /** Whether this act made it; else it stood already. */
  readonly isNew: boolean
}

/** Binds the line of this number at its present epoch; null when the brand has no such line. */
export async function insertBinding(
  tx: Tx,
  logIn: string,
  msisdn: string,
  boundAtMs: number,
): Promise<Binding | null> {
  const [row] = await tx.query<{ line: string; is_new: boolean }>(
    `with line as (select c.line, c.epoch from {{brand}}.line l join {{brand}}.line_clock c on c.line = l.id where l.msisdn = $2),
       bound as (
         insert into {{brand}}.line_log_in as known (log_in, line, epoch, bound_at)
         select $1, line, epoch, $3::timestamptz from line
         on conflict (log_in, line) do update set epoch = excluded.epoch, bound_at = excluded.bound_at
           where known.epoch <> excluded.epoch
         returning line)
     select line.line, bound.line is not null as is_new from line left join bound on true`,
    [logIn, msisdn, isoInstant(boundAtMs)],
  )
  return row ? { logIn, line: row.line, isNew: row.is_new } : null
}

/** The line that is no longer bound; null when it was not, or only to an epoch that is over. */
export async function deleteBinding(tx: Tx, logIn: string, msisdn: string): Promise<string | null> {
  const rows = await tx.query<{ line: string }>(
    `delete from {{brand}}.line_log_in b using {{brand}}.line l, {{brand}}.line_clock c
      where b.log_in = $1 and b.line = l.id and c.line = l.id and c.epoch = b.epoch and l.msisdn = $2 returning b.line`,
    [logIn, msisdn],
  )
  return rows[0]?.line ?? null
}

/** Whether a log-in manages a line, at the epoch the line has now. */
export async function isBound(db: Reader, logIn: string, line: string): Promise<boolean> {
  const rows = await db.query(
    `select from {{brand}}.line_log_in b join {{brand}}.line_clock c on c.line = b.line and c.epoch = b.epoch
      where b.log_in = $1 and b.line = $2`,
    [logIn, line],
  )
  return rows.length > 0
}

/** Unbinds every line from a log-in, of whatever epoch; answers the lines. */
export async function deleteBindingsOf(tx: Tx, logIn: string): Promise<string[]> {
  const rows = await tx.query<{ line: string }>(
    'delete from {{brand}}.line_log_in where log_in = $1 returning line',
    [logIn],
  )
  return rows.map((row) => row.line)
}
