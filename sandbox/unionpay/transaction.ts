import { applyNotification, type NotificationEntry, type NotificationRecord } from '../notification.ts'
import type { UnionPayKnobs } from './knobs.ts'

/** A merchant as UnionPay knows it. */
export interface UnionPayMerchant {
  /** 15 digits. */
  merId: string
  brand: string
  name: string
  /** Serial number of the merchant's certificate, in decimal digits. */
  certId: string
  /** RSA, base64 SPKI. */
  merchantPublicKey: string
}

/** 01 a payment, 04 a refund, 31 a void. */
export type Kind = '01' | '04' | '31'

/** What the payer was sent to the cashier with. Nothing is booked for it until the payer acts. */
export interface Order {
  merId: string
  orderId: string
  txnTime: string
  /** Fen in digits. */
  amountMinor: string
  backUrl: string
  /** Milliseconds; no payment is taken later. */
  expiresAt: number
  frontUrl?: string
  subject?: string
  reqReserved?: string
}

/** What the payer pays with. */
export interface Card {
  id: string
  /** Masked. */
  accNo: string
  payCardType: string
  payType: string
  /** What the issuer says to a payment. */
  says: string
}

/** One entry of UnionPay's own ledger, under the queryId that every later call names. */
export interface Transaction {
  queryId: string
  kind: Kind
  merId: string
  orderId: string
  txnTime: string
  amountMinor: bigint
  traceNo: string
  at: number
  card: Card
  backUrl: string
  /** 05 while it is under way, then 00 or why not. */
  respCode: string
  /** The payment that a refund or a void is of. */
  origQryId?: string
  reqReserved?: string
}

/** A back notice of a transaction. */
export interface Notice {
  id: string
  at: number
  merId: string
  queryId: string
  url: string
  fields: Record<string, string>
}

type Written = Omit<Transaction, 'amountMinor'> & { amountMinor: string }

/** The lines of UnionPay's book. */
export type Entry =
  | { kind: 'merchant'; merchant: UnionPayMerchant }
  | { kind: 'knobs'; merId: string; knobs: UnionPayKnobs }
  | { kind: 'order-opened'; at: number; cashierId: string; order: Order }
  | { kind: 'transaction'; transaction: Written }
  | { kind: 'transaction-done'; at: number; queryId: string; respCode: string }
  | NotificationEntry<Notice>

/** Everything UnionPay knows, as the fold of its book. */
export interface UnionPayState {
  merchants: Map<string, UnionPayMerchant>
  knobs: Map<string, UnionPayKnobs>
  orders: Map<string, Order>
  /** By queryId, in order of creation. */
  transactions: Map<string, Transaction>
  notices: Map<string, NotificationRecord<Notice>>
}

export function emptyState(): UnionPayState {
  return {
    merchants: new Map(),
    knobs: new Map(),
    orders: new Map(),
    transactions: new Map(),
    notices: new Map(),
  }
}

export function apply(state: UnionPayState, entry: Entry): void {
  switch (entry.kind) {
    case 'merchant':
      state.merchants.set(entry.merchant.merId, entry.merchant)
      return
    case 'knobs':
      state.knobs.set(entry.merId, entry.knobs)
      return
    case 'order-opened':
      state.orders.set(entry.cashierId, entry.order)
      return
    case 'transaction': {
      const { amountMinor, ...rest } = entry.transaction
      state.transactions.set(rest.queryId, { ...rest, amountMinor: BigInt(amountMinor) })
      return
    }
    case 'transaction-done': {
      const transaction = state.transactions.get(entry.queryId)
      if (!transaction) throw new Error(`The book speaks of ${entry.queryId} before it was made.`)
      transaction.respCode = entry.respCode
      return
    }
    case 'notification-made':
    case 'notification-sent':
    case 'notification-dropped':
      applyNotification(state.notices, entry)
      return
    default:
      entry satisfies never
  }
}

/** The order that stands at the cashier under this number, with the address it stands at. */
export function orderNumbered(
  state: UnionPayState,
  merId: string,
  orderId: string,
): { cashierId: string; order: Order } | undefined {
  for (const [cashierId, order] of state.orders) {
    if (order.merId === merId && order.orderId === orderId) return { cashierId, order }
  }
  return undefined
}

/** Everything under one number: failed tries, the payment, a second one; or the refund or void of that number. */
export function transactionsNumbered(state: UnionPayState, merId: string, orderId: string): Transaction[] {
  return [...state.transactions.values()].filter((one) => one.merId === merId && one.orderId === orderId)
}

/** What a query by number is answered with: the first that went well, else the last. */
export function transactionNumbered(
  state: UnionPayState,
  merId: string,
  orderId: string,
): Transaction | undefined {
  const all = transactionsNumbered(state, merId, orderId)
  return all.find((one) => one.respCode === '00') ?? all.at(-1)
}

/** What went back of a payment, or is on its way back. */
export function returnedMinor(state: UnionPayState, queryId: string): bigint {
  return [...state.transactions.values()]
    .filter((one) => one.origQryId === queryId && (one.respCode === '00' || one.respCode === '05'))
    .reduce((sum, one) => sum + one.amountMinor, 0n)
}
