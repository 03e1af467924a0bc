import { idToWire } from '../../contract/id.ts'
import { wire } from '../../contract/money.ts'
import { CasesView, CaseView, OpenCase } from '../../contract/support.ts'
import { IdempotencyHeaders } from '../../contract/top-up.ts'
import type { Brand } from '../brand/index.ts'
import { identityErrors, type Principal } from '../identity/index.ts'
import { isoInstant } from '../platform/clock.ts'
import { refuse } from '../platform/error.ts'
import type { Access, Http } from '../platform/http.ts'
import { readKey } from '../topup/index.ts'
import type { Case } from './case.ts'
import { maskedReply, openCase, type SupportDeps } from './open-case.ts'
import { supportOperations } from './operations.ts'
import { casesOf } from './store.ts'

const opener: Access = { who: ['anyone'], reach: 'its own orders; the case it opens' }
const own: Access = { who: ['guest', 'login'], reach: 'the cases its session or account opened' }
const NEWEST = 50

export function createRoutes(deps: SupportDeps): (http: Http) => Promise<void> {
  return async (http) => {
    http.post(
      '/v1/cases',
      {
        config: { access: opener, operation: supportOperations.openCase },
        schema: { headers: IdempotencyHeaders, body: OpenCase, response: { 201: CaseView } },
      },
      async ({ brand, principal, headers, body, ip }, reply) => {
        if (principal?.kind === 'api-key') throw refuse(identityErrors.forbidden)
        const request = { caller: principal, ip, key: readKey(headers['idempotency-key']), body }
        return reply.status(201).send(viewCase(brand, await openCase(deps, brand, request)))
      },
    )
    http.get(
      '/v1/me/cases',
      {
        config: { access: own, operation: supportOperations.listMyCases },
        schema: { response: { 200: CasesView } },
      },
      async ({ brand, principal }) => {
        const cases = await casesOf(deps.db.of(brand.key), (principal as Principal).id, NEWEST)
        return { cases: cases.map((one) => viewCase(brand, one)) }
      },
    )
  }
}

function viewCase(brand: Brand, one: Case): CaseView {
  const { order, answer, answeredAtMs } = one
  return {
    ...{ number: one.number, topic: one.topic, body: one.body, answer },
    state: answer === null ? 'open' : 'answered',
    order: order && {
      id: idToWire(order.id),
      msisdn: order.msisdn,
      price: wire(order.priceMinor, brand.currency),
    },
    reply: { by: one.replyBy, to: maskedReply(brand, one), confirmed: one.replyProved },
    openedAt: isoInstant(one.openedAtMs),
    answeredAt: answeredAtMs === null ? null : isoInstant(answeredAtMs),
  }
}
