import { setTimeout as sleep } from 'node:timers/promises'
import type { Brand } from '../brand/index.ts'
import type { Tx } from '../platform/db.ts'
import type { Http } from '../platform/http.ts'
import type { Loop } from '../platform/loop.ts'
import { createQuotes } from '../quote/index.ts'
import { createAgentRoutes } from './agent-routes.ts'
import { applyDisputes } from './apply-disputes.ts'
import { beginRefunds } from './begin-refunds.ts'
import type { TopUpsDeps } from './deps.ts'
import { deleteRefusals, readHeldDue } from './due-store.ts'
import { createExpireDue } from './expire.ts'
import { handOverAll } from './hand-over-messages.ts'
import { type Rounds, startRounds } from './jobs.ts'
import { createListening } from './listening.ts'
import { createLive, topicOf } from './live.ts'
import { createPace } from './pace.ts'
import { createQuoteRoutes } from './quote-routes.ts'
import { createRecallRoutes } from './recall-routes.ts'
import { createRefundRoutes } from './refund-routes.ts'
import { createRoutes } from './routes.ts'
import { createSettler, type Settler } from './settle.ts'
import { linesWithMoneyUnderWay } from './under-way.ts'
import { createWaker } from './waker.ts'

export { agentCommand } from './agent.ts'
export { askCorrection } from './ask-correction.ts'
export { askRefund } from './ask-refund.ts'
export { type Checked, checkRefund } from './check-refund.ts'
export { topUpChecks } from './checks.ts'
export { hasOpenOrders, moveOrders } from './claim-store.ts'
export type { Outcome } from './command.ts'
export type { TopUpsDeps } from './deps.ts'
export { topUpErrors } from './errors.ts'
export { type Exchange, openOf, recordExchange } from './exchange.ts'
export { businessFigures as topUpFigures } from './figures.ts'
export { type Position, readPositions } from './fx-position-store.ts'
export { readKey, requestHash } from './idempotency.ts'
export { newestOrdersOf } from './line-orders-store.ts'
export { orderInContext } from './order-in-context.ts'
export { ownOrderInBrief } from './own-order.ts'
export { place } from './place.ts'
export type { RefundRequest } from './refund-request.ts'
export {
  readRequest as readRefundRequest,
  readWaiting as readRefundsWaiting,
} from './refund-request-store.ts'
export { createSettler, type Settler } from './settle.ts'
export type { ReadOrder } from './shown-order.ts'
export { readOrders } from './store.ts'
export type { TopUp } from './top-up.ts'

/** The order: placed, paid, settled, expired, held, refunded. Each round answers how many orders, or how much evidence, it took. */
export interface TopUps extends Rounds {
  routes(http: Http): Promise<void>
  settlerOf(brand: string): Settler
  sweep(brand: string): Promise<number>
  /** Ends orders past their time to pay. */
  expireDue(brand: string): Promise<number>
  /** Credits held orders whose time has come, or begins their refund. */
  decideHeld(brand: string): Promise<number>
  /** Begins refunds that were asked for and approved. */
  beginRefunds(brand: string): Promise<number>
  /** Posts what was said of disputes; answers how many it looked at. */
  applyDisputes(brand: string): Promise<number>
  /** Turns what orders owe into messages; with an instant, only of orders placed before it. */
  handOverMessages(brand: string, placedBeforeMs?: number): Promise<number>
  /** Forgets refusals older than 30 days. */
  forgetRefusals(brand: string): Promise<void>
  /** Which of these lines have a payment that is not credited yet, or for at most 72 hours one that is unknown. */
  underWay(tx: Tx, lines: readonly string[]): Promise<ReadonlySet<string>>
  startLoops(): void
  stopLoops(): Promise<void>
}

const HELD_PER_ROUND = 500
/** What each payment of many waits longer for its credit, so that a batch holds twenty and not two. */
const GATHER_MS = 40
const gather = () => sleep(GATHER_MS)
const REFUSALS_KEPT_MS = 30 * 24 * 3_600_000

export function createTopUps(deps: TopUpsDeps): TopUps {
  const { db, clock, log, brands, switches, payments } = deps
  const tellChanged = (brand: string, orders: readonly string[]) => deps.notices?.tell(topicOf(brand), orders)
  const settlers = new Map(
    brands.all.map((brand) => [brand.key, createSettler({ ...deps, tellChanged }, brand)]),
  )
  const expireDue = createExpireDue({ ...deps, tellChanged })
  const settlerOf = (key: string): Settler => {
    brands.get(key)
    return settlers.get(key) as Settler
  }
  const listening = createListening(deps)
  const pace = createPace(deps)
  const live = createLive({ ...deps, listening, pace })
  const quotes = createQuotes({ db, clock })
  const routes = createRoutes({ ...deps, quotes, listening, pace, live, tellChanged })
  const quoteRoutes = createQuoteRoutes({ ...deps, quotes })
  const agentRoutes = createAgentRoutes({ db, clock, switches, settlerOf })
  const refundRoutes = createRefundRoutes({ ...deps, settlerOf })
  const recallRoutes = createRecallRoutes({ ...deps, settlerOf })
  const sweep = (key: string) => settlerOf(key).sweep()
  const woken = createWaker(sweep, log, gather)
  payments.onEvidence(woken.wake)
  let loops: Loop[] = []

  const topUps: TopUps = {
    async routes(http) {
      await routes(http)
      await agentRoutes(http)
      await refundRoutes(http)
      await recallRoutes(http)
      await quoteRoutes(http)
    },
    settlerOf,
    sweep,
    expireDue: (key) => expireDue(brands.get(key)),
    async decideHeld(key) {
      const due = await readHeldDue(db.of(key), clock.instant(), HELD_PER_ROUND)
      const settler = settlerOf(key)
      await Promise.all(due.map((order) => settler.settle({ kind: 'hold-decision', order })))
      return due.length
    },
    applyDisputes: (key) => applyDisputes(db.of(key), settlerOf(key)),
    beginRefunds: (key) => beginRefunds(db.of(key), settlerOf(key)),
    handOverMessages: (key, placedBeforeMs) => handOverAll(deps, brands.get(key), placedBeforeMs),
    forgetRefusals: (key) => db.of(key).tx((tx) => deleteRefusals(tx, clock.instant() - REFUSALS_KEPT_MS)),
    underWay: (tx, lines) => linesWithMoneyUnderWay(tx, payments, lines, clock.instant()),
    startLoops() {
      if (loops.length === 0) loops = startRounds(topUps, brands.all as readonly Brand[], log)
    },
    async stopLoops() {
      await Promise.all(loops.map((loop) => loop.stop()))
      loops = []
      await woken.drained()
      await Promise.all([...settlers.values()].map((settler) => settler.drained()))
    },
  }
  return topUps
}
