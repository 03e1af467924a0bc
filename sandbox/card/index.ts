import { join } from 'node:path'
import { openBook } from '../book.ts'
import type { Clock } from '../clock.ts'
import { asFields, list } from '../fields.ts'
import { type Route, serve } from '../http.ts'
import { apiRoutes } from './api.ts'
import { type Checkout, createCheckout } from './checkout.ts'
import { checkoutRoutes } from './checkout-page.ts'
import { cardControlRoutes } from './control.ts'
import { deskRoutes } from './desk.ts'
import { createEvents, type Events } from './events.ts'
import { type CardMerchants, openCardMerchants, readCardMerchant } from './merchants.ts'
import { paymentEndpoints } from './payments.ts'
import { reportEndpoints } from './reports.ts'
import { sessionEndpoints } from './sessions.ts'
import { apply, type CardState, type Entry, emptyState } from './state.ts'

export { cardAdmin } from './admin.ts'

/** The card gateway: its API, its book, and what the payer's page and the control API may do to it. */
export interface CardGateway {
  routes: Route[]
  state: CardState
  merchants: CardMerchants
  checkout: Checkout
  events: Events
  /** Takes up deadlines and events where the book left them. */
  resume(): void
  stop(): Promise<void>
}

/** The card gateway with its listener, and what it adds to the home port. */
export interface CardRail extends CardGateway {
  /** Origin of the API: an SDK's `protocol`, `host` and `port`. */
  address: string
  homeRoutes: Route[]
  controlRoutes: Route[]
  /** Registers everything that `merchants.json`, or a test's options, name under `card`. */
  provision(value: unknown): Promise<void>
}

export interface CardDeps {
  clock: Clock
  dataDir: string
  /** Factor on the vendor's waits. */
  retryScale(): number
  /** Origin of the payer's page. */
  home(): string
}

export async function startCard(deps: CardDeps & { port: number }): Promise<CardRail> {
  let origin = ''
  const gateway = await createGateway({ ...deps, origin: () => origin })
  const listener = await serve(gateway.routes, deps.port, { foreignForms: true })
  origin = listener.address
  return {
    ...gateway,
    address: origin,
    homeRoutes: [...checkoutRoutes(gateway), ...deskRoutes(gateway, () => origin)],
    controlRoutes: cardControlRoutes(gateway),
    provision: async (value) => {
      for (const merchant of list(asFields(value, 'The merchants file'), 'card')) {
        await gateway.merchants.register(readCardMerchant(merchant))
      }
    },
    stop: async () => {
      await listener.close()
      await gateway.stop()
    },
  }
}

async function createGateway(deps: CardDeps & { origin(): string }): Promise<CardGateway> {
  const { clock, dataDir } = deps
  const merchants = await openCardMerchants(join(dataDir, 'card-merchants.jsonl'))
  const state = emptyState()
  const book = await openBook<Entry>(join(dataDir, 'card.jsonl'), (entry) => apply(state, entry))
  const nowFor = (account: string) => clock.now() + merchants.knobs(account).clockSkewSeconds * 1_000
  const shared = {
    ...{ clock, merchants, book, state, nowFor, retryScale: deps.retryScale },
    checkoutAddress: ({ id, order }: { id: string; order: { locale: string | null } }) =>
      `${deps.home()}/checkout/${id}${languageOf(order.locale)}`,
    fileAddress: (id: string) => `${deps.origin()}/v1/files/${id}/contents`,
  }
  const events = createEvents(shared)
  const checkout = createCheckout({ ...shared, events })
  const world = { ...shared, checkout }
  const endpoints = [...sessionEndpoints(world), ...paymentEndpoints(world), ...reportEndpoints(world)]
  return {
    routes: apiRoutes({ ...world, endpoints }),
    ...{ state, merchants, checkout, events },
    resume: () => {
      checkout.resume()
      events.resume()
    },
    stop: async () => {
      await events.stop()
      await book.close()
      await merchants.close()
    },
  }
}

/** The page speaks the session's language where the merchant named one of the two. */
function languageOf(locale: string | null): string {
  if (locale === 'zh') return '?lang=zh-CN'
  return locale?.startsWith('en') ? '?lang=en' : ''
}
