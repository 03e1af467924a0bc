import { createHash } from 'node:crypto'
import { chinaTime } from '../clock.ts'
import { formatAmount, type Trade } from './trade.ts'

const COLUMNS =
  '交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注'
const TOTALS = '总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额'
const NOTHING = '0.00'

export interface WechatBillOptions {
  mchId: string
  appId: string
  /** As it is printed: `0.60%`. */
  rate: string
}

/** A day's trade bill (`bill_type` ALL) with the SHA-1 that the API names beside its link. */
export function wechatBill(
  options: WechatBillOptions,
  trades: readonly Trade[],
): { bytes: Buffer; sha1: string } {
  const text = `\ufeff${COLUMNS}\r\n${trades.map((trade) => row(options, trade)).join('')}${TOTALS}\r\n${totals(trades)}`
  const bytes = Buffer.from(text)
  return { bytes, sha1: createHash('sha1').update(bytes).digest('hex') }
}

const fields = (values: readonly string[]) => `${values.map((value) => `\`${value}`).join(',')}\r\n`

function row({ mchId, appId, rate }: WechatBillOptions, trade: Trade): string {
  const back = trade.kind === 'refund'
  const amount = formatAmount(trade.amountMinor)
  return fields([
    chinaTime(trade.at),
    appId,
    mchId,
    '0',
    '',
    trade.transaction,
    trade.outTradeNo,
    'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o',
    'NATIVE',
    back ? 'REFUND' : 'SUCCESS',
    'OTHERS',
    'CNY',
    back ? NOTHING : amount,
    NOTHING,
    back ? `5030${trade.transaction.slice(0, 24)}` : '0',
    trade.outRefundNo ?? '0',
    back ? amount : NOTHING,
    NOTHING,
    back ? 'ORIGINAL' : '',
    back ? 'SUCCESS' : '',
    '话费充值,手机',
    '',
    formatAmount(trade.feeMinor, 5),
    rate,
    back ? NOTHING : amount,
    back ? amount : NOTHING,
    '',
  ])
}

function totals(trades: readonly Trade[]): string {
  const sum = (of: (trade: Trade) => bigint) => trades.reduce((total, trade) => total + of(trade), 0n)
  const paid = formatAmount(sum(({ kind, amountMinor }) => (kind === 'payment' ? amountMinor : 0n)))
  const back = formatAmount(sum(({ kind, amountMinor }) => (kind === 'refund' ? amountMinor : 0n)))
  const fees = formatAmount(
    sum(({ feeMinor }) => feeMinor),
    5,
  )
  return fields([trades.length.toString(), paid, back, NOTHING, fees, paid, back])
}
