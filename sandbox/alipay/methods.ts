import { type Clock, chinaTime } from '../clock.ts'
import type { Fields } from '../fields.ts'
import type { Registry } from '../registry.ts'
import type { Cashier, Refused } from './cashier.ts'
import type { Call } from './envelope.ts'
import { buyer } from './numbers.ts'
import { bizText, optionalText, readOrder } from './order-form.ts'
import { payByCode } from './pay-by-code.ts'
import type { PayerCodes } from './payer-codes.ts'
import { businessRefusal } from './refusal.ts'
import { type AlipayState, refundedMinor, type Trade, tradeByOutTradeNo } from './trade.ts'
import { formatYuan, parseYuan } from './yuan.ts'

/** The business fields of an answer, with code 10000 unless they bring one. Throws Refusal for a plain no. */
export type Method = (call: Call) => Promise<Record<string, unknown>>

export interface MethodsDeps {
  clock: Clock
  registry: Registry
  state: AlipayState
  cashier: Cashier
  codes: PayerCodes
  nowFor(appId: string): number
  /** The address that a scanned code opens. */
  scanAddress(code: string): string
}

/** The API methods by their names on the wire. Source: Alipay open platform, one page per method. */
export function createMethods(deps: MethodsDeps): Record<string, Method> {
  return {
    'alipay.trade.pay': payByCode(deps),
    'alipay.trade.precreate': precreate(deps),
    'alipay.trade.query': query(deps),
    'alipay.trade.close': close(deps),
    'alipay.trade.cancel': cancel(deps),
    'alipay.trade.refund': refund(deps),
    'alipay.trade.fastpay.refund.query': refundQuery(deps),
  }
}

function precreate({ cashier, registry, nowFor, scanAddress }: MethodsDeps): Method {
  return async (call) => {
    const { appId } = call.merchant
    const order = readOrder(call, 'alipay.trade.precreate', nowFor(appId))
    const code = await cashier.makeQr(order)
    if (registry.alipayKnobs(appId).notificationBeforeAnswer) {
      const payment = await cashier.pay(orRefuse(await cashier.scan(code)))
      await orRefuse(payment).sent
    }
    return { out_trade_no: order.outTradeNo, qr_code: scanAddress(code) }
  }
}

function query({ state, registry }: MethodsDeps): Method {
  /** How many queries of each trade the knob `notFoundFirst` has answered. */
  const denied = new Map<string, number>()
  return async (call) => {
    const trade = findTrade(state, call)
    if (!trade) throw businessRefusal('TRADE_NOT_EXIST')
    const before = denied.get(trade.tradeNo) ?? 0
    if (before < registry.alipayKnobs(call.merchant.appId).notFoundFirst) {
      denied.set(trade.tradeNo, before + 1)
      throw businessRefusal('TRADE_NOT_EXIST')
    }
    const total = formatYuan(trade.totalMinor)
    const paid = trade.paidAt === undefined ? '0.00' : total
    return {
      buyer_logon_id: buyer.logonId,
      buyer_pay_amount: paid,
      buyer_user_id: buyer.id,
      invoice_amount: paid,
      out_trade_no: trade.order.outTradeNo,
      point_amount: '0.00',
      receipt_amount: paid,
      ...(trade.paidAt === undefined ? {} : { send_pay_date: chinaTime(trade.paidAt) }),
      ...(trade.order.transCurrency ? { trans_currency: trade.order.transCurrency } : {}),
      total_amount: total,
      trade_no: trade.tradeNo,
      trade_status: trade.status,
    }
  }
}

function close({ state, cashier }: MethodsDeps): Method {
  return async (call) => {
    const trade = findTrade(state, call)
    if (!trade) throw businessRefusal('TRADE_NOT_EXIST')
    const refused = await cashier.close(trade)
    if (refused) throw businessRefusal(refused.refused)
    return { out_trade_no: trade.order.outTradeNo, trade_no: trade.tradeNo }
  }
}

/** Unpaid: closed. Paid: refunded in full. No trade: answered well, without `action`. */
function cancel({ state, cashier }: MethodsDeps): Method {
  return async (call) => {
    const trade = findTrade(state, call)
    const outTradeNo = trade?.order.outTradeNo ?? call.biz.out_trade_no
    if (!trade) return { out_trade_no: outTradeNo, retry_flag: 'N' }
    const answer = { out_trade_no: outTradeNo, trade_no: trade.tradeNo, retry_flag: 'N' }
    if (trade.status === 'TRADE_SUCCESS') {
      const amountMinor = trade.totalMinor - refundedMinor(trade)
      orRefuse(
        await cashier.refund(trade, { outRequestNo: trade.order.outTradeNo, amountMinor, reason: '撤销' }),
      )
      return { ...answer, action: 'refund' }
    }
    if (trade.status === 'TRADE_FINISHED') throw businessRefusal('TRADE_HAS_FINISHED')
    // A repeated cancel says what the first one did.
    if (trade.status === 'TRADE_CLOSED') return { ...answer, action: trade.paidAt ? 'refund' : 'close' }
    const refused = await cashier.close(trade)
    if (refused) throw businessRefusal(refused.refused)
    return { ...answer, action: 'close' }
  }
}

function refund({ state, registry, cashier, nowFor }: MethodsDeps): Method {
  return async (call) => {
    const amountMinor = parseYuan(call.biz.refund_amount)
    if (amountMinor === undefined || amountMinor === 0n) {
      throw businessRefusal('INVALID_PARAMETER', 'refund_amount')
    }
    const trade = findTrade(state, call)
    if (!trade) throw businessRefusal('TRADE_NOT_EXIST')
    if (registry.alipayKnobs(call.merchant.appId).refundRefused)
      throw businessRefusal('TRADE_NOT_ALLOW_REFUND')
    // Without a request number the refund goes under the order's own, so it can be made only once.
    const outRequestNo = optionalText(call.biz, 'out_request_no') ?? trade.order.outTradeNo
    const reason = optionalText(call.biz, 'refund_reason') ?? ''
    const { refund: made, changed } = orRefuse(
      await cashier.refund(trade, { outRequestNo, amountMinor, reason }),
    )
    return {
      buyer_logon_id: buyer.logonId,
      buyer_user_id: buyer.id,
      fund_change: changed ? 'Y' : 'N',
      gmt_refund_pay: chinaTime(changed ? made.at : nowFor(call.merchant.appId)),
      out_trade_no: trade.order.outTradeNo,
      refund_fee: formatYuan(refundedMinor(trade)),
      send_back_fee: changed ? formatYuan(made.amountMinor) : '0.00',
      trade_no: trade.tradeNo,
    }
  }
}

/** A refund that was never made is no error: the answer is 10000 without `refund_status`. */
function refundQuery({ state }: MethodsDeps): Method {
  return async (call) => {
    const outRequestNo = bizText(call.biz, 'out_request_no', /^.{1,64}$/)
    const trade = findTrade(state, call)
    if (!trade) throw businessRefusal('TRADE_NOT_EXIST')
    const made = trade.refunds.find((item) => item.outRequestNo === outRequestNo)
    if (!made) return {}
    return {
      gmt_refund_pay: chinaTime(made.at),
      out_request_no: outRequestNo,
      out_trade_no: trade.order.outTradeNo,
      refund_amount: formatYuan(made.amountMinor),
      refund_reason: made.reason,
      refund_status: 'REFUND_SUCCESS',
      total_amount: formatYuan(trade.totalMinor),
      trade_no: trade.tradeNo,
    }
  }
}

/** By trade_no, which wins, or out_trade_no; only among the caller's own trades. */
function findTrade(state: AlipayState, call: Call): Trade | undefined {
  const tradeNo = optionalText(call.biz as Fields, 'trade_no')
  const outTradeNo = optionalText(call.biz as Fields, 'out_trade_no')
  if (tradeNo !== undefined) {
    const trade = state.trades.get(tradeNo)
    return trade?.order.appId === call.merchant.appId ? trade : undefined
  }
  if (outTradeNo === undefined) throw businessRefusal('INVALID_PARAMETER', 'out_trade_no')
  return tradeByOutTradeNo(state, call.merchant.appId, outTradeNo)
}

function orRefuse<Done extends object>(outcome: Done | Refused): Done {
  if ('refused' in outcome) throw businessRefusal(outcome.refused)
  return outcome
}
