import { join } from 'node:path'
import { type Book, openBook } from '../book.ts'
import type { Clock } from '../clock.ts'
import { asFields, type Fields, list } from '../fields.ts'
import { type Route, serve } from '../http.ts'
import { type Authority, openAuthority } from './authority.ts'
import { type Cashier, createCashier } from './cashier.ts'
import { unionPayCashierRoutes, unionPayRefusalPage } from './cashier-page.ts'
import { unionPayControlRoutes } from './control.ts'
import { unionPayDeskRoutes } from './desk.ts'
import { noticeFields } from './fields.ts'
import { gatewayRoutes } from './gateway.ts'
import { quietUnionPay, turnUnionPayKnobs, type UnionPayKnobs } from './knobs.ts'
import { readUnionPayMerchant } from './merchant-form.ts'
import { createNotices, type Notices } from './notices.ts'
import { signFields } from './signature.ts'
import {
  apply,
  type Entry,
  emptyState,
  transactionNumbered,
  type UnionPayMerchant,
  type UnionPayState,
} from './transaction.ts'

export { unionPayAdmin } from './admin.ts'

/** UnionPay: its gateway, its book, and what the cashier's page and the control API may do to it. */
export interface UnionPay {
  routes: Route[]
  state: UnionPayState
  cashier: Cashier
  notices: Notices
  authority: Authority
  /** Registers a merchant; the first one makes the certificate chain. */
  register(merchant: UnionPayMerchant): Promise<void>
  knobs(merId: string): UnionPayKnobs
  turn(merId: string, change: Fields): Promise<UnionPayKnobs>
  /** UnionPay's clock as this merchant sees it. */
  nowFor(merId: string): number
  retryScale(): number
  /** What the payer's browser carries back by a form; undefined without a `frontUrl`. It proves nothing to the merchant. */
  frontReturn(cashierId: string): { action: string; fields: Record<string, string> } | undefined
  /** Takes up refunds and notices where the book left them. */
  resume(): void
  stop(): Promise<void>
}

/** UnionPay with its listener, and what it adds to the home port. */
export interface UnionPayRail extends UnionPay {
  /** Of the gateway, up to its methods. */
  address: string
  homeRoutes: Route[]
  controlRoutes: Route[]
  /** Registers everything that `merchants.json`, or a test's options, name under `unionpay`. */
  provision(value: unknown): Promise<void>
}

export interface UnionPayDeps {
  clock: Clock
  dataDir: string
  /** Factor on the waits between notices. */
  retryScale(): number
  /** Origin of the cashier's page. */
  home(): string
}

export async function startUnionPay(deps: UnionPayDeps & { port: number }): Promise<UnionPayRail> {
  const unionPay = await createUnionPay(deps)
  const listener = await serve(unionPay.routes, deps.port, { foreignForms: true })
  const address = `${listener.address}/gateway/api`
  return {
    ...unionPay,
    address,
    homeRoutes: [...unionPayDeskRoutes(unionPay, address), ...unionPayCashierRoutes(unionPay)],
    controlRoutes: unionPayControlRoutes(unionPay),
    provision: async (value) => {
      for (const merchant of list(asFields(value, 'The merchants file'), 'unionpay')) {
        await unionPay.register(readUnionPayMerchant(merchant))
      }
    },
    stop: async () => {
      await listener.close()
      await unionPay.stop()
    },
  }
}

async function createUnionPay({ clock, dataDir, retryScale, home }: UnionPayDeps): Promise<UnionPay> {
  const state = emptyState()
  const path = join(dataDir, 'unionpay.jsonl')
  const book: Book<Entry> = await openBook<Entry>(path, (entry) => apply(state, entry))
  const authority = await openAuthority(dataDir, clock.now)
  if (state.merchants.size > 0) await authority.ensure()
  // Knobs that are newer than the book's line take their quiet value.
  const knobsOf = (merId: string) => ({ ...quietUnionPay, ...state.knobs.get(merId) })
  const nowFor = (merId: string) => clock.now() + knobsOf(merId).clockSkewSeconds * 1_000
  const office = { clock, book, state, authority, knobsOf, nowFor }
  const notices = createNotices({ ...office, retryScale })
  const cashier = createCashier({ ...office, notices })

  return {
    routes: gatewayRoutes({
      ...{ ...office, cashier, refusalPage: unionPayRefusalPage },
      cashierAddress: (cashierId) => `${home()}/unionpay/cashier/${cashierId}`,
    }),
    ...{ state, cashier, notices, authority, knobs: knobsOf, nowFor, retryScale },
    register: async (merchant) => {
      await authority.ensure()
      if (JSON.stringify(state.merchants.get(merchant.merId)) === JSON.stringify(merchant)) return
      await book.record({ kind: 'merchant', merchant })
    },
    turn: async (merId, change) => {
      const knobs = turnUnionPayKnobs(knobsOf(merId), change)
      await book.record({ kind: 'knobs', merId, knobs })
      return knobs
    },
    frontReturn: (cashierId) => {
      const order = state.orders.get(cashierId)
      const told = order && transactionNumbered(state, order.merId, order.orderId)
      if (!order?.frontUrl || !told) return undefined
      return { action: order.frontUrl, fields: signFields(noticeFields(told), authority.signer()) }
    },
    resume: () => {
      cashier.resume()
      notices.resume()
    },
    stop: async () => {
      await cashier.stop()
      await notices.stop()
      await book.close()
    },
  }
}
