import { join } from 'node:path'
import { openBook } from '../book.ts'
import type { Clock } from '../clock.ts'
import type { Answer, Request, Route } from '../http.ts'
import type { Merchant, Registry } from '../registry.ts'
import { createBills } from './bill.ts'
import { type Cashier, createCashier } from './cashier.ts'
import { gatewayRoutes } from './gateway.ts'
import { createMethods } from './methods.ts'
import { returnFields } from './notification-fields.ts'
import { createNotifications, type Notifications } from './notifications.ts'
import { createPayerCodes, type PayerCodes } from './payer-codes.ts'
import { openPlatformKeys, type PlatformKeys } from './platform-keys.ts'
import type { Refusal } from './refusal.ts'
import { signParams } from './signature.ts'
import { type AlipayState, apply, type Entry, emptyState, type Trade } from './trade.ts'

export { businessWord, type Refusal } from './refusal.ts'
export { type Trade, tradeByCashierId, tradeByOutTradeNo } from './trade.ts'
export { formatYuan } from './yuan.ts'

/** Alipay: its gateway, its book, and what the wallet and the control API may do to it. */
export interface Alipay {
  routes: Route[]
  state: AlipayState
  cashier: Cashier
  /** What the wallet shows at counters. */
  codes: PayerCodes
  notifications: Notifications
  keys: PlatformKeys
  /** Registers a merchant and makes its key pair. */
  register(merchant: Merchant): Promise<void>
  /** Where the browser goes after paying: `return_url` with signed parameters, if the merchant gave one. */
  signedReturn(trade: Trade): string | undefined
  /** Takes up deadlines and notifications where the book left them. */
  resume(): void
  stop(): Promise<void>
}

export interface AlipayDeps {
  clock: Clock
  registry: Registry
  dataDir: string
  /** Addresses on the home port. */
  cashierAddress(trade: Trade): string
  scanAddress(code: string): string
  /** On the gateway's port. */
  billAddress(token: string): string
  refusalPage(refusal: Refusal, request: Request): Answer
}

export async function createAlipay(deps: AlipayDeps): Promise<Alipay> {
  const { clock, registry, dataDir } = deps
  const state = emptyState()
  const book = await openBook<Entry>(join(dataDir, 'alipay.jsonl'), (entry) => apply(state, entry))
  const keys = await openPlatformKeys(dataDir)
  for (const merchant of registry.merchants()) await keys.ensure(merchant.appId)
  const nowFor = (appId: string) => clock.now() + registry.alipayKnobs(appId).clockSkewSeconds * 1_000
  const shared = { clock, registry, keys, book, state, nowFor }
  const notifications = createNotifications(shared)
  const cashier = createCashier({ ...shared, notifications })
  const codes = createPayerCodes(clock)
  const bills = createBills({ ...shared, billAddress: deps.billAddress })
  const methods = {
    ...createMethods({ ...shared, cashier, codes, scanAddress: deps.scanAddress }),
    'alipay.data.dataservice.bill.downloadurl.query': bills.method,
  }
  const { cashierAddress, refusalPage } = deps

  return {
    routes: [...gatewayRoutes({ ...shared, cashier, methods, cashierAddress, refusalPage }), ...bills.routes],
    state,
    cashier,
    codes,
    notifications,
    keys,
    register: async (merchant) => {
      await registry.register(merchant)
      await keys.ensure(merchant.appId)
    },
    signedReturn: (trade) => {
      const { appId, returnUrl } = trade.order
      const merchant = registry.merchant(appId)
      const address = returnUrl === undefined ? null : URL.parse(returnUrl)
      if (!merchant || !address) return undefined
      const fields = signParams(returnFields(trade, merchant, nowFor(appId)), keys.privateKey(appId))
      for (const [name, value] of Object.entries(fields)) address.searchParams.append(name, value)
      return address.href
    },
    resume: () => {
      cashier.resume()
      notifications.resume()
    },
    stop: async () => {
      await notifications.stop()
      await book.close()
    },
  }
}
