import type { ProviderName } from '../payment/index.ts'
import { isoInstant } from '../platform/clock.ts'
import type { Reader, Tx } from '../platform/db.ts'
import type { BreakClass } from './break.ts'

/** Whose bills are matched, and by what. */
export interface MatchOf {
  readonly provider: ProviderName
  readonly merchant: string
  readonly zone: string
  /** The ledger's account of what the provider owes for this merchant. */
  readonly clearing: string
}

const of = ({ provider, merchant, zone, clearing }: MatchOf) => [provider, merchant, zone, clearing]

/** A UUIDv7 of the instant `$at`, in SQL: breaks are found by the set, and nobody knows before how many. */
const newId = (at: string) =>
  `(lpad(to_hex((extract(epoch from ${at}::timestamptz) * 1000)::bigint), 12, '0') || '7'
     || substr(replace(gen_random_uuid()::text, '-', ''), 14))::uuid`

/** Ids made within a minute of an instant, which is when its transaction made them. */
const madeAt = (at: string, id: string) => `${id} between
  (lpad(to_hex((extract(epoch from ${at}) * 1000)::bigint - 60000), 12, '0') || repeat('0', 20))::uuid and
  (lpad(to_hex((extract(epoch from ${at}) * 1000)::bigint + 60000), 12, '0') || repeat('f', 20))::uuid`

/**
 * Whether a row is on a bill of the merchant. Asked of each row that was found by its key, which is one or none: joined, bills would
 * lead to their million rows.
 */
const billedBy = (row: string) =>
  `(select b.provider = $1 and b.merchant = $2 from {{brand}}.bill b where b.id = ${row}.bill)`

/**
 * Payments that came second: their order counts another, and what was taken was posted under a hold of its own, which only the
 * refund leads to.
 */
const SECOND = `
  second as materialized (
    select f.id, f.attempt, f.transaction, f.amount, f.currency, f.requested_at,
           (select min(coalesce(e.happened_at, e.received_at)) from {{brand}}.evidence e
             where e.attempt = f.attempt and e.transaction = f.transaction and e.said = 'paid') as at
      from {{brand}}.refund f join {{brand}}.attempt a on a.id = f.attempt
     where f.reason = 'paid-twice' and a.provider = $1 and a.merchant = $2)`

/** Null where the row is of no payment, so that nothing is looked for. */
const PAYMENT_KEY = `case when r.kind in ('payment', 'revocation') then r.key end`

const LEDGER_OF_SECOND = `(select sum(t.amount) from {{brand}}.transfer h
    join {{brand}}.transfer t on t.cause = h.cause and t.debit_account = $4
   where h.id = s.id and ${madeAt('s.requested_at', 'h.cause')})`

const LEDGER_OF_ORDER = `(select sum(t.amount) from {{brand}}.transfer t where t.cause = a.order_id and t.debit_account = $4)`

/** One that came back and was sent again was sent whole each time. */
const LEDGER_OF_REFUND = `(select max(t.amount) from {{brand}}.transfer t where t.cause = f.id and t.credit_account = $4)`

/** What a payer's bank took and gave back is known by the dispute's number, and by its amount. */
const TAKEN_BACK = `exists (select from {{brand}}.dispute d where d.provider = $1 and d.merchant = $2 and d.amount = abs(c.amount)
    and (c.key = 'dispute ' || d.number and d.posted <> 'none' or c.key = 'dispute_reversal ' || d.number and d.posted = 'reinstated'))`

/** A refund that the rail could not carry out leaves two rows that cancel each other out. */
const CAME_BACK = `(c.key like 'refund\\_failure %' and exists (select from {{brand}}.bill_row v
    where v.key = substr(c.key, 16) and v.kind = 'refund' and v.amount = abs(c.amount)))`

/** Half up, as the rails round; a refund's share may round otherwise where it is one of several. Terms speak of no bill before them. */
const FEE_DIFFERS = `case
    when t.provider is null or b.matched_at < t.set_at then false
    when r.kind = 'payment' then r.fee <> (r.amount * t.fee_bp + 5000) / 10000 + t.fee_fixed
    when t.fee_returned then abs(r.fee + (r.amount * t.fee_bp + 5000) / 10000) > 1
    else r.fee <> 0 end`

/**
 * What each of some rows of bills is against the books: a class of break, or null where all three agree. In the order of the
 * cases: a row that was there before; one that nobody here knows (but what was revoked at the counter leaves two rows that cancel
 * each other out); amounts; the day; the fee. A payment that was written off and comes after all is new money again.
 *
 * `offset 0` keeps what is compared apart from what is made of it: else every subselect is asked once for each place that names it.
 * An earlier row is looked for by its key alone, so it is compared by what no index has.
 */
const judged = (rows: string) => `
  ${SECOND},
  compared as (
    select r.*, b.day, coalesce(f.id, s.attempt, a.id) as item,
           case r.kind when 'refund' then f.amount else coalesce(s.amount, a.captured) end as ours,
           case r.kind when 'refund' then f.currency else coalesce(s.currency, a.captured_currency) end as ours_currency,
           case when f.id is not null then ${LEDGER_OF_REFUND} when s.id is not null then ${LEDGER_OF_SECOND}
             when a.id is not null then ${LEDGER_OF_ORDER} end as ledger,
           (coalesce(f.done_at, s.at, a.captured_at) at time zone $3)::date as ours_day,
           f.done_at is null and r.kind = 'refund' as still_open,
           ${FEE_DIFFERS} as fee_differs,
           exists (select from {{brand}}.bill_row e where e.key = r.key and e.kind = r.kind and ${billedBy('e')}
             and (e.bill = r.bill and e.ordinal + 0 < r.ordinal or e.bill::text collate "C" < r.bill::text collate "C")) as again
      from ${rows}
      join {{brand}}.bill b on b.id = r.bill
      left join {{brand}}.provider_terms t on t.provider = $1 and t.merchant = $2 and r.kind in ('payment', 'refund')
      left join {{brand}}.attempt a on a.provider = $1 and a.merchant = $2 and a.transaction = ${PAYMENT_KEY}
      left join second s on s.transaction = ${PAYMENT_KEY}
      left join ({{brand}}.refund f join {{brand}}.attempt fa on fa.id = f.attempt and fa.provider = $1 and fa.merchant = $2)
        on f.id = case when r.kind = 'refund' then r.number end
          and (f.state = 'done' or f.returned_at is not null or not r.final and f.state <> 'abnormal') offset 0),
  classed as (
    select c.*, case
        when kind = 'fee' then null
        when again then 'duplicate'
        when kind = 'other' then case when ${TAKEN_BACK} or ${CAME_BACK} then null else 'missing-here' end
        when kind = 'revocation' then case when ours is not null then 'missing-here' end
        when ours is null then case when not exists (select from {{brand}}.bill_row v where v.key = c.key and v.kind = 'revocation')
          and not exists (select from {{brand}}.bill_row v where v.key = 'refund_failure ' || c.key and v.kind = 'other') then 'missing-here' end
        when (kind, key) in (select w.kind, w.key from {{brand}}.bill_break w
          where w.bill is null and w.entry is not null and w.provider = $1 and w.merchant = $2) then 'missing-here'
        when amount <> ours or currency <> ours_currency then 'amount'
        when still_open then null
        when ledger is null then 'missing-here'
        when ledger <> ours then 'amount'
        when ours_day <> day and not exists (select from {{brand}}.bill_break w
          where w.bill is null and w.provider = $1 and w.merchant = $2 and w.kind = c.kind and w.key = c.key) then 'day-boundary'
        when fee_differs then 'fee' end as class
      from compared c offset 0),
  judged as (
    select bill, ordinal, kind, key, item, day, class, currency,
           case class when 'fee' then null else ours end as ours, case class when 'fee' then null else ledger end as ledger,
           case class when 'fee' then fee else amount end as billed, ours_day,
           case when kind in ('refund', 'revocation') then -1 else 1 end
             * case class when 'amount' then amount - coalesce(ledger, 0) when 'day-boundary' then 0 when 'fee' then 0 else amount end
             as difference
      from classed)`

/** With it what earlier bills have only seen begin. */
const ROWS_OF_BILL = `(select * from {{brand}}.bill_row where bill = $5
    union all
    select o.* from {{brand}}.bill m join {{brand}}.bill_row o on o.bill = m.id and not o.final
     where m.provider = $1 and m.merchant = $2 and m.id <> $5) r`
const ROWS_OF_OPEN_BREAKS = `(select r.* from {{brand}}.bill_break k join {{brand}}.bill_row r on r.bill = k.bill and r.ordinal = k.ordinal
    where k.provider = $1 and k.merchant = $2 and k.closed_at is null) r`
const ROWS_OF_MATCHED_BILLS = `(select r.* from {{brand}}.bill m join {{brand}}.bill_row r on r.bill = m.id
    where m.provider = $1 and m.merchant = $2 and m.matched_at is not null) r`

/** Who closes a break that has explained itself. */
const BY_ITSELF = 'reconciliation'

export type BreakCounts = ReadonlyMap<BreakClass, number>

/**
 * Opens a break for every row of a bill that differs; those there are already stay as they are. A payment that both sides have, on
 * two days, is closed with that as its reason. Answers the new ones by class.
 */
export async function openRowBreaks(
  tx: Tx,
  match: MatchOf,
  bill: string,
  owner: string,
  atMs: number,
): Promise<BreakCounts> {
  const rows = await tx.query<{ class: BreakClass; n: number }>(
    `with ${judged(ROWS_OF_BILL)},
     opened as (
       insert into {{brand}}.bill_break (id, provider, merchant, day, class, kind, bill, ordinal, key, item, ours, ledger, billed,
         currency, difference, owner, opened_at, closed_at, closed_by, reason)
       select ${newId('$7')}, $1, $2, day, class, kind, bill, ordinal, key, item, ours, ledger, billed, currency, difference, $6, $7,
         case class when 'day-boundary' then $7::timestamptz end, case class when 'day-boundary' then '${BY_ITSELF}' end,
         case class when 'day-boundary' then 'ours on ' || ours_day || ', theirs on ' || day end
         from judged where class is not null
       on conflict (bill, ordinal) where bill is not null do nothing returning class)
     select class, count(*)::int as n from opened group by class`,
    [...of(match), bill, owner, isoInstant(atMs)],
  )
  return new Map(rows.map(({ class: name, n }) => [name, n]))
}

/** Payments and refunds of ours on a day (`$5`) that stand on no bill of the merchant. */
const UNBILLED = `
  ${SECOND},
  items as (
    select 'payment' as kind, a.transaction as key, a.id as item, a.captured as ours, a.captured_currency as currency,
           a.captured_at as at, case when s.id is null then ${LEDGER_OF_ORDER} else ${LEDGER_OF_SECOND} end as ledger
      from {{brand}}.attempt a left join second s on s.transaction = a.transaction
     where a.provider = $1 and a.merchant = $2 and a.state = 'captured'
       and a.captured_at >= $5::date::timestamp at time zone $3 and a.captured_at < ($5::date + 1)::timestamp at time zone $3
       and not exists (select from {{brand}}.bill_row r where r.key = a.transaction and r.kind = 'payment' and ${billedBy('r')})
    union all
    select 'payment', s.transaction, s.attempt, s.amount, s.currency, s.at, ${LEDGER_OF_SECOND}
      from second s join {{brand}}.attempt a on a.id = s.attempt and a.transaction is distinct from s.transaction
     where s.at >= $5::date::timestamp at time zone $3 and s.at < ($5::date + 1)::timestamp at time zone $3
       and not exists (select from {{brand}}.bill_row r where r.key = s.transaction and r.kind = 'payment' and ${billedBy('r')})
    union all
    select 'refund', f.id::text, f.id, f.amount, f.currency, f.done_at, ${LEDGER_OF_REFUND}
      from {{brand}}.refund f join {{brand}}.attempt a on a.id = f.attempt
     where a.provider = $1 and a.merchant = $2 and f.state = 'done'
       and f.done_at >= $5::date::timestamp at time zone $3 and f.done_at < ($5::date + 1)::timestamp at time zone $3
       and not exists (select from {{brand}}.bill_row r where r.key = f.id::text and r.kind = 'refund' and ${billedBy('r')}))`

/**
 * Opens a break for everything of ours on a day that is on no bill. So near to the day's end that the provider's clock may have
 * been past it, it is expected on the next day's bill.
 */
export async function openItemBreaks(
  tx: Tx,
  match: MatchOf,
  day: string,
  owner: string,
  atMs: number,
): Promise<BreakCounts> {
  const rows = await tx.query<{ class: BreakClass; n: number }>(
    `with ${UNBILLED},
     opened as (
       insert into {{brand}}.bill_break (id, provider, merchant, day, class, kind, key, item, ours, ledger, currency, difference, owner,
         opened_at)
       select ${newId('$7')}, $1, $2, $5::date,
         case when at >= ($5::date + 1)::timestamp at time zone $3 - interval '10 minutes' then 'day-boundary' else 'missing-there' end,
         kind, key, item, ours, ledger, currency, case kind when 'refund' then 1 else -1 end * coalesce(ledger, ours), $6, $7
         from items
       on conflict (provider, merchant, kind, key) where bill is null do nothing returning class)
     select class, count(*)::int as n from opened group by class`,
    [...of(match), day, owner, isoInstant(atMs)],
  )
  return new Map(rows.map(({ class: name, n }) => [name, n]))
}

/** Closes breaks of what was on no bill and is on one by now; answers how many. */
export async function closeArrived(tx: Tx, match: MatchOf, atMs: number): Promise<number> {
  const rows = await tx.query(
    `with arrived as (
       select k.id, min(b.day) as day
         from {{brand}}.bill_break k
         join {{brand}}.bill_row r on r.key = k.key and r.kind = k.kind
         join {{brand}}.bill b on b.id = r.bill and b.provider = $1 and b.merchant = $2
        where k.bill is null and k.closed_at is null and k.kind in ('payment', 'refund') and k.provider = $1 and k.merchant = $2
        group by k.id)
     update {{brand}}.bill_break k set class = 'day-boundary', difference = 0, closed_at = $3, closed_by = '${BY_ITSELF}',
       reason = 'on the bill of ' || a.day
       from arrived a where k.id = a.id returning k.id`,
    [match.provider, match.merchant, isoInstant(atMs)],
  )
  return rows.length
}

/** What was expected on the next day's bill, and is not on it, is missing. */
export async function endWaiting(tx: Tx, match: MatchOf): Promise<void> {
  await tx.query(
    `update {{brand}}.bill_break k set class = 'missing-there'
      where k.bill is null and k.closed_at is null and k.class = 'day-boundary' and k.provider = $1 and k.merchant = $2
        and exists (select from {{brand}}.bill b where b.provider = $1 and b.merchant = $2 and b.day = k.day + 1)`,
    [match.provider, match.merchant],
  )
}

/**
 * Judges the rows of open breaks again: what agrees by now is closed with that as its reason, what differs otherwise says so.
 * Answers how many were closed.
 */
export async function judgeAgain(tx: Tx, match: MatchOf, atMs: number): Promise<number> {
  const rows = await tx.query<{ closed: number }>(
    `with ${judged(ROWS_OF_OPEN_BREAKS)},
     closed as (
       update {{brand}}.bill_break k set class = coalesce(j.class, k.class), item = j.item, difference = 0, closed_at = $5,
         closed_by = '${BY_ITSELF}',
         reason = case when j.class is null then 'bill and books agree by now' else 'ours on ' || j.ours_day || ', theirs on ' || j.day end
         from judged j where k.bill = j.bill and k.ordinal = j.ordinal and k.closed_at is null
          and (j.class is null or j.class = 'day-boundary') returning k.id),
     changed as (
       update {{brand}}.bill_break k set class = j.class, item = j.item, ours = j.ours, ledger = j.ledger, billed = j.billed,
         difference = j.difference
         from judged j where k.bill = j.bill and k.ordinal = j.ordinal and k.closed_at is null and j.class <> 'day-boundary'
          and (k.class, k.difference, coalesce(k.ours, -1)) <> (j.class, j.difference, coalesce(j.ours, -1)) returning k.id)
     select (select count(*) from closed)::int as closed`,
    [...of(match), isoInstant(atMs)],
  )
  return rows[0]?.closed ?? 0
}

/** A row of a bill that was matched, does not agree and is in no break: fsck's I16. Two days of one payment do agree. */
export interface UnexplainedRow {
  readonly bill: string
  readonly ordinal: number
  readonly kind: string
  readonly key: string
  readonly billed: bigint
  readonly ours: bigint | null
  readonly ledger: bigint | null
}

export async function unexplainedRows(db: Reader, match: MatchOf): Promise<UnexplainedRow[]> {
  return await db.query<UnexplainedRow>(
    `with ${judged(ROWS_OF_MATCHED_BILLS)}
     select j.bill, j.ordinal, j.kind, j.key, j.billed, j.ours, j.ledger from judged j
      where j.class <> 'day-boundary' and not exists (select from {{brand}}.bill_break k where k.bill = j.bill and k.ordinal = j.ordinal)`,
    of(match),
  )
}

/** Merchants that have bills, each with its clearing account. */
export async function billedMerchants(
  db: Reader,
): Promise<{ readonly provider: ProviderName; readonly merchant: string; readonly clearing: string }[]> {
  return await db.query(
    `select distinct b.provider, b.merchant, a.id as clearing from {{brand}}.bill b
       join {{brand}}.account a on a.kind = 'provider-clearing' and a.subject = b.provider || ':' || b.merchant
         and a.currency = b.currency
      order by 1, 2`,
  )
}
