import { chinaTime } from '../clock.ts'
import type { Registry } from '../registry.ts'
import type { Cashier } from './cashier.ts'
import type { Method } from './methods.ts'
import { buyer } from './numbers.ts'
import { bizText, readOrder } from './order-form.ts'
import type { PayerCodes } from './payer-codes.ts'
import { businessRefusal } from './refusal.ts'
import { type AlipayState, type Trade, tradeByOutTradeNo } from './trade.ts'
import { formatYuan } from './yuan.ts'

export interface PayByCodeDeps {
  registry: Registry
  state: AlipayState
  cashier: Cashier
  codes: PayerCodes
  nowFor(appId: string): number
}

/**
 * `alipay.trade.pay`: the merchant charges the code it read off the payer's wallet. 10000 is paid, 10003 waits for the payer's
 * password, 20000 is not known; after the last two the merchant queries, and cancels when it has waited enough.
 */
export function payByCode(deps: PayByCodeDeps): Method {
  const { registry, state, cashier, codes, nowFor } = deps
  return async (call) => {
    const { appId } = call.merchant
    bizText(call.biz, 'scene', /^bar_code$/)
    const authCode = bizText(call.biz, 'auth_code', /^\d{16,24}$/)
    const order = readOrder(call, 'alipay.trade.pay', nowFor(appId))
    // A repeated call is answered for the trade, whatever became of its code.
    if (tradeByOutTradeNo(state, appId, order.outTradeNo)?.paidAt !== undefined) {
      throw businessRefusal('TRADE_HAS_SUCCESS')
    }
    const code = codes.charge(authCode)
    if (!code) throw businessRefusal('PAYMENT_AUTH_CODE_INVALID')
    const trade = await cashier.open(order)
    if ('refused' in trade) throw businessRefusal(trade.refused)
    code.cashierId = trade.cashierId
    if (code.wish === 'poor') throw businessRefusal('BUYER_BALANCE_NOT_ENOUGH')
    const { payerCodeAnswer } = registry.alipayKnobs(appId)
    if (code.wish === 'password' || payerCodeAnswer === 'waiting') return waiting(trade)
    const payment = await cashier.pay(trade)
    if ('refused' in payment) throw businessRefusal(payment.refused)
    return payerCodeAnswer === 'unknown' ? notKnown : paid(trade)
  }
}

const notKnown = {
  code: '20000',
  msg: 'Service Currently Unavailable',
  sub_code: 'isp.unknow-error',
  sub_msg: '系统繁忙',
}

function waiting(trade: Trade): Record<string, unknown> {
  return {
    code: '10003',
    msg: ' order success pay inprocess',
    buyer_logon_id: buyer.logonId,
    buyer_user_id: buyer.id,
    out_trade_no: trade.order.outTradeNo,
    total_amount: formatYuan(trade.totalMinor),
    trade_no: trade.tradeNo,
  }
}

function paid(trade: Trade): Record<string, unknown> {
  const total = formatYuan(trade.totalMinor)
  return {
    buyer_logon_id: buyer.logonId,
    buyer_pay_amount: total,
    buyer_user_id: buyer.id,
    fund_bill_list: [{ amount: total, fund_channel: 'ALIPAYACCOUNT' }],
    gmt_payment: chinaTime(trade.paidAt ?? trade.createdAt),
    invoice_amount: total,
    out_trade_no: trade.order.outTradeNo,
    point_amount: '0.00',
    receipt_amount: total,
    total_amount: total,
    trade_no: trade.tradeNo,
  }
}
