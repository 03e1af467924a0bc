import { isoInstant } from '../platform/clock.ts'
import type { Reader, Tx } from '../platform/db.ts'
import type { Exchange } from './exchange.ts'

/**
 * Refunds that people asked for of quoted orders, with what had gone back up to and with each, and before it. One that was charged to a
 * dispute has gone back only for those that were begun before that.
 */
export const ASKED_BACK = `
  asked as (
    select r.id, r.order_id, r.amount, r.order_amount, r.state, q.id as quote, q.price, q.amount as paid, q.margin, q.currency, q.pay_currency,
           r.order_amount + (select coalesce(sum(b.order_amount), 0) from {{brand}}.refund b where b.order_id = r.order_id and b.id < r.id
             and not b.automatic and not (b.state = 'covered' and b.done_at <= r.requested_at)) as up_to
      from {{brand}}.refund r join {{brand}}.attempt a on a.id = r.attempt join {{brand}}.quote q on q.id = a.quote
     where not r.automatic)`

/** Orders that were credited at a quote. */
const CREDITED = `{{brand}}.top_up o join {{brand}}.attempt a on a.id = o.attempt join {{brand}}.quote q on q.id = a.quote
     where o.credited_at is not null`

/** Disputes that stand about payments in another currency. */
const DISPUTED = `{{brand}}.dispute d join {{brand}}.attempt a on a.id = d.attempt join {{brand}}.quote q on q.id = a.quote
     where d.posted in ('disputed', 'reversed')`

/**
 * How quoted orders have moved the positions, as quotes, refunds and disputes say: in the currency that was paid and in the order's, of what
 * came and of what is back. What a refund took that went towards a lost dispute came back. Needs `ASKED_BACK` before it.
 */
export const EACH_WAY = `
  each_way as (
    select o.id as order_id, q.pay_currency, q.pay_currency as currency, -q.amount::numeric as moved, true as came from ${CREDITED}
    union all
    select o.id, q.pay_currency, q.currency, q.price + q.margin, true from ${CREDITED}
    union all
    select order_id, pay_currency, pay_currency,
           div(paid::numeric * up_to + price - 1, price) - div(paid::numeric * (up_to - order_amount) + price - 1, price), false
      from asked where state <> 'covered'
    union all
    select order_id, pay_currency, currency,
           -(order_amount + div(margin::numeric * up_to, price) - div(margin::numeric * (up_to - order_amount), price)), false
      from asked where state <> 'covered'
    union all
    select d.order_id, q.pay_currency, q.pay_currency, d.amount, false from ${DISPUTED}
    union all
    select d.order_id, q.pay_currency, q.currency, -(d.order_amount + d.margin_taken), false from ${DISPUTED})`

/** Where a brand stands in a currency that is not its own. Amounts in minor units: of that currency, and their worth in the brand's. */
export interface Position {
  readonly currency: string
  /** Taken by orders that were credited, and their worth at the quotes. */
  readonly takenMinor: bigint
  readonly takenWorthMinor: bigint
  /** Of it back with payers, by refunds and disputes. */
  readonly backMinor: bigint
  readonly backWorthMinor: bigint
  /** Exchanged, its worth at the quotes, and what it brought. */
  readonly givenMinor: bigint
  readonly givenWorthMinor: bigint
  readonly receivedMinor: bigint
  /** What providers owe in that currency, and the bank holds. */
  readonly atProvidersMinor: bigint
  readonly atBankMinor: bigint
}

/** Every currency in which a brand has been paid that is not its own, by its code. */
export async function readPositions(db: Reader): Promise<Position[]> {
  return await db.query<Position & Record<string, unknown>>(
    `with ${ASKED_BACK}, ${EACH_WAY},
     orders as (
       select pay_currency, -sum(moved) filter (where came and currency = pay_currency) as taken,
              sum(moved) filter (where came and currency <> pay_currency) as taken_worth,
              sum(moved) filter (where not came and currency = pay_currency) as back,
              -sum(moved) filter (where not came and currency <> pay_currency) as back_worth
         from each_way group by pay_currency),
     exchanges as (
       select pay_currency, sum(amount) as given, sum(worth) as worth, sum(received) as received
         from {{brand}}.fx_exchange group by pay_currency),
     held as (
       select currency, sum(balance) filter (where kind = 'provider-clearing') as at_providers, sum(balance) filter (where kind = 'bank') as at_bank
         from {{brand}}.account where kind in ('provider-clearing', 'bank') group by currency)
     select pay_currency as currency, coalesce(taken, 0)::bigint as "takenMinor", coalesce(taken_worth, 0)::bigint as "takenWorthMinor",
            coalesce(back, 0)::bigint as "backMinor", coalesce(back_worth, 0)::bigint as "backWorthMinor",
            coalesce(x.given, 0)::bigint as "givenMinor", coalesce(x.worth, 0)::bigint as "givenWorthMinor",
            coalesce(x.received, 0)::bigint as "receivedMinor",
            coalesce(h.at_providers, 0)::bigint as "atProvidersMinor", coalesce(h.at_bank, 0)::bigint as "atBankMinor"
       from orders left join exchanges x using (pay_currency) left join held h on h.currency = pay_currency order by pay_currency`,
  )
}

const EXCHANGE = `id, reference, pay_currency as "payCurrency", amount as "amountMinor", received as "receivedMinor", worth as "worthMinor", reason,
  recorded_at as "recordedAtMs", recorded_by as "recordedBy"`

export async function exchangeOf(db: Reader, reference: string): Promise<Exchange | undefined> {
  const rows = await db.query<Exchange & Record<string, unknown>>(
    `select ${EXCHANGE} from {{brand}}.fx_exchange where reference = $1`,
    [reference],
  )
  return rows[0]
}

/** The caller holds the positions, so that two of one reference come one after the other. */
export async function insertExchange(tx: Tx, exchange: Exchange): Promise<void> {
  await tx.query(
    `insert into {{brand}}.fx_exchange (id, reference, pay_currency, amount, received, worth, reason, recorded_at, recorded_by)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [
      exchange.id,
      exchange.reference,
      exchange.payCurrency,
      exchange.amountMinor,
      exchange.receivedMinor,
      exchange.worthMinor,
      exchange.reason,
      isoInstant(exchange.recordedAtMs),
      exchange.recordedBy,
    ],
  )
}
