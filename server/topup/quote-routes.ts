import { idFromWire } from '../../contract/id.ts'
import { AskQuote, QuoteView } from '../../contract/quote.ts'
import type { Http } from '../platform/http.ts'
import { askQuote, type QuoteDeps } from './ask-quote.ts'
import { OrderPath, ofPlacer } from './order-path.ts'
import { quoteOperations } from './quote-operations.ts'
import { ownOrder } from './shown-order.ts'

/** `POST /v1/top-ups/{id}/quotes`. */
export function createQuoteRoutes(deps: QuoteDeps): (http: Http) => Promise<void> {
  return async (http) => {
    http.post(
      '/v1/top-ups/:id/quotes',
      {
        config: { access: ofPlacer, operation: quoteOperations.askQuote },
        schema: { params: OrderPath, body: AskQuote, response: { 200: QuoteView } },
      },
      async ({ brand, principal, params, body }) => {
        const order = await ownOrder(deps.db.of(brand.key), principal, idFromWire(params.id))
        return await askQuote(deps, brand, order, body.currency)
      },
    )
  }
}
