import { applyNotification, type NotificationEntry, type NotificationRecord } from '../notification.ts'

/**
 * A trade as Alipay keeps it. `WAIT_BUYER_PAY` waits for the buyer or its deadline; `TRADE_SUCCESS` is paid and can be
 * refunded; `TRADE_FINISHED` is paid and past refunding; `TRADE_CLOSED` was never paid, or was refunded in full.
 */
export type TradeStatus = 'WAIT_BUYER_PAY' | 'TRADE_SUCCESS' | 'TRADE_FINISHED' | 'TRADE_CLOSED'

export type PayMethod =
  | 'alipay.trade.page.pay'
  | 'alipay.trade.wap.pay'
  | 'alipay.trade.precreate'
  | 'alipay.trade.pay'

/** What a merchant asked for. Becomes a trade when a buyer turns up. Amounts are fen in decimal digits. */
export interface Order {
  appId: string
  outTradeNo: string
  method: PayMethod
  subject: string
  totalMinor: string
  /** Milliseconds; unpaid trades close then. */
  expiresAt: number
  body?: string
  transCurrency?: string
  notifyUrl?: string
  returnUrl?: string
  quitUrl?: string
  passbackParams?: string
}

export interface Refund {
  outRequestNo: string
  amountMinor: bigint
  reason: string
  at: number
}

export interface Trade {
  tradeNo: string
  /** Unguessable: the wallet page's address. */
  cashierId: string
  order: Order
  status: TradeStatus
  totalMinor: bigint
  createdAt: number
  paidAt?: number
  closedAt?: number
  refunds: Refund[]
}

/** A notification of how a trade stands. */
export interface Notification {
  id: string
  at: number
  appId: string
  tradeNo: string
  url: string
  fields: Record<string, string>
}

/** The lines of Alipay's book. */
export type Entry =
  | { kind: 'qr-made'; at: number; code: string; order: Order }
  | { kind: 'trade-created'; at: number; tradeNo: string; cashierId: string; order: Order }
  | { kind: 'trade-paid'; at: number; tradeNo: string; totalMinor: string }
  | { kind: 'trade-closed'; at: number; tradeNo: string; by: 'merchant' | 'time-out' }
  | { kind: 'trade-finished'; at: number; tradeNo: string }
  | {
      kind: 'trade-refunded'
      at: number
      tradeNo: string
      outRequestNo: string
      amountMinor: string
      reason: string
    }
  | NotificationEntry<Notification>

/** Everything Alipay knows, as the fold of its book. */
export interface AlipayState {
  qrOrders: Map<string, { order: Order; at: number }>
  /** By trade_no, in order of creation. */
  trades: Map<string, Trade>
  notifications: Map<string, NotificationRecord<Notification>>
}

export function emptyState(): AlipayState {
  return { qrOrders: new Map(), trades: new Map(), notifications: new Map() }
}

export function apply(state: AlipayState, entry: Entry): void {
  switch (entry.kind) {
    case 'qr-made':
      state.qrOrders.set(entry.code, { order: entry.order, at: entry.at })
      return
    case 'trade-created':
      state.trades.set(entry.tradeNo, {
        tradeNo: entry.tradeNo,
        cashierId: entry.cashierId,
        order: entry.order,
        status: 'WAIT_BUYER_PAY',
        totalMinor: BigInt(entry.order.totalMinor),
        createdAt: entry.at,
        refunds: [],
      })
      return
    case 'notification-made':
    case 'notification-sent':
    case 'notification-dropped':
      applyNotification(state.notifications, entry)
      return
    default:
      applyToTrade(tradeNamed(state, entry.tradeNo), entry)
  }
}

type TradeEntry = Extract<Entry, { tradeNo: string }>

function applyToTrade(trade: Trade, entry: Exclude<TradeEntry, { kind: 'trade-created' }>): void {
  switch (entry.kind) {
    case 'trade-paid':
      trade.status = 'TRADE_SUCCESS'
      trade.totalMinor = BigInt(entry.totalMinor)
      trade.paidAt = entry.at
      delete trade.closedAt
      return
    case 'trade-closed':
      trade.status = 'TRADE_CLOSED'
      trade.closedAt = entry.at
      return
    case 'trade-finished':
      trade.status = 'TRADE_FINISHED'
      return
    case 'trade-refunded':
      trade.refunds.push({
        outRequestNo: entry.outRequestNo,
        amountMinor: BigInt(entry.amountMinor),
        reason: entry.reason,
        at: entry.at,
      })
      if (refundedMinor(trade) === trade.totalMinor) {
        trade.status = 'TRADE_CLOSED'
        trade.closedAt = entry.at
      }
      return
    default:
      entry satisfies never
  }
}

function tradeNamed(state: AlipayState, tradeNo: string): Trade {
  const trade = state.trades.get(tradeNo)
  if (!trade) throw new Error(`The book speaks of trade ${tradeNo} before it was created.`)
  return trade
}

export function refundedMinor(trade: Trade): bigint {
  return trade.refunds.reduce((sum, refund) => sum + refund.amountMinor, 0n)
}

/** The first trade of that number: should it have been paid twice, the second is found by its trade_no alone. */
export function tradeByOutTradeNo(state: AlipayState, appId: string, outTradeNo: string): Trade | undefined {
  return state.trades
    .values()
    .find((trade) => trade.order.appId === appId && trade.order.outTradeNo === outTradeNo)
}

export function tradeByCashierId(state: AlipayState, cashierId: string): Trade | undefined {
  return state.trades.values().find((trade) => trade.cashierId === cashierId)
}
