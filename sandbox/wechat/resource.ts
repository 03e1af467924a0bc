import type { Deal, Refund, TradeState } from './deal.ts'
import type { WechatMerchant } from './merchants.ts'
import { payerBank } from './payer.ts'
import { wireTime } from './wire-time.ts'

const stateWords: Record<TradeState, string> = {
  NOTPAY: '订单未支付',
  USERPAYING: '用户支付中，等待输入支付密码',
  PAYERROR: '支付失败',
  SUCCESS: '支付成功',
  REFUND: '订单发生过退款，退款详情请查询退款单',
  CLOSED: '订单已关闭',
  REVOKED: '订单已撤销',
}

/** A deal as queries answer it and notifications carry it. An unpaid one has neither transaction nor time. */
export function transactionOf(deal: Deal, merchant: WechatMerchant): Record<string, unknown> {
  const { order, paidAt, transactionId } = deal
  const said = {
    mchid: order.mchId,
    appid: merchant.appId,
    out_trade_no: order.outTradeNo,
    trade_state: deal.state,
    trade_state_desc: stateWords[deal.state],
    attach: order.attach ?? '',
  }
  if (paidAt === undefined || transactionId === undefined) {
    return { ...said, amount: { payer_currency: 'CNY', total: deal.totalMinor } }
  }
  return {
    ...said,
    transaction_id: transactionId,
    trade_type: order.tradeType,
    bank_type: payerBank,
    success_time: wireTime(paidAt),
    payer: { openid: order.openid },
    amount: {
      total: deal.totalMinor,
      payer_total: deal.totalMinor,
      currency: 'CNY',
      payer_currency: 'CNY',
    },
  }
}

/** A refund as the refund call and its query answer it. */
export function refundOf(deal: Deal, refund: Refund): Record<string, unknown> {
  return {
    refund_id: refund.refundId,
    out_refund_no: refund.outRefundNo,
    transaction_id: deal.transactionId,
    out_trade_no: deal.order.outTradeNo,
    channel: 'ORIGINAL',
    user_received_account: '支付用户零钱',
    ...(refund.status === 'SUCCESS' && refund.endedAt !== undefined
      ? { success_time: wireTime(refund.endedAt) }
      : {}),
    create_time: wireTime(refund.at),
    status: refund.status,
    funds_account: 'AVAILABLE',
    amount: {
      total: deal.totalMinor,
      refund: refund.amountMinor,
      from: [],
      payer_total: deal.totalMinor,
      payer_refund: refund.amountMinor,
      settlement_refund: refund.amountMinor,
      settlement_total: deal.totalMinor,
      discount_refund: 0n,
      currency: 'CNY',
    },
    promotion_detail: [],
  }
}

/** What a notification of a refund's end carries: not what the query answers. */
export function refundResourceOf(deal: Deal, refund: Refund): Record<string, unknown> {
  return {
    mchid: deal.order.mchId,
    out_trade_no: deal.order.outTradeNo,
    transaction_id: deal.transactionId,
    out_refund_no: refund.outRefundNo,
    refund_id: refund.refundId,
    refund_status: refund.status,
    ...(refund.status === 'SUCCESS' && refund.endedAt !== undefined
      ? { success_time: wireTime(refund.endedAt) }
      : {}),
    user_received_account: '支付用户零钱',
    amount: {
      total: deal.totalMinor,
      refund: refund.amountMinor,
      payer_total: deal.totalMinor,
      payer_refund: refund.amountMinor,
    },
  }
}
