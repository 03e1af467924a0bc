import { idToWire } from '../../contract/id.ts'
import { wire } from '../../contract/money.ts'
import type { PaidInView, QuoteView } from '../../contract/quote.ts'
import { isoInstant } from '../platform/clock.ts'
import { formatDay } from '../policy/index.ts'
import { type Quote, rateText } from '../quote/index.ts'
import type { ReadOrder } from './shown-order.ts'

export function viewQuote(quote: Quote): QuoteView {
  const { currency, payCurrency } = quote
  return {
    id: idToWire(quote.id),
    price: wire(quote.priceMinor, currency),
    amount: wire(quote.amountMinor, payCurrency),
    rate: rateText(quote.rate, currency, payCurrency),
    rateSource: quote.source,
    rateDate: formatDay(quote.rateDay),
    marginBp: quote.marginBp,
    expiresAt: isoInstant(quote.untilMs),
  }
}

/** The quote by which the order was paid in another currency; undefined: it was not, or not yet. */
export function paidQuote({
  order,
  attempts,
  quotes,
}: Pick<ReadOrder, 'order' | 'attempts' | 'quotes'>): Quote | undefined {
  const paid = attempts.find(({ id }) => id === order.attempt)
  return paid?.captured ? quotes.find(({ id }) => id === paid.quote) : undefined
}

/** What was paid in another currency; undefined: the order was not, or not yet. */
export function viewPaidIn(
  shown: Pick<ReadOrder, 'order' | 'attempts' | 'refunds' | 'quotes'>,
): PaidInView | undefined {
  const { order, attempts, refunds } = shown
  const paid = attempts.find(({ id }) => id === order.attempt)
  const quote = paidQuote(shown)
  if (!quote || !paid?.captured) return undefined
  const back = refunds.filter(
    ({ attempt, state, reason }) => attempt === paid.id && state === 'done' && reason !== 'paid-twice',
  )
  const { amountMinor, currency } = paid.captured
  const backMinor = back.reduce((sum, refund) => sum + refund.amountMinor, 0n)
  return {
    captured: wire(amountMinor, currency),
    refunded: wire(backMinor, currency),
    quote: viewQuote(quote),
  }
}
