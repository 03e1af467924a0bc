import { isoInstant } from '../platform/clock.ts'
import type { Reader, Tx } from '../platform/db.ts'
import type { BankEntry, EntryState, Format, Reason, StatedEntry } from './entry.ts'

/** Makes the imports of one account take turns, to the end of the transaction. */
export async function lockAccount(tx: Tx, merchant: string): Promise<void> {
  await tx.query(`select pg_advisory_xact_lock(hashtextextended('{{brand}} statement ' || $1::text, 0))`, [
    merchant,
  ])
}

/** Whether a file of these bytes was taken in before. */
export async function knownFile(db: Reader, merchant: string, digest: Buffer): Promise<boolean> {
  const rows = await db.query('select id from {{brand}}.bank_statement where merchant = $1 and digest = $2', [
    merchant,
    digest,
  ])
  return rows.length > 0
}

export interface NewStatement {
  readonly id: string
  readonly merchant: string
  readonly format: Format
  readonly digest: Buffer
  readonly entries: number
  readonly added: number
  readonly openingMinor: bigint | null
  readonly closingMinor: bigint | null
  readonly importedBy: string
}

export async function insertStatement(tx: Tx, statement: NewStatement, nowMs: number): Promise<void> {
  await tx.query(
    `insert into {{brand}}.bank_statement (id, merchant, format, digest, entries, added, opening, closing, imported_at, imported_by)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    [
      ...[statement.id, statement.merchant, statement.format, statement.digest, statement.entries],
      ...[statement.added, statement.openingMinor, statement.closingMinor, isoInstant(nowMs)],
      statement.importedBy,
    ],
  )
}

export interface NewEntry extends StatedEntry {
  readonly id: string
  readonly state: EntryState
  readonly reason: Reason | null
  readonly owner: string | null
  readonly attempt: string | null
  readonly transaction: string | null
  readonly refund: string | null
  readonly returnReference: string | null
  /** Who closed it, where it is not open. */
  readonly closedBy: string | null
}

export async function insertEntries(
  tx: Tx,
  { id, merchant }: Pick<NewStatement, 'id' | 'merchant'>,
  entries: readonly NewEntry[],
  nowMs: number,
): Promise<void> {
  const all = <T>(of: (entry: NewEntry) => T) => entries.map(of)
  await tx.query(
    `insert into {{brand}}.bank_entry (id, merchant, bank_reference, direction, reversal, amount, currency, booked_on, value_on, remittance,
       other_name, other_account, statement, state, reason, owner, attempt, transaction, refund, return_reference, closed_at, closed_by)
     select u.id, $1, u.reference, u.direction, u.reversal, u.amount, u.currency, u.booked_on, u.value_on, u.remittance, u.other_name,
       u.other_account, $2, u.state, u.reason, u.owner, u.attempt, u.transaction, u.refund, u.return_reference,
       case when u.closed_by is not null then $3::timestamptz end, u.closed_by
     from unnest($4::uuid[], $5::text[], $6::text[], $7::bool[], $8::bigint[], $9::text[], $10::date[], $11::date[], $12::text[],
         $13::text[], $14::text[], $15::text[], $16::text[], $17::text[], $18::uuid[], $19::text[], $20::uuid[], $21::text[], $22::text[])
       as u (id, reference, direction, reversal, amount, currency, booked_on, value_on, remittance, other_name, other_account, state,
         reason, owner, attempt, transaction, refund, return_reference, closed_by)`,
    [
      ...[merchant, id, isoInstant(nowMs)],
      ...[all((e) => e.id), all((e) => e.reference), all((e) => e.direction), all((e) => e.reversal)],
      ...[all((e) => e.amountMinor), all((e) => e.currency), all((e) => e.bookedOn), all((e) => e.valueOn)],
      ...[all((e) => e.remittance), all((e) => e.otherName), all((e) => e.otherAccount), all((e) => e.state)],
      ...[all((e) => e.reason), all((e) => e.owner), all((e) => e.attempt), all((e) => e.transaction)],
      ...[all((e) => e.refund), all((e) => e.returnReference), all((e) => e.closedBy)],
    ],
  )
}

const ENTRY = `e.id, e.merchant, e.bank_reference as reference, e.direction, e.reversal, e.amount as "amountMinor", e.currency,
  to_char(e.booked_on, 'YYYY-MM-DD') as "bookedOn", to_char(e.value_on, 'YYYY-MM-DD') as "valueOn", e.remittance,
  e.other_name as "otherName", e.other_account as "otherAccount", e.state, e.reason, e.owner, e.attempt, e.transaction, e.refund,
  e.return_reference as "returnReference", s.imported_at as "seenAtMs", s.format = 'camt.054' as noticed, e.closed_at as "closedAtMs", e.closed_by as "closedBy", e.note`
const FROM = 'from {{brand}}.bank_entry e join {{brand}}.bank_statement s on s.id = e.statement'

/** Entries that bear one of these references, whichever way their money went. */
export async function entriesByReference(
  db: Reader,
  merchant: string,
  references: readonly string[],
): Promise<BankEntry[]> {
  return await db.query<BankEntry>(
    `select ${ENTRY} ${FROM} where e.merchant = $1 and e.bank_reference = any ($2::text[])`,
    [merchant, references],
  )
}

/** Open entries, or all of them, the oldest first. */
export async function listEntries(db: Reader, onlyOpen: boolean, limit: number): Promise<BankEntry[]> {
  return await db.query<BankEntry>(
    `select ${ENTRY} ${FROM} where e.state = 'open' or not $1 order by e.booked_on, e.id limit $2`,
    [onlyOpen, limit],
  )
}

/** Locks entries, by id. */
export async function lockEntries(tx: Tx, ids: readonly string[]): Promise<BankEntry[]> {
  return await tx.query<BankEntry>(
    `select ${ENTRY} ${FROM} where e.id = any ($1::uuid[]) order by e.id for no key update of e`,
    [ids],
  )
}

/** The accounts that entries are of, in their order. */
export async function accountsOf(db: Reader, ids: readonly string[]): Promise<string[]> {
  const rows = await db.query<{ merchant: string }>(
    'select distinct merchant from {{brand}}.bank_entry where id = any ($1::uuid[]) order by merchant',
    [ids],
  )
  return rows.map(({ merchant }) => merchant)
}

/** The entries of payments by transfer: who paid, from where. */
export async function entriesOfPayments(db: Reader, transactions: readonly string[]): Promise<BankEntry[]> {
  return await db.query<BankEntry>(
    `select ${ENTRY} ${FROM} where e.direction = 'credit' and e.transaction = any ($1::text[]) order by e.id`,
    [transactions],
  )
}

/** Of these attempts those that an entry has paid already. */
export async function paidAttempts(db: Reader, attempts: readonly string[]): Promise<Set<string>> {
  const rows = await db.query<{ attempt: string }>(
    `select distinct attempt from {{brand}}.bank_entry where attempt = any ($1::uuid[]) and state = 'matched' and direction = 'credit'`,
    [attempts],
  )
  return new Set(rows.map(({ attempt }) => attempt))
}

/** More debits than credits: it went out and has not come back since. */
const IS_OUT = "sum(case direction when 'debit' then 1 else -1 end) > 0"

/** Of these refunds those that an entry has carried out already. */
export async function transferredRefunds(db: Reader, refunds: readonly string[]): Promise<Set<string>> {
  const rows = await db.query<{ refund: string }>(
    `select refund from {{brand}}.bank_entry where refund = any ($1::uuid[]) and state = 'matched' group by refund having ${IS_OUT}`,
    [refunds],
  )
  return new Set(rows.map(({ refund }) => refund))
}

/** Refunds of these amounts that debits of an account carried out and that have not come back. */
export async function refundsMade(db: Reader, merchant: string, amounts: readonly bigint[]) {
  if (amounts.length === 0) return []
  return await db.query<{
    readonly refund: string
    readonly attempt: string
    readonly amountMinor: bigint
    readonly debit: string
  }>(
    `select refund, attempt, bank_reference as debit, amount as "amountMinor" from {{brand}}.bank_entry
      where merchant = $1 and direction = 'debit' and state = 'matched' and refund is not null and amount = any ($2::bigint[])
        and refund in (select refund from {{brand}}.bank_entry where merchant = $1 and refund is not null and state = 'matched'
          group by refund having ${IS_OUT})
      order by id`,
    [merchant, amounts],
  )
}

/** Debits that wait for a person. */
export async function debitsOpen(
  db: Reader,
  merchant: string,
): Promise<{ readonly remittance: string; readonly amountMinor: bigint }[]> {
  return await db.query(
    `select remittance, amount as "amountMinor" from {{brand}}.bank_entry
      where merchant = $1 and state = 'open' and direction = 'debit'`,
    [merchant],
  )
}

/** Transfers back that people have recorded and no debit has shown, by the bank's references. */
export async function returnsAwaited(
  db: Reader,
  merchant: string,
  references: readonly string[],
): Promise<{ readonly returnReference: string; readonly amountMinor: bigint }[]> {
  if (references.length === 0) return []
  return await db.query(
    `select return_reference as "returnReference", amount as "amountMinor" from {{brand}}.bank_entry r
      where merchant = $1 and return_reference = any ($2::text[]) and state = 'returned'`,
    [merchant, references],
  )
}

export interface EntryEnd {
  readonly state: Exclude<EntryState, 'open'>
  readonly attempt?: string
  readonly transaction?: string
  readonly returnReference?: string
  readonly by: string
  readonly note: string | null
}

/** Ends locked entries. */
export async function closeEntries(
  tx: Tx,
  ids: readonly string[],
  end: EntryEnd,
  nowMs: number,
): Promise<void> {
  await tx.query(
    `update {{brand}}.bank_entry set state = $2, attempt = coalesce($3, attempt), transaction = $4, return_reference = $5, closed_at = $6,
       closed_by = $7, note = $8 where id = any ($1::uuid[])`,
    [
      ...[ids, end.state, end.attempt ?? null, end.transaction ?? null, end.returnReference ?? null],
      ...[isoInstant(nowMs), end.by, end.note],
    ],
  )
}

export async function writeOwner(tx: Tx, id: string, owner: string): Promise<void> {
  await tx.query('update {{brand}}.bank_entry set owner = $2 where id = $1', [id, owner])
}
