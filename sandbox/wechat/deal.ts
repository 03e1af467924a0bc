import { applyNotification, type NotificationEntry, type NotificationRecord } from '../notification.ts'

/**
 * A deal as WeChat Pay keeps it. `NOTPAY` waits for the payer or its deadline, also after a failed try; `USERPAYING` is a
 * payer's code waiting for the password, `PAYERROR` one that was refused, `REVOKED` one that the merchant reversed;
 * `SUCCESS` is paid; `REFUND` is paid, and a refund was taken up since, whatever became of it; `CLOSED` was never paid.
 */
export type TradeState = 'NOTPAY' | 'USERPAYING' | 'PAYERROR' | 'SUCCESS' | 'REFUND' | 'CLOSED' | 'REVOKED'

/** As bills and answers write the way of paying: native, h5, jsapi, app, and the payer's code. */
export type TradeType = 'NATIVE' | 'MWEB' | 'JSAPI' | 'APP' | 'MICROPAY'

/** What a merchant asked for. Amounts are fen in decimal digits. */
export interface Order {
  mchId: string
  outTradeNo: string
  tradeType: TradeType
  description: string
  totalMinor: string
  /** Milliseconds; unpaid deals close then. */
  expiresAt: number
  prepayId: string
  openid: string
  notifyUrl?: string
  attach?: string
}

/** `PROCESSING` ends in one of the others; `ABNORMAL` waits for a person at the merchant's console. */
export type RefundStatus = 'PROCESSING' | 'SUCCESS' | 'ABNORMAL' | 'CLOSED'

export interface Refund {
  refundId: string
  outRefundNo: string
  amountMinor: bigint
  reason: string
  status: RefundStatus
  at: number
  endedAt?: number
  notifyUrl?: string
}

export interface Deal {
  /** Unguessable: the wallet page's address. */
  dealId: string
  order: Order
  state: TradeState
  /** What was really paid, once it was. */
  totalMinor: bigint
  createdAt: number
  transactionId?: string
  paidAt?: number
  /** A paid one that was reversed: its money went back under this number. */
  revoked?: { at: number; refundId: string }
  refunds: Refund[]
}

/** A notification of a payment or a refund. */
export interface Notification {
  id: string
  mchId: string
  dealId: string
  url: string
  eventType: string
  summary: string
  at: number
  /** `transaction` or `refund`. */
  originalType: string
  /** The JSON of the resource before sealing. */
  plain: string
}

/** The lines of WeChat Pay's book. */
export type Entry =
  | { kind: 'order-placed'; at: number; dealId: string; order: Order }
  | { kind: 'link-made'; at: number; dealId: string; token: string; expiresAt: number }
  | { kind: 'password-asked'; at: number; dealId: string }
  | { kind: 'payment-failed'; at: number; dealId: string }
  | { kind: 'order-paid'; at: number; dealId: string; transactionId: string; totalMinor: string }
  | { kind: 'order-closed'; at: number; dealId: string; by: 'merchant' | 'time-out' }
  /** With the refund's number, where it had been paid. */
  | { kind: 'order-revoked'; at: number; dealId: string; refundId?: string }
  | {
      kind: 'refund-accepted'
      at: number
      dealId: string
      refundId: string
      outRefundNo: string
      amountMinor: string
      reason: string
      notifyUrl?: string
    }
  | { kind: 'refund-ended'; at: number; dealId: string; refundId: string; status: RefundStatus }
  | NotificationEntry<Notification>
  /** `refused` is what the receiver should do. */
  | { kind: 'probe-sent'; at: number; id: string; status: number; refused: boolean }

/** Everything WeChat Pay knows, as the fold of its book. */
export interface WechatState {
  /** By dealId, in order of placing. */
  deals: Map<string, Deal>
  links: Map<string, { dealId: string; expiresAt: number }>
  notifications: Map<string, NotificationRecord<Notification>>
}

export function emptyWechat(): WechatState {
  return { deals: new Map(), links: new Map(), notifications: new Map() }
}

export function apply(state: WechatState, entry: Entry): void {
  switch (entry.kind) {
    case 'order-placed': {
      const { dealId, order, at } = entry
      const totalMinor = BigInt(order.totalMinor)
      state.deals.set(dealId, { dealId, order, state: 'NOTPAY', totalMinor, createdAt: at, refunds: [] })
      return
    }
    case 'link-made':
      state.links.set(entry.token, { dealId: entry.dealId, expiresAt: entry.expiresAt })
      return
    case 'notification-made':
    case 'notification-sent':
    case 'notification-dropped':
      applyNotification(state.notifications, entry)
      return
    case 'probe-sent':
      return
    default:
      applyToDeal(dealNamed(state, entry.dealId), entry)
  }
}

type DealEntry = Exclude<Extract<Entry, { dealId: string }>, { kind: 'order-placed' | 'link-made' }>

function applyToDeal(deal: Deal, entry: DealEntry): void {
  switch (entry.kind) {
    case 'password-asked':
      deal.state = 'USERPAYING'
      return
    case 'payment-failed':
      deal.state = 'PAYERROR'
      return
    case 'order-paid':
      deal.state = 'SUCCESS'
      deal.transactionId = entry.transactionId
      deal.totalMinor = BigInt(entry.totalMinor)
      deal.paidAt = entry.at
      return
    case 'order-closed':
      deal.state = 'CLOSED'
      return
    case 'order-revoked':
      deal.state = 'REVOKED'
      if (entry.refundId !== undefined) deal.revoked = { at: entry.at, refundId: entry.refundId }
      return
    case 'refund-accepted': {
      const { kind: _, dealId: _deal, amountMinor, ...refund } = entry
      deal.state = 'REFUND'
      deal.refunds.push({ ...refund, amountMinor: BigInt(amountMinor), status: 'PROCESSING' })
      return
    }
    case 'refund-ended': {
      const refund = deal.refunds.find(({ refundId }) => refundId === entry.refundId)
      if (!refund) throw new Error(`The book speaks of refund ${entry.refundId} before it was accepted.`)
      refund.status = entry.status
      refund.endedAt = entry.at
      return
    }
    default:
      entry satisfies never
  }
}

function dealNamed(state: WechatState, dealId: string): Deal {
  const deal = state.deals.get(dealId)
  if (!deal) throw new Error(`The book speaks of deal ${dealId} before it was placed.`)
  return deal
}

/** What refunds have taken of a payment, or may still take; a closed one gave it back. */
export function refundedMinor(deal: Deal): bigint {
  return deal.refunds
    .filter(({ status }) => status !== 'CLOSED')
    .reduce((sum, { amountMinor }) => sum + amountMinor, 0n)
}

/** The first deal of that number: should it have been paid twice, the second is found by its transaction alone. */
export function dealByNumber(state: WechatState, mchId: string, outTradeNo: string): Deal | undefined {
  return state.deals.values().find(({ order }) => order.mchId === mchId && order.outTradeNo === outTradeNo)
}

export function dealByTransaction(state: WechatState, mchId: string, id: string): Deal | undefined {
  return state.deals.values().find((deal) => deal.order.mchId === mchId && deal.transactionId === id)
}

export function refundByNumber(
  state: WechatState,
  mchId: string,
  outRefundNo: string,
): { deal: Deal; refund: Refund } | undefined {
  for (const deal of state.deals.values()) {
    if (deal.order.mchId !== mchId) continue
    const refund = deal.refunds.find((one) => one.outRefundNo === outRefundNo)
    if (refund) return { deal, refund }
  }
  return undefined
}
