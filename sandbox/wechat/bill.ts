import { createHash } from 'node:crypto'
import { chinaTime } from '../clock.ts'
import type { Deal, Refund, WechatState } from './deal.ts'
import type { WechatKnobs } from './knobs.ts'
import type { WechatMerchant } from './merchants.ts'
import { newTransactionId } from './numbers.ts'
import { payerBank } from './payer.ts'
import { formatYuan } from './yuan.ts'

/** A file of the day, with the hash that is stated of it. Source: WeChat Pay, trade bill and fund flow bill. */
export interface BillFile {
  text: string
  sha1: string
}

export type BillKind = 'ALL' | 'SUCCESS' | 'REFUND'

/** A payment, a refund or a reversal, at the moment it counts. */
interface Line {
  at: number
  deal: Deal
  refund?: Pick<Refund, 'refundId' | 'outRefundNo' | 'amountMinor' | 'status'>
  state: 'SUCCESS' | 'REFUND' | 'REVOKED'
}

/** The merchant's fee, in hundredths of a percent. */
const feeRate = 60n

/** Half a fen counts as one. */
export function feeMinor(amountMinor: bigint): bigint {
  return (amountMinor * feeRate + 5_000n) / 10_000n
}

/** Whether the moment lies in a day of the bill's zone, `yyyy-MM-dd`. */
const isOn = (day: string, at: number) => chinaTime(at).startsWith(day)

function linesOn(state: WechatState, mchId: string, day: string): Line[] {
  const lines: Line[] = []
  for (const deal of state.deals.values()) {
    if (deal.order.mchId !== mchId || deal.paidAt === undefined) continue
    if (isOn(day, deal.paidAt)) lines.push({ at: deal.paidAt, deal, state: 'SUCCESS' })
    for (const refund of deal.refunds) {
      if (isOn(day, refund.at)) lines.push({ at: refund.at, deal, refund, state: 'REFUND' })
    }
    const { revoked, totalMinor } = deal
    if (revoked && isOn(day, revoked.at)) {
      const refund = {
        refundId: revoked.refundId,
        outRefundNo: '',
        amountMinor: totalMinor,
        status: 'SUCCESS' as const,
      }
      lines.push({ at: revoked.at, deal, refund, state: 'REVOKED' })
    }
  }
  return lines.sort((a, b) => a.at - b.at)
}

const tradeHead =
  '交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注'
const tradeFoot =
  '总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额'

/** The trade bill of a day: CSV in yuan, a backtick before each value, a sum of the day at its end. */
export function tradeBill(
  state: WechatState,
  merchant: WechatMerchant,
  day: string,
  kind: BillKind,
  knobs: WechatKnobs,
): BillFile | undefined {
  const wanted = linesOn(state, merchant.mchId, day).filter(
    (line) => kind === 'ALL' || (kind === 'SUCCESS') === (line.state === 'SUCCESS'),
  )
  const lines = spoilLines(wanted, knobs)
  if (lines.length === 0) return undefined
  const sum = (of: (line: Line) => bigint) => lines.reduce((total, line) => total + of(line), 0n)
  const paid = sum((line) => (line.refund ? 0n : line.deal.totalMinor))
  const refunded = sum((line) => line.refund?.amountMinor ?? 0n)
  const fees = sum(feeOf)
  const foot = [
    `${lines.length}`,
    ...[paid, refunded, 0n].map(formatYuan),
    fine(fees),
    formatYuan(paid),
    formatYuan(refunded),
  ]
  return fileOf(
    [tradeHead, ...lines.map((line) => ticked(tradeRow(line, merchant))), tradeFoot, ticked(foot)],
    knobs,
  )
}

const feeOf = ({ refund, deal }: Line) => (refund ? -feeMinor(refund.amountMinor) : feeMinor(deal.totalMinor))

function tradeRow({ at, deal, refund, state }: Line, { appId, mchId }: WechatMerchant): string[] {
  const paid = refund ? 0n : deal.totalMinor
  const back = refund?.amountMinor ?? 0n
  const { order, transactionId = '' } = deal
  return [
    chinaTime(at),
    ...[appId, mchId, '0', ''],
    ...[transactionId, order.outTradeNo, order.openid, order.tradeType, state, payerBank, 'CNY'],
    ...[formatYuan(paid), '0.00'],
    ...[refund?.refundId ?? '0', refund?.outRefundNo ?? '0', formatYuan(back), '0.00'],
    ...[refund ? 'ORIGINAL' : '', refund?.status ?? ''],
    // A comma or a line end in a name would be read as the next value: the vendor writes blanks.
    ...[order.description, order.attach ?? ''].map((text) => text.replace(/[,\r\n`]/g, ' ')),
    ...[fine(feeOf({ at, deal, state, ...(refund ? { refund } : {}) })), '0.60%'],
    ...[formatYuan(paid), formatYuan(back), ''],
  ]
}

/** Fees carry five decimals. */
function fine(minor: bigint): string {
  return `${formatYuan(minor)}000`
}

/** The knob `billFault`: a row lost, a row of nobody's, or a fen too much; the sums follow, so that only a match can tell. */
function spoilLines(lines: readonly Line[], { billFault }: WechatKnobs): readonly Line[] {
  const [first, ...rest] = lines
  if (!first) return lines
  switch (billFault) {
    case 'row-missing':
      return rest
    case 'row-extra': {
      const order = { ...first.deal.order, outTradeNo: `NOBODY${first.at}` }
      const deal = { ...first.deal, order, transactionId: newTransactionId(first.at) }
      return [...lines, { at: first.at, deal, state: 'SUCCESS' }]
    }
    case 'fen-off': {
      const { refund, deal } = first
      const off = refund
        ? { ...first, refund: { ...refund, amountMinor: refund.amountMinor + 1n } }
        : { ...first, deal: { ...deal, totalMinor: deal.totalMinor + 1n } }
      return [off, ...rest]
    }
    default:
      return lines
  }
}

const flowHead =
  '记账时间,微信支付业务单号,资金流水单号,业务名称,业务类型,收支类型,收支金额(元),账户结余(元),资金变更提交申请人,备注,业务凭证号'
const flowFoot = '资金流水总笔数,收入笔数,收入金额,支出笔数,支出金额'

/** What moved on the merchant's basic account: payments in, their fees out, refunds out less their fees. */
export function fundFlowBill(
  state: WechatState,
  { mchId }: WechatMerchant,
  day: string,
  knobs: WechatKnobs,
): BillFile | undefined {
  const days = new Set([...state.deals.values()].flatMap(momentsOf).map((at) => chinaTime(at).slice(0, 10)))
  let balance = 0n
  const rows: string[][] = []
  const told = { in: { count: 0, sum: 0n }, out: { count: 0, sum: 0n } }
  for (const one of [...days].filter((each) => each <= day).sort()) {
    for (const line of linesOn(state, mchId, one)) {
      for (const flow of flowsOf(line)) {
        balance += flow.amount
        if (one !== day) continue
        const way = flow.amount < 0n ? 'out' : 'in'
        const size = flow.amount < 0n ? -flow.amount : flow.amount
        told[way].count += 1
        told[way].sum += size
        const names = [flow.name, flow.name, way === 'in' ? '收入' : '支出']
        const number = `${mchId}${day.replaceAll('-', '')}${`${rows.length + 1}`.padStart(10, '0')}`
        rows.push([
          chinaTime(line.at),
          flow.id,
          number,
          ...names,
          formatYuan(size),
          formatYuan(balance),
          'system',
          '',
          flow.proof,
        ])
      }
    }
  }
  if (rows.length === 0) return undefined
  const foot = [
    `${rows.length}`,
    `${told.in.count}`,
    formatYuan(told.in.sum),
    `${told.out.count}`,
    formatYuan(told.out.sum),
  ]
  return fileOf([flowHead, ...rows.map(ticked), flowFoot, ticked(foot)], knobs)
}

function momentsOf({ paidAt, refunds, revoked }: Deal): number[] {
  return [
    ...(paidAt === undefined ? [] : [paidAt]),
    ...refunds.map(({ at }) => at),
    ...(revoked ? [revoked.at] : []),
  ]
}

function flowsOf({ deal, refund }: Line): { name: string; id: string; amount: bigint; proof: string }[] {
  const { transactionId: id = '', order, totalMinor } = deal
  if (refund) {
    const amount = -(refund.amountMinor - feeMinor(refund.amountMinor))
    return [{ name: '退款', id: refund.refundId, amount, proof: refund.outRefundNo }]
  }
  const fee = feeMinor(totalMinor)
  const payment = { name: '交易', id, amount: totalMinor, proof: order.outTradeNo }
  return fee === 0n
    ? [payment]
    : [payment, { name: '扣除交易手续费', id, amount: -fee, proof: order.outTradeNo }]
}

const ticked = (values: readonly string[]) => values.map((value) => `\`${value}`).join(',')

function fileOf(lines: readonly string[], { billFault }: WechatKnobs): BillFile {
  const text = `\u{FEFF}${lines.join('\r\n')}\r\n`
  const hashed = billFault === 'wrong-hash' ? `${text}\n` : text
  return { text, sha1: createHash('sha1').update(hashed).digest('hex') }
}
