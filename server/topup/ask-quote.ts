import type { QuoteView } from '../../contract/quote.ts'
import type { Brand } from '../brand/index.ts'
import type { Tx } from '../platform/db.ts'
import { assert, Refusal, refuse } from '../platform/error.ts'
import { type Quote, type Quotes, quoteErrors, readQuotes } from '../quote/index.ts'
import type { TopUpsDeps } from './deps.ts'
import { topUpErrors } from './errors.ts'
import { viewQuote } from './quote-view.ts'
import { lockOrders } from './store.ts'
import type { TopUp } from './top-up.ts'

export type QuoteDeps = Pick<TopUpsDeps, 'db' | 'clock'> & { readonly quotes: Quotes }

/** What the order costs in another currency: the quote that stands, or a new one. Calls nobody, moves nothing. */
export async function askQuote(
  { db, clock, quotes }: QuoteDeps,
  brand: Brand,
  { id }: TopUp,
  currency: string,
): Promise<QuoteView> {
  if (!brand.quotes || currency === brand.currency) throw refuse(quoteErrors['quote-not-offered'])
  return await db.of(brand.key).tx(async (tx) => {
    const [order] = await lockOrders(tx, [id])
    assert(order, `order ${id} is still there`)
    if (order.state !== 'awaiting-payment' || order.payByMs === null || order.payByMs <= clock.instant())
      throw refuse(topUpErrors['order-not-payable'])
    const quote = await quotes.quote(tx, brand, order, currency)
    if (!quote) throw refuse(quoteErrors['rate-missing'])
    return viewQuote(quote)
  })
}

/** The quote that a payment is to be begun under. Throws `quote-not-found` where it is not of this order. */
export async function quoteToPay(tx: Tx, order: TopUp, id: string | null): Promise<Quote> {
  const [quote] = id === null ? [] : await readQuotes(tx, [id])
  if (quote?.order !== order.id) throw refuse(quoteErrors['quote-not-found'])
  return quote
}

/** A quote that has ended is never paid at another price unsaid: the refusal offers the one to be asked about next. */
export async function offeringAnother<T>(
  deps: QuoteDeps,
  brand: Brand,
  order: TopUp,
  paying: Promise<T>,
): Promise<T> {
  return await paying.catch(async (error: unknown) => {
    if (!(error instanceof Refusal) || error.entry.code !== quoteErrors['quote-expired'].code) throw error
    const quote = await askQuote(deps, brand, order, String(error.members.currency)).catch(() => null)
    throw refuse(quoteErrors['quote-expired'], quote ? { quote } : {})
  })
}
