import type { Book } from '../book.ts'
import type { Clock } from '../clock.ts'
import { type Deal, dealByNumber, type Entry, type Order, type WechatState } from './deal.ts'
import type { WechatMerchants } from './merchants.ts'
import type { Notifications } from './notifications.ts'
import { newDealId, newLinkToken, newRefundId, newTransactionId } from './numbers.ts'
import type { PayerCodes } from './payer-codes.ts'
import { WechatRefusal } from './refusal.ts'

/** A payer who is typing the password cannot be reversed for this long; on the scaled clock. */
const typingMs = 15_000

/** How a deal's life goes on. Every act is in the book before its promise resolves; what cannot be done throws WechatRefusal. */
export interface Cashier {
  /** Makes the deal, or finds it again when the same order comes twice. */
  place(order: Order): Promise<Deal>
  /** An unguessable word that leads to the deal for a while: within a QR code, or an H5 address. */
  link(deal: Deal, lifeMs: number): Promise<string>
  /** The deal behind such a word, while it lives. */
  follow(token: string): Deal | undefined
  /** Takes the money of a payer's code at once, unless the payer has to confirm. */
  charge(order: Order, payerCode: string): Promise<Deal>
  /** `sent` resolves when the first sending of the notification is over. */
  pay(deal: Deal): Promise<{ sent: Promise<void> }>
  /** A failed try leaves a deal waiting; only a payer's code is used up by it. */
  refuse(deal: Deal): Promise<void>
  close(deal: Deal): Promise<void>
  revoke(deal: Deal): Promise<void>
  /** After a restart: sets the deadlines of all deals that wait. */
  resume(): void
}

export interface CashierDeps {
  clock: Clock
  merchants: WechatMerchants
  notifications: Notifications
  payerCodes: PayerCodes
  book: Book<Entry>
  state: WechatState
  retryScale(): number
  nowFor(mchId: string): number
}

export function createCashier(deps: CashierDeps): Cashier {
  const { state, book, nowFor } = deps
  return {
    place: (order) => place(deps, order),
    link: async (deal, lifeMs) => {
      const at = nowFor(deal.order.mchId)
      const token = newLinkToken()
      await book.record({ kind: 'link-made', at, dealId: deal.dealId, token, expiresAt: at + lifeMs })
      return token
    },
    follow: (token) => {
      const link = state.links.get(token)
      const deal = state.deals.get(link?.dealId ?? '')
      return link && deal && link.expiresAt > nowFor(deal.order.mchId) ? deal : undefined
    },
    charge: (order, payerCode) => charge(deps, order, payerCode),
    pay: (deal) => pay(deps, deal),
    refuse: async (deal) => {
      if (deal.state !== 'USERPAYING') return
      await book.record({ kind: 'payment-failed', at: nowFor(deal.order.mchId), dealId: deal.dealId })
    },
    close: (deal) => close(deps, deal),
    revoke: (deal) => revoke(deps, deal),
    resume: () => {
      for (const deal of state.deals.values()) if (waits(deal)) watchDeadline(deps, deal)
    },
  }
}

const waits = ({ state }: Deal) => state === 'NOTPAY' || state === 'USERPAYING'

async function place(deps: CashierDeps, order: Order): Promise<Deal> {
  const { state, merchants, notifications } = deps
  const known = dealByNumber(state, order.mchId, order.outTradeNo)
  if (known) {
    await expireIfDue(deps, known)
    if (known.paidAt !== undefined) throw new WechatRefusal('ORDER_PAID')
    if (!waits(known) && !payableLate(deps, known)) throw new WechatRefusal('ORDER_CLOSED')
    const same =
      known.order.totalMinor === order.totalMinor &&
      known.order.tradeType === order.tradeType &&
      known.order.description === order.description
    if (!same) throw new WechatRefusal('OUT_TRADE_NO_USED')
    return known
  }
  const deal = await create(deps, order)
  if (merchants.knobs(order.mchId).forge && order.notifyUrl) {
    await notifications.forge(deal, order.notifyUrl)
  }
  return deal
}

async function create(deps: CashierDeps, order: Order): Promise<Deal> {
  const dealId = newDealId()
  await deps.book.record({ kind: 'order-placed', at: deps.nowFor(order.mchId), dealId, order })
  const deal = deps.state.deals.get(dealId)
  if (!deal) throw new Error('A deal just recorded is missing.')
  watchDeadline(deps, deal)
  return deal
}

function watchDeadline(deps: CashierDeps, deal: Deal): void {
  const left = () => deal.order.expiresAt - deps.nowFor(deal.order.mchId)
  deps.clock.after(left(), () => {
    // A timer may ring a millisecond before the clock shows its hour, and the clock itself can be skewed by a knob.
    if (left() > 0) {
      watchDeadline(deps, deal)
      return
    }
    expireIfDue(deps, deal).catch((error: unknown) =>
      console.error('sandbox: closing an order failed:', error),
    )
  })
}

async function expireIfDue(deps: CashierDeps, deal: Deal): Promise<void> {
  const at = deps.nowFor(deal.order.mchId)
  if (!waits(deal) || deal.order.expiresAt > at) return
  const { dealId } = deal
  await deps.book.record(
    deal.state === 'USERPAYING'
      ? { kind: 'payment-failed', at, dealId }
      : { kind: 'order-closed', at, dealId, by: 'time-out' },
  )
}

function payableLate({ merchants }: CashierDeps, deal: Deal): boolean {
  return deal.state === 'CLOSED' && merchants.knobs(deal.order.mchId).paidAfterClose
}

async function charge(deps: CashierDeps, order: Order, payerCode: string): Promise<Deal> {
  // A second call under the same number is about the first one's payment, whatever code it brings.
  if (dealByNumber(deps.state, order.mchId, order.outTradeNo)) return await place(deps, order)
  const code = deps.payerCodes.take(payerCode)
  if (code !== 'good') throw new WechatRefusal(code === 'expired' ? 'AUTH_CODE_EXPIRED' : 'AUTH_CODE_INVALID')
  const deal = await place(deps, order)
  if (deps.merchants.knobs(order.mchId).userPaying) {
    const at = deps.nowFor(order.mchId)
    await deps.book.record({ kind: 'password-asked', at, dealId: deal.dealId })
  } else {
    await pay(deps, deal)
  }
  return deal
}

async function pay(deps: CashierDeps, deal: Deal): Promise<{ sent: Promise<void> }> {
  await expireIfDue(deps, deal)
  if (deal.paidAt !== undefined) throw new WechatRefusal('ORDER_PAID')
  if (!waits(deal) && !payableLate(deps, deal)) throw new WechatRefusal('ORDER_CLOSED')
  const announced = [await settle(deps, deal)]
  if (deps.merchants.knobs(deal.order.mchId).paidTwice) {
    announced.push(await settle(deps, await create(deps, deal.order)))
  }
  return { sent: Promise.all(announced.map(({ sent }) => sent)).then(() => undefined) }
}

async function settle(deps: CashierDeps, deal: Deal): Promise<{ sent: Promise<void> }> {
  const { mchId } = deal.order
  const at = deps.nowFor(mchId)
  const recorded = deps.book.record({
    kind: 'order-paid',
    at,
    dealId: deal.dealId,
    transactionId: newTransactionId(at),
    totalMinor: deps.merchants.knobs(mchId).paidAmount || deal.order.totalMinor,
  })
  const [announced] = await Promise.all([deps.notifications.announcePayment(deal), recorded])
  return announced
}

async function close(deps: CashierDeps, deal: Deal): Promise<void> {
  await expireIfDue(deps, deal)
  if (deal.paidAt !== undefined) throw new WechatRefusal('ORDER_PAID')
  if (deal.state === 'USERPAYING') throw new WechatRefusal('USERPAYING')
  if (deal.state !== 'NOTPAY') throw new WechatRefusal('ORDER_CLOSED')
  const at = deps.nowFor(deal.order.mchId)
  await deps.book.record({ kind: 'order-closed', at, dealId: deal.dealId, by: 'merchant' })
}

/** Unpaid: closed for good. Paid: the money goes back. Asked again, it is done already. */
async function revoke(deps: CashierDeps, deal: Deal): Promise<void> {
  await expireIfDue(deps, deal)
  if (deal.order.tradeType !== 'MICROPAY') throw new WechatRefusal('INVALID_REQUEST', '仅付款码支付可撤销')
  if (deal.state === 'REVOKED') return
  if (deal.refunds.length > 0) throw new WechatRefusal('INVALID_REQUEST', '订单已发起退款')
  const at = deps.nowFor(deal.order.mchId)
  if (deal.state === 'USERPAYING' && at - deal.createdAt < typingMs * deps.retryScale()) {
    throw new WechatRefusal('USERPAYING')
  }
  const refundId = deal.paidAt === undefined ? {} : { refundId: newRefundId(at) }
  await deps.book.record({ kind: 'order-revoked', at, dealId: deal.dealId, ...refundId })
}
