import { idFromWire, idToWire } from '../../contract/id.ts'
import type { Principal } from '../identity/index.ts'
import { refuse } from '../platform/error.ts'
import type { Http } from '../platform/http.ts'
import type { TopUpsDeps } from './deps.ts'
import { topUpErrors } from './errors.ts'
import { paymentOperations } from './operations.ts'
import { OrderPath, ofPlacer } from './order-path.ts'
import { ownOrder } from './shown-order.ts'

/**
 * `GET /v1/top-ups/{id}/authorisation`: a page inside WeChat leaves for it and comes back to the order's page with a one-time code,
 * by which the payer is known for one try. Nothing is kept of it: the state proves by itself whose it is.
 */
export function authoriseRoute(
  http: Http,
  { db, payments, originOf }: Pick<TopUpsDeps, 'db' | 'payments' | 'originOf'>,
): void {
  http.get(
    '/v1/top-ups/:id/authorisation',
    { config: { access: ofPlacer, operation: paymentOperations.authorise }, schema: { params: OrderPath } },
    async ({ brand, principal, params }, reply) => {
      const order = await ownOrder(db.of(brand.key), principal, idFromWire(params.id))
      const asker = { session: (principal as Principal).session ?? '', order: order.id }
      const rail = { provider: 'wechat', currency: brand.currency } as const
      const returnUrl = `${originOf(brand.key)}/orders/${idToWire(order.id)}`
      const address = await payments.authorisations.address(brand.key, rail, asker, returnUrl)
      if (address === null) throw refuse(topUpErrors['payment-not-offered'])
      return reply.redirect(address, 302)
    },
  )
}
