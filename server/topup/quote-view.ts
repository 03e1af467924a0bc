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

/** What was paid in another currency; undefined: the order was not, or not yet. */
export function viewPaidIn({
  order,
  attempts,
  refunds,
  quotes,
}: Pick<ReadOrder, 'order' | 'attempts' | 'refunds' | 'quotes'>): PaidInView | undefined {
  const paid = attempts.find(({ id }) => id === order.attempt)
  const quote = quotes.find(({ id }) => id === paid?.quote)
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
