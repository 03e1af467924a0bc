import type { Db } from './db.ts'

/** A figure of a brand's business, read from the database when it is asked for. */
export interface BusinessFigure {
  readonly name: string
  readonly help: string
  /** Columns of the answer that become labels: few values each, nothing of any person. The column `value` is the figure. */
  readonly labels: readonly string[]
  /** Answers a row for each value of the labels; by an index, since it is asked again and again. */
  readonly sql: string
  /** What `$1` and on stand for: the instant, the business date of the brand, or what is always the same. */
  readonly values: readonly ('now' | 'today' | { readonly json: string })[]
}

/** A figure must not hold up whoever serves: longer than this it is not worth knowing. */
const STATEMENT_TIMEOUT = '2s'

/** The rows of a figure of one brand, read-only. Throws when it takes longer than two seconds. */
export async function readFigure(
  db: Db,
  brand: string,
  { sql }: Pick<BusinessFigure, 'sql'>,
  parameters: readonly string[],
): Promise<Record<string, unknown>[]> {
  return await db.of(brand).tx(async (tx) => {
    const [, , rows] = await Promise.all([
      tx.query('set transaction read only'),
      tx.query(`set local statement_timeout = '${STATEMENT_TIMEOUT}'`),
      tx.query<Record<string, unknown>>(sql, parameters),
    ])
    return rows
  })
}
