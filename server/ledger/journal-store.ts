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
  readonly createdAtMs: number
}

/** What these causes moved, in the order it was written. */
export async function readJournal(db: Reader, causes: readonly string[]): Promise<JournalLine[]> {
  return await db.query<JournalLine>(
    `select t.cause, t.posting, coalesce(d.kind, 'line-balance') as debit, coalesce(d.subject, '') as "debitSubject",
        coalesce(c.kind, 'line-balance') as credit, coalesce(c.subject, '') as "creditSubject", t.amount as "amountMinor",
        t.created_at as "createdAtMs"
       from {{brand}}.transfer t
       left join {{brand}}.account d on d.id = t.debit_account left join {{brand}}.account c on c.id = t.credit_account
      where t.cause = any($1::uuid[]) order by t.created_at, t.id`,
    [plainArray(causes)],
  )
}
