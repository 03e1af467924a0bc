import { idFromWire } from '../../contract/id.ts'
import { AgentTopUp, AgentTopUpView, IdempotencyHeaders } from '../../contract/top-up.ts'
import { WHOLE_BRAND } from '../brand/index.ts'
import type { Principal } from '../identity/index.ts'
import { assert, refuse } from '../platform/error.ts'
import type { Access, Http } from '../platform/http.ts'
import { agentCommand, dealerOf, readAgentTopUp, viewAgentTopUp } from './agent.ts'
import { agentOperations } from './agent-operations.ts'
import type { TopUpsDeps } from './deps.ts'
import { readKey } from './idempotency.ts'
import { OrderPath } from './order-path.ts'
import { sayReplayed } from './routes.ts'
import type { Settler } from './settle.ts'

const SCOPE = 'topup:write'
const selling: Access = { who: ['api-key'], scope: SCOPE, reach: 'the float of its dealer' }
const sold: Access = { who: ['api-key'], scope: SCOPE, reach: 'the sales of its dealer by this key' }

export interface AgentDeps extends Pick<TopUpsDeps, 'db' | 'clock' | 'switches'> {
  readonly settlerOf: (brand: string) => Pick<Settler, 'settle'>
}

/** What a dealer's system speaks to: one request, one durable top-up. */
export function createAgentRoutes({
  db,
  clock,
  switches,
  settlerOf,
}: AgentDeps): (http: Http) => Promise<void> {
  return async (http) => {
    http.post(
      '/v1/agent/top-ups',
      {
        config: { access: selling, operation: agentOperations.sellTopUp },
        schema: { headers: IdempotencyHeaders, body: AgentTopUp, response: { 201: AgentTopUpView } },
      },
      async ({ brand, principal, headers, body }, reply) => {
        const key = readKey(headers['idempotency-key'])
        await switches.demandOn(brand.key, 'brand', WHOLE_BRAND)
        const command = agentCommand(clock, principal as Principal, key, body)
        const outcome = await settlerOf(brand.key).settle(command)
        assert(outcome.outcome !== 'applied', 'a sale is credited or refused')
        if (outcome.replayed) sayReplayed(reply)
        if (outcome.outcome === 'refused') throw refuse(outcome.entry, outcome.members)
        return reply.status(201).send(viewAgentTopUp(brand, outcome))
      },
    )
    http.get(
      '/v1/agent/top-ups/:id',
      {
        config: { access: sold, operation: agentOperations.readSale },
        schema: { params: OrderPath, response: { 200: AgentTopUpView } },
      },
      async ({ brand, principal, params }) => {
        const caller = principal as Principal
        dealerOf(caller)
        return await readAgentTopUp(db.of(brand.key), brand, caller, idFromWire(params.id))
      },
    )
  }
}
