import { idFromWire, idToWire } from '../../contract/id.ts'
import { AskRefund, RefundsQuery, RefundsView, RefundView } from '../../contract/refund.ts'
import { IdempotencyHeaders } from '../../contract/top-up.ts'
import { catalogErrors } from '../catalog/index.ts'
import { type Principal, reaches } from '../identity/index.ts'
import { assert, refuse } from '../platform/error.ts'
import type { Http } from '../platform/http.ts'
import { askRefund } from './ask-refund.ts'
import type { TopUpsDeps } from './deps.ts'
import { topUpErrors } from './errors.ts'
import { readKey, requestHash } from './idempotency.ts'
import { OrderPath, ofPlacer } from './order-path.ts'
import { refundOperations } from './refund-operations.ts'
import { viewRefundsOf } from './refund-progress.ts'
import { viewRefunds } from './refund-view.ts'
import { sayReplayed } from './routes.ts'
import type { Settler } from './settle.ts'
import { ownOrder, showOrder } from './shown-order.ts'

type RefundRouteDeps = TopUpsDeps & { readonly settlerOf: (brand: string) => Settler }

export function createRefundRoutes(deps: RefundRouteDeps): (http: Http) => Promise<void> {
  return async (http) => {
    http.get(
      '/v1/top-ups/:id/refunds',
      {
        config: { access: ofPlacer, operation: refundOperations.readRefunds },
        schema: { params: OrderPath, querystring: RefundsQuery, response: { 200: RefundsView } },
      },
      async ({ brand, principal, params, query: { amountMinor } }) => {
        const db = deps.db.of(brand.key)
        const order = await ownOrder(db, principal, idFromWire(params.id))
        const shown = await showOrder(deps, brand, principal, order)
        return await viewRefunds(deps, db, brand, shown, amountMinor ? BigInt(amountMinor) : null)
      },
    )
    http.post(
      '/v1/top-ups/:id/refunds',
      {
        config: { access: ofPlacer, operation: refundOperations.askRefund },
        schema: {
          params: OrderPath,
          headers: IdempotencyHeaders,
          body: AskRefund,
          response: { 201: RefundView },
        },
      },
      async ({ brand, principal, params, headers, body }, reply) => {
        const key = readKey(headers['idempotency-key'])
        const db = deps.db.of(brand.key)
        const order = await ownOrder(db, principal, idFromWire(params.id))
        // A code may go to the very line that is managed, and that may have passed on (money.md 4).
        if (!reaches((principal as Principal).assurance, 'password'))
          throw refuse(topUpErrors['refund-needs-password'])
        const { amount } = body
        if (amount && amount.currency !== brand.currency)
          throw refuse(catalogErrors['currency-mismatch'], { currency: brand.currency })
        const { request, replayed } = await askRefund(deps, brand, {
          order: order.id,
          amountMinor: amount ? BigInt(amount.amountMinor) : null,
          reason: body.reason ?? 'asked for by the payer',
          mayEnd: false,
          by: {
            channel: 'payer',
            actor: `log-in ${(principal as Principal).id}`,
            key,
            hash: requestHash('POST', `/v1/top-ups/${idToWire(order.id)}/refunds`, body),
          },
        })
        if (replayed) sayReplayed(reply)
        else if (request.state === 'approved')
          await deps.settlerOf(brand.key).settle({ kind: 'refund', request: request.id, order: order.id })
        const shown = await showOrder(deps, brand, principal, order)
        const view = viewRefundsOf(brand, shown).find(({ id }) => id === idToWire(request.id))
        assert(view, 'what was asked for is there')
        return reply.status(201).send(view)
      },
    )
  }
}
