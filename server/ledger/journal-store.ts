import type { Reader } from '../platform/db.ts'
import { plainArray } from '../platform/sql-array.ts'
import type { AccountKind } from './account.ts'
import type { PostingName } from './postings.ts'

/** A row of the journal as people read it; a line's balance has no subject. */
export interface JournalLine {
  readonly cause: string
  readonly posting: PostingName
  readonly debit: AccountKind
  readonly debitSubject: string
  readonly credit: AccountKind
  readonly creditSubject: string
  readonly amountMinor: bigint
  readonly currency: string
  readonly createdAtMs: number
}

/** What these causes moved, in the order it was written. */
export async function readJournal(db: Reader, causes: readonly string[]): Promise<JournalLine[]> {
  return await db.query<JournalLine>(
    `select t.cause, t.posting, coalesce(d.kind, 'line-balance') as debit, coalesce(d.subject, '') as "debitSubject",
        coalesce(c.kind, 'line-balance') as credit, coalesce(c.subject, '') as "creditSubject", t.amount as "amountMinor",
        coalesce(d.currency, c.currency) as currency,
        t.created_at as "createdAtMs"
       from {{brand}}.transfer t
       left join {{brand}}.account d on d.id = t.debit_account left join {{brand}}.account c on c.id = t.credit_account
      where t.cause = any($1::uuid[]) order by t.created_at, t.id`,
    [plainArray(causes)],
  )
}

/** Where a cause left the line's balance and the dealer's float, as the journal froze it, and what of it paid what was owed. */
export async function readAfters(
  db: Reader,
  causes: readonly string[],
): Promise<
  Map<string, { readonly lineMinor: bigint; readonly floatMinor: bigint; readonly settledMinor: bigint }>
> {
  const rows = await db.query<{
    cause: string
    line: bigint | null
    float: bigint | null
    settled: bigint | null
  }>(
    `select t.cause, sum(t.amount) filter (where t.posting = 'owed-settled') as settled,
        (array_agg(case when c.id is not null then t.credit_after else t.debit_after end order by t.id desc)
          filter (where c.id is not null or d.id is not null))[1] as line,
        (array_agg(case when fc.id is not null then t.credit_after else t.debit_after end order by t.id desc)
          filter (where fc.id is not null or fd.id is not null))[1] as float
       from {{brand}}.transfer t
       left join {{brand}}.line_account c on c.id = t.credit_account
       left join {{brand}}.line_account d on d.id = t.debit_account
       left join {{brand}}.account fc on fc.id = t.credit_account and fc.kind = 'dealer-float'
       left join {{brand}}.account fd on fd.id = t.debit_account and fd.kind = 'dealer-float'
      where t.cause = any($1::uuid[]) group by t.cause`,
    [plainArray(causes)],
  )
  return new Map(
    rows.map(({ cause, line, float, settled }) => [
      cause,
      { lineMinor: line ?? 0n, floatMinor: float ?? 0n, settledMinor: settled ?? 0n },
    ]),
  )
}
