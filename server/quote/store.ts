import { isoInstant } from '../platform/clock.ts'
import type { Reader, Tx } from '../platform/db.ts'
import type { Quote } from './quote.ts'
import type { StatedRate } from './rate-file.ts'

/** Adds rates that are not there yet; answers how many. The caller has looked for those that say something else. */
export async function insertRates(
  tx: Tx,
  rates: readonly StatedRate[],
  by: string,
  atMs: number,
): Promise<number> {
  const rows = await tx.query(
    `insert into {{brand}}.rate (kind, source, base, currency, value, day, since, until, imported_at, imported_by)
     select u.kind, u.source, u.base, u.currency, u.value, date '1970-01-01' + u.day, u.since, u.until, $9::timestamptz, $10
       from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::numeric[], $6::int[], $7::timestamptz[], $8::timestamptz[])
         as u (kind, source, base, currency, value, day, since, until)
     on conflict (kind, source, base, currency, since) do nothing returning currency`,
    [...columnsOf(rates), isoInstant(atMs), by],
  )
  return rows.length
}

/** A rate that was published before with another value or end than it has now. */
export interface Contradicted {
  readonly source: string
  readonly base: string
  readonly currency: string
  readonly day: number
  readonly was: string
}

export async function contradicted(db: Reader, rates: readonly StatedRate[]): Promise<Contradicted[]> {
  return await db.query<Contradicted>(
    `select r.source, r.base, r.currency, r.day, r.value::text as was
       from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::numeric[], $6::int[], $7::timestamptz[], $8::timestamptz[])
         as u (kind, source, base, currency, value, day, since, until)
       join {{brand}}.rate r using (kind, source, base, currency, since)
      where r.value <> u.value or r.until is distinct from u.until`,
    columnsOf(rates),
  )
}

function columnsOf(rates: readonly StatedRate[]): unknown[] {
  return [
    rates.map((r) => r.kind),
    rates.map((r) => r.source),
    rates.map((r) => r.base),
    rates.map((r) => r.currency),
    rates.map((r) => r.value),
    rates.map((r) => r.day),
    rates.map((r) => isoInstant(r.sinceMs)),
    rates.map((r) => (r.untilMs === null ? null : isoInstant(r.untilMs))),
  ]
}

export interface KeptRate {
  readonly source: string
  readonly currency: string
  readonly value: string
  readonly day: number
}

/** The dealing rate of a pair that stands at an instant; of several the one that came last. */
export async function dealingRate(
  db: Reader,
  base: string,
  currency: string,
  nowMs: number,
): Promise<KeptRate | undefined> {
  const rows = await db.query<KeptRate>(
    `select source, currency, value::text as value, day from {{brand}}.rate
      where kind = 'dealing' and base = $1 and currency = $2 and since <= $3 and until > $3
      order by since desc, source limit 1`,
    [base, currency, isoInstant(nowMs)],
  )
  return rows[0]
}

/** The newest day of reference rates on which all of these currencies have one to the euro, with those rates. */
export async function referenceRates(db: Reader, currencies: readonly string[]): Promise<KeptRate[]> {
  return await db.query<KeptRate>(
    `select source, currency, value::text as value, day from {{brand}}.rate
      where kind = 'reference' and base = 'EUR' and currency = any ($1::text[])
        and (source, since) = (select source, since from {{brand}}.rate
          where kind = 'reference' and base = 'EUR' and currency = any ($1::text[])
          group by source, since having count(*) = cardinality($1::text[]) order by since desc, source limit 1)`,
    [currencies],
  )
}

export async function insertQuote(tx: Tx, quote: Quote): Promise<void> {
  await tx.query(
    `insert into {{brand}}.quote (id, order_id, price, currency, amount, pay_currency, numerator, denominator, margin_bp, margin,
       source, rate_day, made_at, until)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, date '1970-01-01' + $12::int, $13, $14)`,
    [
      quote.id,
      quote.order,
      quote.priceMinor,
      quote.currency,
      quote.amountMinor,
      quote.payCurrency,
      quote.rate.numerator,
      quote.rate.denominator,
      quote.marginBp,
      quote.marginMinor,
      quote.source,
      quote.rateDay,
      isoInstant(quote.madeAtMs),
      isoInstant(quote.untilMs),
    ],
  )
}

interface QuoteSql {
  readonly id: string
  readonly order_id: string
  readonly price: bigint
  readonly currency: string
  readonly amount: bigint
  readonly pay_currency: string
  readonly numerator: bigint
  readonly denominator: bigint
  readonly margin_bp: number
  readonly margin: bigint
  readonly source: string
  readonly rate_day: number
  readonly made_at: number
  readonly until: number
}

const QUOTE = `id, order_id, price, currency, amount, pay_currency, numerator, denominator, margin_bp, margin, source, rate_day,
  made_at, until`

function quoteOf(row: QuoteSql): Quote {
  return {
    id: row.id,
    order: row.order_id,
    priceMinor: row.price,
    currency: row.currency,
    amountMinor: row.amount,
    payCurrency: row.pay_currency,
    rate: { numerator: row.numerator, denominator: row.denominator },
    marginBp: row.margin_bp,
    marginMinor: row.margin,
    source: row.source,
    rateDay: row.rate_day,
    madeAtMs: row.made_at,
    untilMs: row.until,
  }
}

/** Quotes by their ids; they never change, so nobody locks them. */
export async function readQuotes(db: Reader, ids: readonly string[]): Promise<Quote[]> {
  if (ids.length === 0) return []
  const rows = await db.query<QuoteSql>(`select ${QUOTE} from {{brand}}.quote where id = any ($1::uuid[])`, [
    ids,
  ])
  return rows.map(quoteOf)
}

/** The quote of an order in a currency that stands beyond an instant; the one that stands longest. */
export async function standingQuote(
  db: Reader,
  order: string,
  payCurrency: string,
  beyondMs: number,
): Promise<Quote | undefined> {
  const rows = await db.query<QuoteSql>(
    `select ${QUOTE} from {{brand}}.quote where order_id = $1 and pay_currency = $2 and until > $3
      order by until desc limit 1`,
    [order, payCurrency, isoInstant(beyondMs)],
  )
  return rows[0] && quoteOf(rows[0])
}
