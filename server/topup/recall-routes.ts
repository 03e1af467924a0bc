import { idFromWire } from '../../contract/id.ts'
import { IdempotencyHeaders, OrderView } from '../../contract/top-up.ts'
import type { Principal } from '../identity/index.ts'
import type { Http } from '../platform/http.ts'
import type { TopUpsDeps } from './deps.ts'
import { readKey } from './idempotency.ts'
import { OrderPath, ofPlacer } from './order-path.ts'
import { viewOrder } from './order-view.ts'
import { recall } from './recall.ts'
import { recallOperations } from './recall-operations.ts'
import { sayReplayed } from './routes.ts'
import type { Settler } from './settle.ts'
import { showOrder } from './shown-order.ts'

type RecallRouteDeps = TopUpsDeps & { readonly settlerOf: (brand: string) => Settler }

export function createRecallRoutes(deps: RecallRouteDeps): (http: Http) => Promise<void> {
  return async (http) => {
    http.post(
      '/v1/top-ups/:id/recall',
      {
        config: { access: ofPlacer, operation: recallOperations.recallOrder },
        schema: { params: OrderPath, headers: IdempotencyHeaders, response: { 200: OrderView } },
      },
      async ({ brand, principal, params, headers }, reply) => {
        const key = readKey(headers['idempotency-key'])
        const { order, replayed } = await recall(
          deps,
          brand,
          principal as Principal,
          idFromWire(params.id),
          key,
        )
        if (replayed) sayReplayed(reply)
        return viewOrder(brand, await showOrder(deps, brand, principal, order), null)
      },
    )
  }
}
