import type { FastifyReply } from 'fastify'
import { Type } from 'typebox'
import { idFromWire, idToWire } from '../../contract/id.ts'
import { NumberInput } from '../../contract/line.ts'
import { OffersView } from '../../contract/offer.ts'
import {
  IdempotencyHeaders,
  LastEventHeaders,
  OrderEvents,
  OrdersQuery,
  OrdersView,
  OrderView,
  PaymentStarted,
  PlaceTopUp,
  ReceiptView,
  StartPayment,
} from '../../contract/top-up.ts'
import { identityErrors, type Principal } from '../identity/index.ts'
import { refuse } from '../platform/error.ts'
import type { Access, Http } from '../platform/http.ts'
import type { Quotes } from '../quote/index.ts'
import { authoriseRoute } from './authorise.ts'
import { cancel } from './cancel.ts'
import type { TopUpsDeps } from './deps.ts'
import { frontReturnRoute } from './front-return.ts'
import { readKey } from './idempotency.ts'
import type { Listening } from './listening.ts'
import type { Live } from './live.ts'
import { offersFor } from './offers.ts'
import { orderOperations, paymentOperations } from './operations.ts'
import { OrderPath, ofPlacer } from './order-path.ts'
import { viewOrder, viewReceipt } from './order-view.ts'
import type { PaceOf } from './pace.ts'
import { pay, payerReturned } from './pay.ts'
import { place } from './place.ts'
import { ownOrder, ownOrders, showOrder } from './shown-order.ts'

const anyone: Access = { who: ['anyone'], reach: 'offers of any number; dates only of its own numbers' }
// A visitor without a session is told what is wrong before being asked for the code that makes one.
const placing: Access = { who: ['anyone'], reach: 'a new order of its own' }

const ByNumber = Type.Object({ number: NumberInput })

interface RouteDeps extends TopUpsDeps {
  readonly quotes: Quotes
  readonly listening: Listening
  readonly pace: PaceOf
  readonly live: Live
  readonly tellChanged: (brand: string, orders: readonly string[]) => void
}

export function createRoutes(deps: RouteDeps): (http: Http) => Promise<void> {
  return async (http) => {
    buying(http, deps)
    reading(http, deps)
    telling(http, deps)
    cancelling(http, deps)
    paying(http, deps)
    authoriseRoute(http, deps)
    await frontReturnRoute(http)
  }
}

function buying(http: Http, deps: RouteDeps): void {
  http.get(
    '/v1/lines/:number/offers',
    {
      config: { access: anyone, operation: orderOperations.listOffers },
      schema: { params: ByNumber, response: { 200: OffersView } },
    },
    ({ brand, principal, params }) => offersFor(deps, brand, principal, params.number),
  )
  http.post(
    '/v1/top-ups',
    {
      config: { access: placing, operation: orderOperations.placeTopUp },
      schema: { headers: IdempotencyHeaders, body: PlaceTopUp, response: { 201: OrderView } },
    },
    async ({ brand, principal, headers, body }, reply) => {
      if (principal?.kind === 'api-key') throw refuse(identityErrors.forbidden)
      const outcome = await place(deps, brand, principal, readKey(headers['idempotency-key']), body)
      if (outcome.replayed) sayReplayed(reply)
      if (outcome.outcome === 'refused') throw outcome.refusal
      const shown = await showOrder(deps, brand, principal, outcome.order)
      return reply.status(201).send(viewOrder(brand, shown, await deps.pace(brand.key)))
    },
  )
}

function reading(http: Http, deps: RouteDeps): void {
  const { db, listening, pace } = deps
  http.get(
    '/v1/top-ups',
    {
      config: { access: ofPlacer, operation: orderOperations.listOrders },
      schema: { querystring: OrdersQuery, response: { 200: OrdersView } },
    },
    async ({ brand, principal, query }) => {
      const { shown, next } = await ownOrders(deps, brand, principal as Principal, query)
      const orders = shown.map((order) => viewOrder(brand, order, null))
      return next === null ? { orders } : { orders, next: idToWire(next) }
    },
  )
  http.get(
    '/v1/top-ups/:id',
    {
      config: { access: ofPlacer, operation: orderOperations.readOrder },
      schema: { params: OrderPath, response: { 200: OrderView } },
    },
    async ({ brand, principal, params }) => {
      const order = await ownOrder(db.of(brand.key), principal, idFromWire(params.id))
      const shown = await showOrder(deps, brand, principal, order)
      await listening(brand, [shown])
      return viewOrder(brand, shown, await pace(brand.key))
    },
  )
  http.get(
    '/v1/top-ups/:id/receipt',
    {
      config: { access: ofPlacer, operation: orderOperations.readReceipt },
      schema: { params: OrderPath, response: { 200: ReceiptView } },
    },
    async ({ brand, principal, params }) => {
      const order = await ownOrder(db.of(brand.key), principal, idFromWire(params.id))
      return viewReceipt(brand, await showOrder(deps, brand, principal, order))
    },
  )
}

function telling(http: Http, { db, live }: RouteDeps): void {
  http.addHook('preClose', async () => live.close())
  http.get(
    '/v1/top-ups/:id/events',
    {
      config: { access: ofPlacer, operation: orderOperations.followOrder },
      schema: { params: OrderPath, headers: LastEventHeaders, response: { 200: OrderEvents } },
    },
    async ({ brand, principal, params, headers }, reply) => {
      const order = await ownOrder(db.of(brand.key), principal, idFromWire(params.id))
      const events = await live.open(brand, principal as Principal, order, headers['last-event-id'] ?? null)
      return (
        reply
          .type('text/event-stream; charset=utf-8')
          .header('cache-control', 'no-store, no-transform')
          // nginx buffers answers unless it is told not to.
          .header('x-accel-buffering', 'no')
          // A server that is stopping need not wait for it to be used again.
          .header('connection', 'close')
          // Fastify sends a stream as it is; the schema is for readers.
          .send(events as unknown as string)
      )
    },
  )
}

function cancelling(http: Http, deps: RouteDeps): void {
  http.post(
    '/v1/top-ups/:id/cancel',
    {
      config: { access: ofPlacer, operation: orderOperations.cancelOrder },
      schema: { params: OrderPath, response: { 200: OrderView } },
    },
    async ({ brand, principal, params }) => {
      const order = await cancel(deps, brand, principal as Principal, idFromWire(params.id))
      return viewOrder(brand, await showOrder(deps, brand, principal, order), null)
    },
  )
}

function paying(http: Http, deps: RouteDeps): void {
  const { db } = deps
  http.post(
    '/v1/top-ups/:id/payments',
    {
      config: { access: ofPlacer, operation: paymentOperations.startPayment },
      schema: {
        params: OrderPath,
        headers: IdempotencyHeaders,
        body: StartPayment,
        response: { 201: PaymentStarted },
      },
    },
    async ({ brand, principal, params, headers, body, ip }, reply) => {
      const key = readKey(headers['idempotency-key'])
      const order = await ownOrder(db.of(brand.key), principal, idFromWire(params.id))
      const { started, replayed } = await pay(deps, brand, principal as Principal, order, key, body, ip)
      if (replayed) sayReplayed(reply)
      return reply.status(201).send(started)
    },
  )
  http.post(
    '/v1/top-ups/:id/returned',
    {
      config: { access: ofPlacer, operation: paymentOperations.payerReturned },
      schema: { params: OrderPath, response: { 204: Type.Null() } },
    },
    async ({ brand, principal, params }, reply) => {
      await payerReturned(deps, brand, principal as Principal, idFromWire(params.id))
      return reply.status(204).send(null)
    },
  )
}

/** The answer is the one that was given to this key before, refusals too. */
export function sayReplayed(reply: FastifyReply): void {
  reply.header('idempotency-replayed', 'true')
}
