import { Type } from 'typebox'
import { idFromWire } from '../../contract/id.ts'
import { AskQuote, QuoteView } from '../../contract/quote.ts'
import type { Access, Http } from '../platform/http.ts'
import { askQuote, type QuoteDeps } from './ask-quote.ts'
import { quoteOperations } from './quote-operations.ts'
import { ownOrder } from './shown-order.ts'

const own: Access = { who: ['guest', 'login'], reach: 'the orders its session or account placed' }

const ById = Type.Object({ id: Type.String({ maxLength: 64 }) })

/** `POST /v1/top-ups/{id}/quotes`. */
export function createQuoteRoutes(deps: QuoteDeps): (http: Http) => Promise<void> {
  return async (http) => {
    http.post(
      '/v1/top-ups/:id/quotes',
      {
        config: { access: own, operation: quoteOperations.askQuote },
        schema: { params: ById, body: AskQuote, response: { 200: QuoteView } },
      },
      async ({ brand, principal, params, body }) => {
        const order = await ownOrder(deps.db.of(brand.key), principal, idFromWire(params.id))
        return await askQuote(deps, brand, order, body.currency)
      },
    )
  }
}
