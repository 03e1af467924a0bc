import type { Brand } from '../brand/index.ts'
import type { Clock } from '../platform/clock.ts'
import type { Db, Tx } from '../platform/db.ts'
import { newId } from '../platform/id.ts'
import type { Quote } from './quote.ts'
import { inMinorUnits, quotePrice } from './rate.ts'
import { insertQuote, standingQuote } from './store.ts'
import { usableRate } from './usable-rate.ts'

/** Whether orders of a brand can be quoted in a currency: `never`, where the brand does not; `no-rate`, for want of a recent one. */
export type Quotable = 'now' | 'no-rate' | 'never'

/** What orders cost in other currencies. */
export interface Quotes {
  quotable(brand: Brand, payCurrency: string): Promise<Quotable>
  /**
   * The quote of an order that still stands, else a new one; null: there is no rate for it. The caller holds the order's lock, so
   * that two questions at once get one answer, and a payer does not ask until the rate pleases.
   */
  quote(tx: Tx, brand: Brand, order: Quoting, payCurrency: string): Promise<Quote | null>
}

export interface Quoting {
  readonly id: string
  readonly priceMinor: bigint
}

/** A quote with less left is no time to pay in: the next question gets a new one. */
const LEAST_LEFT_MS = 60_000

export function createQuotes({ db, clock }: { readonly db: Db; readonly clock: Clock }): Quotes {
  return {
    async quotable(brand, payCurrency) {
      if (!brand.quotes) return 'never'
      const rate = await usableRate(db.of(brand.key), brand, payCurrency, clock.instant())
      return rate ? 'now' : 'no-rate'
    },

    async quote(tx, brand, order, payCurrency) {
      const nowMs = clock.instant()
      const standing = await standingQuote(tx, order.id, payCurrency, nowMs + LEAST_LEFT_MS)
      if (standing) return standing
      const found = await usableRate(tx, brand, payCurrency, nowMs)
      if (!brand.quotes || !found) return null
      const { marginBp, validSeconds } = brand.quotes
      const { source, day } = found
      const rate = inMinorUnits(found.rate, brand.currency, payCurrency)
      const quote: Quote = {
        ...{ id: newId(nowMs), order: order.id, priceMinor: order.priceMinor, currency: brand.currency },
        ...{ payCurrency, rate, marginBp, ...quotePrice(order.priceMinor, rate, marginBp) },
        ...{ source, rateDay: day, madeAtMs: nowMs, untilMs: nowMs + validSeconds * 1000 },
      }
      await insertQuote(tx, quote)
      return quote
    },
  }
}
