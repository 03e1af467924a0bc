import type { Book } from '../book.ts'
import type { Clock } from '../clock.ts'
import {
  type Deal,
  type Entry,
  type Refund,
  type RefundStatus,
  refundedMinor,
  type WechatState,
} from './deal.ts'
import type { WechatMerchants } from './merchants.ts'
import type { Notifications } from './notifications.ts'
import { newRefundId } from './numbers.ts'
import { WechatRefusal } from './refusal.ts'

const yearMs = 365 * 86_400_000
const mostPartial = 50

export interface RefundAsk {
  outRefundNo: string
  amountMinor: bigint
  /** What the merchant believes was paid. */
  totalMinor: bigint
  reason: string
  notifyUrl?: string
}

/** Refunds: taken up at once, done a while later. */
export interface Refunds {
  /** The same number stands for the same refund, however often it is sent. Throws WechatRefusal. */
  accept(deal: Deal, ask: RefundAsk): Promise<Refund>
  /** Ends a refund; from ABNORMAL a person at the merchant's console may still bring it to SUCCESS. */
  end(deal: Deal, refund: Refund, status: Exclude<RefundStatus, 'PROCESSING'>): Promise<void>
  /** After a restart: goes on with those under way. */
  resume(): void
}

export interface RefundsDeps {
  clock: Clock
  merchants: WechatMerchants
  notifications: Notifications
  book: Book<Entry>
  state: WechatState
  nowFor(mchId: string): number
}

export function createRefunds(deps: RefundsDeps): Refunds {
  return {
    accept: (deal, ask) => accept(deps, deal, ask),
    end: (deal, refund, status) => end(deps, deal, refund, status),
    resume: () => {
      for (const deal of deps.state.deals.values()) {
        for (const refund of deal.refunds) if (refund.status === 'PROCESSING') schedule(deps, deal, refund)
      }
    },
  }
}

async function accept(deps: RefundsDeps, deal: Deal, ask: RefundAsk): Promise<Refund> {
  const known = deal.refunds.find(({ outRefundNo }) => outRefundNo === ask.outRefundNo)
  if (known) {
    if (known.amountMinor !== ask.amountMinor) {
      throw new WechatRefusal('PARAM_ERROR', '订单金额或退款金额与之前请求不一致')
    }
    return known
  }
  checkAsk(deps, deal, ask)
  const { totalMinor: _, amountMinor, ...asked } = ask
  const at = deps.nowFor(deal.order.mchId)
  const refundId = newRefundId(at)
  const { dealId } = deal
  await deps.book.record({
    kind: 'refund-accepted',
    at,
    dealId,
    refundId,
    ...asked,
    amountMinor: `${amountMinor}`,
  })
  const refund = deal.refunds.find((one) => one.refundId === refundId)
  if (!refund) throw new Error('A refund just recorded is missing.')
  schedule(deps, deal, refund)
  return refund
}

function checkAsk({ nowFor }: RefundsDeps, deal: Deal, ask: RefundAsk): void {
  if (deal.paidAt === undefined) throw new WechatRefusal('INVALID_REQUEST', '订单未支付')
  if (deal.state === 'REVOKED') throw new WechatRefusal('INVALID_REQUEST', '订单已撤销')
  if (nowFor(deal.order.mchId) - deal.paidAt > yearMs) {
    throw new WechatRefusal('INVALID_REQUEST', '订单已超过可退款的最大期限')
  }
  if (ask.totalMinor !== deal.totalMinor) throw new WechatRefusal('PARAM_ERROR', 'amount.total')
  if (refundedMinor(deal) === deal.totalMinor) throw new WechatRefusal('INVALID_REQUEST', '订单已全额退款')
  if (refundedMinor(deal) + ask.amountMinor > deal.totalMinor) {
    throw new WechatRefusal('INVALID_REQUEST', '申请退款金额大于订单可退金额')
  }
  if (deal.refunds.length >= mostPartial) throw new WechatRefusal('INVALID_REQUEST', '退款次数超限')
}

function schedule(deps: RefundsDeps, deal: Deal, refund: Refund): void {
  const { refundSeconds } = deps.merchants.knobs(deal.order.mchId)
  deps.clock.after(refundSeconds * 1_000, () => {
    const { refundOutcome } = deps.merchants.knobs(deal.order.mchId)
    const status = refundOutcome === '' ? 'SUCCESS' : (refundOutcome as 'ABNORMAL' | 'CLOSED')
    if (refund.status !== 'PROCESSING') return
    end(deps, deal, refund, status).catch((error: unknown) =>
      console.error('sandbox: ending a refund failed:', error),
    )
  })
}

async function end(
  deps: RefundsDeps,
  deal: Deal,
  refund: Refund,
  status: Exclude<RefundStatus, 'PROCESSING'>,
): Promise<void> {
  const over = refund.status === 'SUCCESS' || refund.status === 'CLOSED'
  if (over || refund.status === status)
    throw new WechatRefusal('INVALID_REQUEST', `退款状态为${refund.status}`)
  const at = deps.nowFor(deal.order.mchId)
  const { dealId } = deal
  const recorded = deps.book.record({ kind: 'refund-ended', at, dealId, refundId: refund.refundId, status })
  await Promise.all([recorded, deps.notifications.announceRefund(deal, refund)])
}
