import type { BillDesk } from './bill-desk.ts'
import type { Cashier } from './cashier.ts'
import {
  type Deal,
  dealByNumber,
  dealByTransaction,
  refundByNumber,
  type TradeType,
  type WechatState,
} from './deal.ts'
import type { Call } from './envelope.ts'
import type { WechatMerchants } from './merchants.ts'
import { readOrder, wireText, within } from './order-form.ts'
import type { WechatPlatformKeys } from './platform-keys.ts'
import type { RefundAsk, Refunds } from './refunds.ts'
import { WechatRefusal } from './refusal.ts'
import { refundOf, transactionOf } from './resource.ts'
import { sealResource } from './signature.ts'

/** What a call answers. No body: 204. Throws WechatRefusal for everything else. */
export type Handler = (call: Call) => Promise<Record<string, unknown> | undefined>

export interface CallsDeps {
  merchants: WechatMerchants
  keys: WechatPlatformKeys
  state: WechatState
  cashier: Cashier
  refunds: Refunds
  bills: BillDesk
  nowFor(mchId: string): number
  /** Addresses on the home port: what a code says, and where an H5 payment goes on. */
  scanAddress(token: string): string
  h5Address(prepayId: string, token: string): string
}

/** Codes and prepayments live two hours, H5 addresses five minutes. */
const codeLifeMs = 2 * 3_600_000
const h5LifeMs = 5 * 60_000

/** The calls of API v3 by the names the knobs use. Source: WeChat Pay, API v3, one page per call. */
export function createHandlers(deps: CallsDeps): Record<string, Handler> {
  const { cashier } = deps
  return {
    native: pays(deps, 'NATIVE', async (deal) => ({
      code_url: deps.scanAddress(await cashier.link(deal, codeLifeMs)),
    })),
    h5: pays(deps, 'MWEB', async (deal) => ({
      h5_url: deps.h5Address(deal.order.prepayId, await cashier.link(deal, h5LifeMs)),
    })),
    jsapi: pays(deps, 'JSAPI', async (deal) => ({ prepay_id: deal.order.prepayId })),
    app: pays(deps, 'APP', async (deal) => ({ prepay_id: deal.order.prepayId })),
    codepay: codepay(deps),
    query: query(deps),
    close: close(deps),
    reverse: reverse(deps),
    refund: refund(deps),
    'refund-query': refundQuery(deps),
    tradebill: async (call) => deps.bills.order(call, 'trade'),
    fundflowbill: async (call) => {
      if (!['BASIC', null].includes(call.query.get('account_type')))
        throw new WechatRefusal('NO_STATEMENT_EXIST')
      return deps.bills.order(call, 'fund-flow')
    },
    certificates: certificates(deps),
  }
}

function pays(
  { cashier, merchants, nowFor }: CallsDeps,
  tradeType: TradeType,
  wayOn: (deal: Deal) => Promise<Record<string, unknown>>,
): Handler {
  return async (call) => {
    const { mchId } = call.merchant
    const deal = await cashier.place(readOrder(call, tradeType, nowFor(mchId)))
    if (merchants.knobs(mchId).notificationBeforeAnswer) await (await cashier.pay(deal)).sent
    return await wayOn(deal)
  }
}

function codepay({ cashier, nowFor }: CallsDeps): Handler {
  return async (call) => {
    const { merchant, body } = call
    const code = wireText(within(body, 'payer'), 'auth_code', /^1[0-5]\d{16}$/)
    const deal = await cashier.charge(readOrder(call, 'MICROPAY', nowFor(merchant.mchId)), code)
    if (deal.state === 'USERPAYING') throw new WechatRefusal('USERPAYING')
    return transactionOf(deal, merchant)
  }
}

function query({ state, merchants }: CallsDeps): Handler {
  /** How many queries of each deal the knob `notFoundFirst` has answered. */
  const denied = new Map<string, number>()
  return async ({ merchant, parts, query: params }) => {
    const { mchId } = merchant
    if (params.get('mchid') !== mchId) throw new WechatRefusal('PARAM_ERROR', 'mchid')
    const deal =
      parts.transactionId === undefined
        ? dealByNumber(state, mchId, parts.outTradeNo ?? '')
        : dealByTransaction(state, mchId, parts.transactionId)
    if (!deal) throw new WechatRefusal('ORDER_NOT_EXIST')
    const before = denied.get(deal.dealId) ?? 0
    if (before < merchants.knobs(mchId).notFoundFirst) {
      denied.set(deal.dealId, before + 1)
      throw new WechatRefusal('ORDER_NOT_EXIST')
    }
    return transactionOf(deal, merchant)
  }
}

function ownDeal({ state }: CallsDeps, { merchant, body, parts }: Call): Deal {
  if (body.mchid !== merchant.mchId) throw new WechatRefusal('PARAM_ERROR', 'mchid')
  const deal = dealByNumber(state, merchant.mchId, parts.outTradeNo ?? '')
  if (!deal) throw new WechatRefusal('ORDER_NOT_EXIST')
  return deal
}

function close(deps: CallsDeps): Handler {
  return async (call) => {
    await deps.cashier.close(ownDeal(deps, call))
    return undefined
  }
}

function reverse(deps: CallsDeps): Handler {
  return async (call) => {
    const deal = ownDeal(deps, call)
    await deps.cashier.revoke(deal)
    const { mchId, appId } = call.merchant
    return { appid: appId, mchid: mchId, out_trade_no: deal.order.outTradeNo }
  }
}

function refund({ state, refunds }: CallsDeps): Handler {
  return async (call) => {
    const { mchId } = call.merchant
    const { transaction_id: id, out_trade_no: number } = call.body
    const ask = readAsk(call)
    const deal =
      typeof id === 'string'
        ? dealByTransaction(state, mchId, id)
        : dealByNumber(state, mchId, typeof number === 'string' ? number : '')
    if (!deal) throw new WechatRefusal('RESOURCE_NOT_EXISTS', '订单不存在')
    // A number once used belongs to its payment: under another one it is a mistake of the merchant's.
    const used = refundByNumber(state, mchId, ask.outRefundNo)
    if (used && used.deal !== deal) throw new WechatRefusal('PARAM_ERROR', 'out_refund_no')
    return refundOf(deal, await refunds.accept(deal, ask))
  }
}

function readAsk({ body }: Call): RefundAsk {
  const amount = within(body, 'amount')
  const { refund: amountMinor, total: totalMinor } = amount
  if (typeof amountMinor !== 'bigint' || amountMinor < 1n)
    throw new WechatRefusal('PARAM_ERROR', 'amount.refund')
  if (typeof totalMinor !== 'bigint') throw new WechatRefusal('PARAM_ERROR', 'amount.total')
  if (amount.currency !== 'CNY') throw new WechatRefusal('PARAM_ERROR', 'amount.currency')
  return {
    outRefundNo: wireText(body, 'out_refund_no', /^[0-9A-Za-z_\-|*@]{1,64}$/),
    amountMinor,
    totalMinor,
    reason: body.reason === undefined ? '' : wireText(body, 'reason', /^[\s\S]{1,80}$/),
    ...(body.notify_url === undefined
      ? {}
      : { notifyUrl: wireText(body, 'notify_url', /^https?:\/\/[^?]{1,247}$/) }),
  }
}

function refundQuery({ state }: CallsDeps): Handler {
  return async ({ merchant, parts }) => {
    const found = refundByNumber(state, merchant.mchId, parts.outRefundNo ?? '')
    if (!found) throw new WechatRefusal('RESOURCE_NOT_EXISTS', '退款单不存在')
    return refundOf(found.deal, found.refund)
  }
}

/** Each certificate sealed under the merchant's API v3 key, which is all a client needs to trust its first one. */
function certificates({ keys }: CallsDeps): Handler {
  return async ({ merchant }) => {
    const data = keys.of(merchant.mchId).flatMap(({ serial, certificate, effectiveTime, expireTime }) =>
      certificate === undefined
        ? []
        : [
            {
              serial_no: serial,
              effective_time: effectiveTime,
              expire_time: expireTime,
              encrypt_certificate: sealResource(certificate, 'certificate', merchant.apiV3Key),
            },
          ],
    )
    if (data.length === 0) throw new WechatRefusal('RESOURCE_NOT_EXISTS', '无可用的平台证书')
    return { data }
  }
}
