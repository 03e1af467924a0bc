import { Type } from 'typebox'
import { idFromWire } from '../../contract/id.ts'
import { IdempotencyHeaders, OrderView } from '../../contract/top-up.ts'
import type { Principal } from '../identity/index.ts'
import type { Access, Http } from '../platform/http.ts'
import type { TopUpsDeps } from './deps.ts'
import { readKey } from './idempotency.ts'
import { viewOrder } from './order-view.ts'
import { recall } from './recall.ts'
import { recallOperations } from './recall-operations.ts'
import { sayReplayed } from './routes.ts'
import type { Settler } from './settle.ts'
import { showOrder } from './shown-order.ts'

const own: Access = { who: ['guest', 'login'], reach: 'the orders its session or account placed' }

/** Any text: what is no id is an order that does not exist. */
const ById = Type.Object({ id: Type.String({ maxLength: 64 }) })

type RecallRouteDeps = TopUpsDeps & { readonly settlerOf: (brand: string) => Settler }

export function createRecallRoutes(deps: RecallRouteDeps): (http: Http) => Promise<void> {
  return async (http) => {
    http.post(
      '/v1/top-ups/:id/recall',
      {
        config: { access: own, operation: recallOperations.recallOrder },
        schema: { params: ById, headers: IdempotencyHeaders, response: { 200: OrderView } },
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
