import iconv from 'iconv-lite'
import { chinaTime, parseChinaTime } from '../clock.ts'
import { zip } from '../zip.ts'
import { formatAmount, type Trade } from './trade.ts'

/** Of each business bill the account has these digits behind the seller's number. */
const ACCOUNT_TAIL = '0156'
const SUBJECT = '话费充值'
const COLUMNS =
  '支付宝交易号,商户订单号,业务类型,商品名称,创建时间,完成时间,门店编号,门店名称,操作员,终端号,对方账户,订单金额（元）,商家实收（元）,支付宝红包（元）,集分宝（元）,支付宝优惠（元）,商家优惠（元）,券核销金额（元）,券名称,商家红包消费金额（元）,卡消费金额（元）,退款批次号/请求号,服务费（元）,分润（元）,备注'

export interface AlipayBillOptions {
  /** 2088 and twelve digits. */
  seller: string
  /** `2026-11-21`. */
  day: string
  /** When it is exported; it stands at the end of the file. */
  exportedAt: number
}

/** The two files of a day's business bill, in the archive that the download link leads to. */
export function alipayBill(options: AlipayBillOptions, trades: readonly Trade[]): Buffer {
  const stem = `${options.seller}${ACCOUNT_TAIL}_${options.day.replaceAll('-', '')}_业务明细`
  return zip(
    [
      { name: gbk(`${stem}.csv`), content: details(options, trades) },
      { name: gbk(`${stem}(汇总).csv`), content: gbk(summary(options, trades)) },
    ],
    options.exportedAt,
  )
}

const gbk = (text: string) => iconv.encode(text, 'gbk')

/** Rows turned into bytes at a time: a day may have a million. */
const ROWS_AT_A_TIME = 10_000

function details(options: AlipayBillOptions, trades: readonly Trade[]): Buffer {
  const line = '-'.repeat(41)
  const parts = [
    gbk(`${heading('支付宝业务明细查询', options)}#${line}业务明细列表${line}\r\n${COLUMNS}\r\n`),
  ]
  for (let i = 0; i < trades.length; i += ROWS_AT_A_TIME)
    parts.push(
      gbk(
        trades
          .slice(i, i + ROWS_AT_A_TIME)
          .map(row)
          .join(''),
      ),
    )
  const [paid, back] = [totalOf(trades, 'payment'), totalOf(trades, 'refund')]
  parts.push(
    gbk(
      `#${line}业务明细列表结束${line}\r\n` +
        `#交易合计：${paid.count}笔，商家实收共${formatAmount(paid.minor)}元，商家优惠共0.00元\r\n` +
        `#退款合计：${back.count}笔，商家实收退款共${formatAmount(-back.minor)}元，商家优惠退款共0.00元\r\n` +
        `#导出时间：[${inWords(chinaTime(options.exportedAt))}]\r\n`,
    ),
  )
  return Buffer.concat(parts)
}

function summary(options: AlipayBillOptions, trades: readonly Trade[]): string {
  const [paid, back] = [totalOf(trades, 'payment'), totalOf(trades, 'refund')]
  const fees = trades.reduce((sum, { feeMinor }) => sum + feeMinor, 0n)
  return (
    `${heading('支付宝业务汇总查询', options)}门店编号,门店名称,交易订单总笔数,退款订单总笔数,订单金额（元）,商家实收（元）,服务费（元）\r\n` +
    `合计,,${paid.count},${back.count},${formatAmount(paid.minor - back.minor)},${formatAmount(paid.minor - back.minor)},${formatAmount(-fees)}\r\n`
  )
}

function heading(title: string, { seller, day }: AlipayBillOptions): string {
  const from = parseChinaTime(`${day} 00:00:00`) ?? 0
  const [first, last] = [from, from + 86_400_000].map((at) => inWords(chinaTime(at)))
  return `#${title}\r\n#账号：[${seller}${ACCOUNT_TAIL}]\r\n#起始日期：[${first}]   终止日期：[${last}]\r\n`
}

/** `2026年11月21日 00:00:00`. */
const inWords = (time: string) => time.replace(/^(\d+)-(\d+)-(\d+)/, '$1年$2月$3日')

/** Numbers end with a tab, so that spreadsheets keep them as text; a refund is below zero, and so is a fee that is charged. */
function row(trade: Trade): string {
  const amount = formatAmount(trade.kind === 'refund' ? -trade.amountMinor : trade.amountMinor)
  const kind = trade.kind === 'refund' ? '退款' : '交易'
  const at = chinaTime(trade.at)
  return `${trade.transaction}\t,${trade.outTradeNo}\t,${kind}\t,${SUBJECT},${at},${at},\t,\t,\t,\t,**博(138******00)\t,${amount},${amount},0.00,0.00,0.00,0.00,0.00,,0.00\t,0.00,${trade.outRefundNo ?? ''}\t,${formatAmount(-trade.feeMinor)},0.00,\r\n`
}

function totalOf(trades: readonly Trade[], kind: Trade['kind']): { count: number; minor: bigint } {
  const of = trades.filter((trade) => trade.kind === kind)
  return { count: of.length, minor: of.reduce((sum, { amountMinor }) => sum + amountMinor, 0n) }
}
