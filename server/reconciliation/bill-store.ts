import type { ProviderName } from '../payment/index.ts'
import { isoInstant } from '../platform/clock.ts'
import type { Reader, Tx } from '../platform/db.ts'
import { bytesArray, plainArray, textArray } from '../platform/sql-array.ts'
import type { BillRow } from './bill.ts'

/** One bill at a time for a merchant's day: whoever comes second sees what the first has committed. */
export async function lockBillDay(tx: Tx, provider: string, merchant: string, day: string): Promise<void> {
  await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [
    `${tx.brand} bill ${provider} ${merchant} ${day}`,
  ])
}

export interface BillHead {
  readonly id: string
  readonly provider: ProviderName
  readonly merchant: string
  readonly day: number
  readonly rows: number
  readonly currency: string
  readonly feeMinor: bigint
  readonly feeReturnedMinor: bigint
  readonly matchedAtMs: number | null
}

const HEAD = `id, provider, merchant, day, rows, currency, fee as "feeMinor", fee_returned as "feeReturnedMinor",
  matched_at as "matchedAtMs"`

export async function readBill(
  db: Reader,
  provider: string,
  merchant: string,
  day: string,
): Promise<(BillHead & { readonly digest: Buffer }) | undefined> {
  const rows = await db.query<BillHead & { digest: Buffer }>(
    `select ${HEAD}, digest from {{brand}}.bill where provider = $1 and merchant = $2 and day = $3::date`,
    [provider, merchant, day],
  )
  return rows[0]
}

export async function lockBill(tx: Tx, id: string): Promise<BillHead | undefined> {
  const rows = await tx.query<BillHead>(
    `select ${HEAD} from {{brand}}.bill where id = $1 for no key update`,
    [id],
  )
  return rows[0]
}

/** Bills of a day, by provider and merchant. */
export async function billsOf(db: Reader, day: string): Promise<BillHead[]> {
  return await db.query<BillHead>(
    `select ${HEAD} from {{brand}}.bill where day = $1::date order by provider, merchant`,
    [day],
  )
}

export async function insertBillRows(
  tx: Tx,
  bill: string,
  firstOrdinal: number,
  rows: readonly BillRow[],
): Promise<void> {
  await tx.query(
    `insert into {{brand}}.bill_row (bill, ordinal, kind, key, number, amount, fee, currency, at, final)
     select $1, $2::int + u.n::int - 1, u.kind, u.key, u.number, u.amount, u.fee, u.currency,
       'epoch'::timestamptz + u.at * interval '1 millisecond', u.final
     from unnest($3::text[], $4::text[], $5::uuid[], $6::bigint[], $7::bigint[], $8::text[], $9::bigint[], $10::bool[])
       with ordinality as u (kind, key, number, amount, fee, currency, at, final, n)`,
    [
      bill,
      firstOrdinal,
      plainArray(rows.map((row) => row.kind)),
      textArray(rows.map((row) => row.key)),
      plainArray(rows.map((row) => row.number)),
      plainArray(rows.map((row) => row.amountMinor)),
      plainArray(rows.map((row) => row.feeMinor)),
      textArray(rows.map((row) => row.currency)),
      plainArray(rows.map((row) => row.atMs)),
      plainArray(rows.map((row) => row.final)),
    ],
  )
}

export interface NewBill {
  readonly id: string
  readonly provider: ProviderName
  readonly merchant: string
  readonly day: string
  readonly digest: Buffer
  readonly rows: number
  readonly currency: string
  readonly paidMinor: bigint
  readonly refundedMinor: bigint
  readonly feeMinor: bigint
  readonly feeReturnedMinor: bigint
  readonly otherMinor: bigint
  readonly importedBy: string
}

export async function insertBill(tx: Tx, bill: NewBill, atMs: number): Promise<void> {
  await tx.query(
    `insert into {{brand}}.bill (id, provider, merchant, day, digest, rows, currency, paid, refunded, fee, fee_returned, other,
       imported_at, imported_by)
     values ($1, $2, $3, $4::date, ($5::bytea[])[1], $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
    [
      bill.id,
      bill.provider,
      bill.merchant,
      bill.day,
      bytesArray([bill.digest]),
      bill.rows,
      bill.currency,
      bill.paidMinor,
      bill.refundedMinor,
      bill.feeMinor,
      bill.feeReturnedMinor,
      bill.otherMinor,
      isoInstant(atMs),
      bill.importedBy,
    ],
  )
}

/** Of these numbers one that is an attempt of another merchant: undefined where none is. */
export async function strangerAmong(
  db: Reader,
  provider: string,
  merchant: string,
  numbers: readonly string[],
): Promise<{ readonly provider: string; readonly merchant: string } | undefined> {
  const rows = await db.query<{ provider: string; merchant: string }>(
    `select provider, merchant from {{brand}}.attempt
      where id = any ($3::uuid[]) and (provider, merchant) <> ($1, $2) limit 1`,
    [provider, merchant, plainArray(numbers)],
  )
  return rows[0]
}

export async function markMatched(tx: Tx, bill: string, atMs: number): Promise<void> {
  await tx.query('update {{brand}}.bill set matched_at = $2 where id = $1 and matched_at is null', [
    bill,
    isoInstant(atMs),
  ])
}

/** A merchant whose bills are awaited: the first day it can have one, and the days of the last ones that are there. */
export interface AwaitedMerchant {
  readonly provider: ProviderName
  readonly id: string
  readonly createdAtMs: number
  readonly days: readonly string[]
}

/** Every merchant, with the days since `since` whose bills were imported. */
export async function readAwaited(db: Reader, since: string): Promise<AwaitedMerchant[]> {
  return await db.query<AwaitedMerchant>(
    `select m.provider, m.id, m.created_at as "createdAtMs",
       array(select b.day::text from {{brand}}.bill b
         where b.provider = m.provider and b.merchant = m.id and b.day >= $1::date) as days
     from {{brand}}.merchant m order by m.provider, m.id`,
    [since],
  )
}
