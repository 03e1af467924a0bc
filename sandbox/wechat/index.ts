import { join } from 'node:path'
import { openBook } from '../book.ts'
import type { Clock } from '../clock.ts'
import { asFields, list } from '../fields.ts'
import { type Route, serve } from '../http.ts'
import { apiRoutes } from './api.ts'
import { createBillDesk } from './bill-desk.ts'
import { createHandlers } from './calls.ts'
import { type Cashier, createCashier } from './cashier.ts'
import { wechatControlRoutes } from './control.ts'
import { apply, type Entry, emptyWechat, type WechatState } from './deal.ts'
import { wechatDeskRoutes } from './desk.ts'
import { createInAppBrowser } from './in-app-browser.ts'
import {
  openWechatMerchants,
  readWechatMerchant,
  type WechatMerchant,
  type WechatMerchants,
} from './merchants.ts'
import { createNotifications, type Notifications } from './notifications.ts'
import { oauthRoutes } from './oauth.ts'
import { createPayerCodes, type PayerCodes } from './payer-codes.ts'
import { openWechatPlatformKeys, type WechatPlatformKeys } from './platform-keys.ts'
import { createRefunds, type Refunds } from './refunds.ts'
import { wechatWalletRoutes } from './wallet.ts'

export { wechatAdmin } from './admin.ts'

/** WeChat Pay: its API, its book, and what the wallet and the control API may do to it. */
export interface Wechat {
  routes: Route[]
  state: WechatState
  merchants: WechatMerchants
  keys: WechatPlatformKeys
  cashier: Cashier
  refunds: Refunds
  notifications: Notifications
  payerCodes: PayerCodes
  retryScale(): number
  nowFor(mchId: string): number
  /** Registers a merchant and makes its first platform key. */
  register(merchant: WechatMerchant): Promise<void>
  rotateKey(mchId: string): Promise<void>
  /** Takes up deadlines, refunds and notifications where the book left them. */
  resume(): void
  stop(): Promise<void>
}

/** WeChat Pay with its listener, and what it adds to the home port. */
export interface WechatRail extends Wechat {
  /** Origin of the API. */
  address: string
  homeRoutes: Route[]
  controlRoutes: Route[]
  /** Registers everything that `merchants.json`, or a test's options, name under `wechat`. */
  provision(value: unknown): Promise<void>
}

export interface WechatDeps {
  clock: Clock
  dataDir: string
  /** Factor on the waits between notifications. */
  retryScale(): number
  /** Origin of the wallet's pages. */
  home(): string
}

export async function startWechat(deps: WechatDeps & { port: number }): Promise<WechatRail> {
  let origin = ''
  const wechat = await createWechat({ ...deps, origin: () => origin })
  const otherwise = await createInAppBrowser(deps.home)
  const listener = await serve(wechat.routes, deps.port, { foreignForms: true, otherwise })
  origin = listener.address
  const self = () => wechat
  return {
    ...wechat,
    address: origin,
    homeRoutes: [...wechatDeskRoutes(self, () => origin), ...wechatWalletRoutes(self)],
    controlRoutes: wechatControlRoutes(self),
    provision: async (value) => {
      for (const merchant of list(asFields(value, 'The merchants file'), 'wechat')) {
        await wechat.register(readWechatMerchant(merchant))
      }
    },
    stop: async () => {
      await listener.close()
      await wechat.stop()
    },
  }
}

async function createWechat(deps: WechatDeps & { origin(): string }): Promise<Wechat> {
  const { clock, dataDir, retryScale } = deps
  const merchants = await openWechatMerchants(join(dataDir, 'wechat-merchants.jsonl'))
  const state = emptyWechat()
  const book = await openBook<Entry>(join(dataDir, 'wechat.jsonl'), (entry) => apply(state, entry))
  const keys = await openWechatPlatformKeys(dataDir, clock.now)
  for (const { mchId, platformKey } of merchants.all()) await keys.ensure(mchId, platformKey)
  const nowFor = (mchId: string) => clock.now() + merchants.knobs(mchId).clockSkewSeconds * 1_000
  const world = { clock, merchants, keys, book, state, retryScale, nowFor }
  const notifications = createNotifications(world)
  const payerCodes = createPayerCodes(clock)
  const cashier = createCashier({ ...world, notifications, payerCodes })
  const refunds = createRefunds({ ...world, notifications })
  const bills = createBillDesk({
    ...world,
    downloadAddress: (token) => `${deps.origin()}/v3/billdownload/file?token=${token}`,
  })
  const handlers = createHandlers({
    ...{ ...world, cashier, refunds, bills },
    scanAddress: (token) => `${deps.home()}/wechat/scan?pr=${token}`,
    h5Address: (prepayId, token) => `${deps.home()}/wechat/h5?prepay_id=${prepayId}&package=${token}`,
  })

  return {
    routes: [...apiRoutes({ ...world, handlers, bills }), ...oauthRoutes(world)],
    ...{ state, merchants, keys, cashier, refunds, notifications, payerCodes, retryScale, nowFor },
    register: async (merchant) => {
      await merchants.register(merchant)
      await keys.ensure(merchant.mchId, merchant.platformKey)
    },
    rotateKey: async (mchId) => {
      await keys.rotate(mchId, merchants.find(mchId)?.platformKey ?? 'certificate')
    },
    resume: () => {
      cashier.resume()
      refunds.resume()
      notifications.resume()
    },
    stop: async () => {
      await notifications.stop()
      await book.close()
      await merchants.close()
    },
  }
}
