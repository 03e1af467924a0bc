import { chinaTime } from '../clock.ts'
import type { Merchant } from '../registry.ts'
import type { AlipayKnobs } from './knobs.ts'
import { buyer } from './numbers.ts'
import { type Refund, refundedMinor, type Trade } from './trade.ts'
import { formatYuan } from './yuan.ts'

/**
 * What a notification says of the trade as it stands: the parameters of Alipay's asynchronous notification for
 * alipay.trade.page.pay and its kin, without `notify_time` and signature, which belong to each sending.
 */
export function notificationFields(
  trade: Trade,
  merchant: Merchant,
  notifyId: string,
  refund?: Refund,
): Record<string, string> {
  const { order } = trade
  const total = formatYuan(trade.totalMinor)
  const paid = trade.paidAt === undefined ? '0.00' : total
  const fields: Record<string, string | undefined> = {
    notify_type: 'trade_status_sync',
    notify_id: notifyId,
    charset: 'utf-8',
    version: '1.0',
    app_id: order.appId,
    auth_app_id: order.appId,
    seller_id: merchant.sellerId,
    trade_no: trade.tradeNo,
    out_trade_no: order.outTradeNo,
    trade_status: trade.status,
    subject: order.subject,
    body: order.body,
    passback_params: order.passbackParams,
    trans_currency: order.transCurrency,
    buyer_id: buyer.id,
    buyer_logon_id: buyer.logonId,
    total_amount: total,
    receipt_amount: paid,
    buyer_pay_amount: paid,
    invoice_amount: paid,
    point_amount: '0.00',
    gmt_create: chinaTime(trade.createdAt),
  }
  if (trade.paidAt !== undefined) {
    fields.gmt_payment = chinaTime(trade.paidAt)
    fields.fund_bill_list = JSON.stringify([{ amount: paid, fundChannel: 'ALIPAYACCOUNT' }])
  }
  if (refund) {
    fields.refund_fee = formatYuan(refundedMinor(trade))
    fields.gmt_refund = `${chinaTime(refund.at)}.000`
    fields.out_biz_no = refund.outRequestNo
  }
  if (trade.closedAt !== undefined) fields.gmt_close = chinaTime(trade.closedAt)
  return Object.fromEntries(
    Object.entries(fields).filter((entry): entry is [string, string] => entry[1] !== undefined),
  )
}

/** The lies a merchant's knobs ask for, told afresh at each sending: a knob turned back heals the next retry. */
export function spoilFields(
  fields: Record<string, string>,
  knobs: AlipayKnobs,
  now: number,
): Record<string, string> {
  const notifyTime = chinaTime(now - knobs.notificationAgeMinutes * 60_000)
  const spoilt: Record<string, string> = { ...fields, notify_time: notifyTime }
  if (knobs.notificationAmount !== '') spoilt.total_amount = knobs.notificationAmount
  if (knobs.wrongSeller) spoilt.seller_id = '2088999999999999'
  if (knobs.wrongApp) {
    spoilt.app_id = '2021999999999999'
    spoilt.auth_app_id = '2021999999999999'
  }
  return spoilt
}

/** The signed parameters with which the buyer's browser returns. They prove nothing of payment: there is no status. */
export function returnFields(trade: Trade, merchant: Merchant, now: number): Record<string, string> {
  const { order } = trade
  return {
    charset: 'utf-8',
    out_trade_no: order.outTradeNo,
    method: `${order.method}.return`,
    total_amount: formatYuan(trade.totalMinor),
    trade_no: trade.tradeNo,
    auth_app_id: order.appId,
    version: '1.0',
    app_id: order.appId,
    seller_id: merchant.sellerId,
    timestamp: chinaTime(now),
  }
}
