import type { Book } from '../book.ts'
import type { Clock } from '../clock.ts'
import type { Registry } from '../registry.ts'
import type { Notifications } from './notifications.ts'
import { newCashierId, newQrCode, newTradeNo } from './numbers.ts'
import {
  type AlipayState,
  type Entry,
  type Order,
  type Refund,
  refundedMinor,
  type Trade,
  tradeByOutTradeNo,
} from './trade.ts'
import { parseYuan } from './yuan.ts'

/** Why something could not be done, as the vendor's sub_code without `ACQ.`. */
export type Refused = { refused: string }

/** How a trade's life goes on. Every act is in the book before its promise resolves. */
export interface Cashier {
  /** Promises a trade to whoever scans the code. */
  makeQr(order: Order): Promise<string>
  /** The buyer stands before the cashier: the trade is made, or found again. */
  open(order: Order): Promise<Trade | Refused>
  scan(code: string): Promise<Trade | Refused>
  /** `sent` resolves when the first sending of the notification is over. */
  pay(trade: Trade): Promise<{ sent: Promise<void> } | Refused>
  close(trade: Trade): Promise<Refused | undefined>
  /** `refund` is what that request number stands for; `changed` is false when it was refunded before. */
  refund(trade: Trade, ask: RefundAsk): Promise<{ refund: Refund; changed: boolean } | Refused>
  finish(trade: Trade): Promise<Refused | undefined>
  /** After a restart: sets the deadlines of all trades that wait. */
  resume(): void
}

export interface RefundAsk {
  outRequestNo: string
  amountMinor: bigint
  reason: string
}

export interface CashierDeps {
  clock: Clock
  registry: Registry
  notifications: Notifications
  book: Book<Entry>
  state: AlipayState
  nowFor(appId: string): number
}

export function createCashier(deps: CashierDeps): Cashier {
  return {
    makeQr: (order) => makeQr(deps, order),
    open: (order) => open(deps, order),
    scan: async (code) => {
      const qr = deps.state.qrOrders.get(code)
      return qr ? await open(deps, qr.order) : { refused: 'TRADE_NOT_EXIST' }
    },
    pay: (trade) => pay(deps, trade),
    close: (trade) => close(deps, trade),
    refund: (trade, ask) => refund(deps, trade, ask),
    finish: (trade) => finish(deps, trade),
    resume: () => {
      for (const trade of deps.state.trades.values()) {
        if (trade.status === 'WAIT_BUYER_PAY') watchDeadline(deps, trade)
      }
    },
  }
}

async function makeQr({ book, nowFor }: CashierDeps, order: Order): Promise<string> {
  const code = newQrCode()
  await book.record({ kind: 'qr-made', at: nowFor(order.appId), code, order })
  return code
}

async function open(deps: CashierDeps, order: Order): Promise<Trade | Refused> {
  const { state, registry, notifications, nowFor } = deps
  const known = tradeByOutTradeNo(state, order.appId, order.outTradeNo)
  if (known) {
    await expireIfDue(deps, known)
    if (known.order.totalMinor !== order.totalMinor) return { refused: 'CONTEXT_INCONSISTENT' }
    if (known.status === 'TRADE_CLOSED' && !payableLate(deps, known)) return { refused: 'TRADE_HAS_CLOSE' }
    if (known.paidAt !== undefined) return { refused: 'TRADE_HAS_SUCCESS' }
    return known
  }
  if (order.expiresAt <= nowFor(order.appId)) return { refused: 'TRADE_HAS_CLOSE' }
  const trade = await create(deps, order)
  if (registry.alipayKnobs(order.appId).forge && order.notifyUrl) {
    await notifications.forge(trade, order.notifyUrl)
  }
  return trade
}

async function create(deps: CashierDeps, order: Order): Promise<Trade> {
  const at = deps.nowFor(order.appId)
  const tradeNo = newTradeNo(at)
  await deps.book.record({ kind: 'trade-created', at, tradeNo, cashierId: newCashierId(), order })
  const trade = deps.state.trades.get(tradeNo)
  if (!trade) throw new Error('A trade just recorded is missing.')
  watchDeadline(deps, trade)
  return trade
}

function watchDeadline(deps: CashierDeps, trade: Trade): void {
  const left = () => trade.order.expiresAt - deps.nowFor(trade.order.appId)
  deps.clock.after(left(), () => {
    // A timer may ring a millisecond before the clock shows its hour, and the clock itself can be skewed by a knob.
    if (left() > 0) {
      watchDeadline(deps, trade)
      return
    }
    expireIfDue(deps, trade).catch((error: unknown) =>
      console.error('sandbox: closing a trade failed:', error),
    )
  })
}

async function expireIfDue(deps: CashierDeps, trade: Trade): Promise<void> {
  const due = trade.order.expiresAt <= deps.nowFor(trade.order.appId)
  if (trade.status === 'WAIT_BUYER_PAY' && due) await shut(deps, trade, 'time-out')
}

async function shut(deps: CashierDeps, trade: Trade, by: 'merchant' | 'time-out'): Promise<void> {
  const at = deps.nowFor(trade.order.appId)
  const recorded = deps.book.record({ kind: 'trade-closed', at, tradeNo: trade.tradeNo, by })
  await Promise.all([recorded, deps.notifications.announce(trade)])
}

function payableLate({ registry }: CashierDeps, trade: Trade): boolean {
  return trade.paidAt === undefined && registry.alipayKnobs(trade.order.appId).paidAfterClose
}

async function pay(deps: CashierDeps, trade: Trade): Promise<{ sent: Promise<void> } | Refused> {
  await expireIfDue(deps, trade)
  if (trade.paidAt !== undefined) return { refused: 'TRADE_HAS_SUCCESS' }
  if (trade.status === 'TRADE_CLOSED' && !payableLate(deps, trade)) return { refused: 'TRADE_HAS_CLOSE' }
  const knobs = deps.registry.alipayKnobs(trade.order.appId)
  const announced = [await settle(deps, trade)]
  if (knobs.paidTwice) announced.push(await settle(deps, await create(deps, trade.order)))
  if (knobs.finishedAfterSuccess) await finish(deps, trade)
  return { sent: Promise.all(announced.map(({ sent }) => sent)).then(() => undefined) }
}

async function settle(deps: CashierDeps, trade: Trade): Promise<{ sent: Promise<void> }> {
  const { appId } = trade.order
  const totalMinor = parseYuan(deps.registry.alipayKnobs(appId).paidAmount) ?? trade.totalMinor
  const { tradeNo } = trade
  const at = deps.nowFor(appId)
  const recorded = deps.book.record({ kind: 'trade-paid', at, tradeNo, totalMinor: `${totalMinor}` })
  const [announced] = await Promise.all([deps.notifications.announce(trade), recorded])
  return announced
}

async function close(deps: CashierDeps, trade: Trade): Promise<Refused | undefined> {
  await expireIfDue(deps, trade)
  if (trade.status !== 'WAIT_BUYER_PAY') return { refused: 'TRADE_STATUS_ERROR' }
  await shut(deps, trade, 'merchant')
  return undefined
}

async function refund(
  deps: CashierDeps,
  trade: Trade,
  ask: RefundAsk,
): Promise<{ refund: Refund; changed: boolean } | Refused> {
  const known = trade.refunds.find((made) => made.outRequestNo === ask.outRequestNo)
  if (known) {
    if (known.amountMinor !== ask.amountMinor) return { refused: 'DISCORDANT_REPEAT_REQUEST' }
    return { refund: known, changed: false }
  }
  if (trade.status === 'TRADE_FINISHED') return { refused: 'TRADE_HAS_FINISHED' }
  if (trade.status === 'TRADE_CLOSED') return { refused: 'TRADE_HAS_CLOSE' }
  if (trade.status !== 'TRADE_SUCCESS') return { refused: 'TRADE_STATUS_ERROR' }
  if (refundedMinor(trade) + ask.amountMinor > trade.totalMinor) {
    return { refused: 'REFUND_AMT_NOT_EQUAL_TOTAL' }
  }
  const at = deps.nowFor(trade.order.appId)
  const made: Refund = { ...ask, at }
  const amountMinor = `${ask.amountMinor}`
  const recorded = deps.book.record({
    kind: 'trade-refunded',
    at,
    tradeNo: trade.tradeNo,
    ...ask,
    amountMinor,
  })
  await Promise.all([recorded, deps.notifications.announce(trade, made)])
  return { refund: made, changed: true }
}

async function finish(deps: CashierDeps, trade: Trade): Promise<Refused | undefined> {
  if (trade.status !== 'TRADE_SUCCESS') return { refused: 'TRADE_STATUS_ERROR' }
  const at = deps.nowFor(trade.order.appId)
  const recorded = deps.book.record({ kind: 'trade-finished', at, tradeNo: trade.tradeNo })
  await Promise.all([recorded, deps.notifications.announce(trade)])
  return undefined
}
