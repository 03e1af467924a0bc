import { randomBytes } from 'node:crypto'
import iconv from 'iconv-lite'
import { chinaTime, parseChinaTime } from '../clock.ts'
import type { Route } from '../http.ts'
import type { Merchant, Registry } from '../registry.ts'
import { zip } from '../zip.ts'
import type { AlipayKnobs } from './knobs.ts'
import type { Method } from './methods.ts'
import { buyer } from './numbers.ts'
import { bizText } from './order-form.ts'
import { businessRefusal, Refusal } from './refusal.ts'
import type { AlipayState, Trade } from './trade.ts'
import { formatYuan } from './yuan.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs
/** The address of a bill dies so soon after it was given. */
const linkLifeMs = 30_000

/** Day bills: asked for through the gateway, then fetched from an address that holds for half a minute. */
export interface Bills {
  method: Method
  routes: Route[]
}

export interface BillsDeps {
  registry: Registry
  state: AlipayState
  nowFor(appId: string): number
  /** The address a bill is fetched from. */
  billAddress(token: string): string
}

/** `alipay.data.dataservice.bill.downloadurl.query`, for trade bills of a day; made at ten the next morning. */
export function createBills(deps: BillsDeps): Bills {
  const { registry, state, nowFor, billAddress } = deps
  const links = new Map<string, { appId: string; day: string; diesAt: number }>()
  return {
    method: async (call) => {
      const { appId } = call.merchant
      bizText(call.biz, 'bill_type', /^trade$/)
      const day = bizText(call.biz, 'bill_date', /^\d{4}-\d\d-\d\d$/)
      const startedAt = parseChinaTime(`${day} 00:00:00`)
      if (startedAt === undefined) throw businessRefusal('INVALID_PARAMETER', 'bill_date')
      const now = nowFor(appId)
      const ready = registry.alipayKnobs(appId).billsAtOnce || now >= startedAt + dayMs + 10 * hourMs
      if (!ready) throw new Refusal('40004', 'isp.bill_not_exist', '账单不存在')
      const token = randomBytes(24).toString('hex')
      for (const [old, { diesAt }] of links) if (diesAt <= now) links.delete(old)
      links.set(token, { appId, day, diesAt: now + linkLifeMs })
      return { bill_download_url: billAddress(token) }
    },
    routes: [
      {
        method: 'GET',
        path: '/bill/:token',
        answer: ({ parts }) => {
          const link = links.get(parts.token ?? '')
          const merchant = link && registry.merchant(link.appId)
          const now = nowFor(link?.appId ?? '')
          if (!merchant || link.diesAt <= now) return { status: 403, body: 'The link has expired.' }
          const body = billArchive(state, merchant, link.day, registry.alipayKnobs(merchant.appId), now)
          return { status: 200, headers: { 'content-type': 'application/zip' }, body }
        },
      },
    ],
  }
}

interface Row {
  trade: Trade
  at: number
  /** Negative where money goes back. */
  amountMinor: bigint
  /** Charged to the merchant, hence never positive: 0.60 % of what was paid; a refund gives none of it back. */
  feeMinor: bigint
  outRequestNo: string
}

function billArchive(
  state: AlipayState,
  merchant: Merchant,
  day: string,
  knobs: AlipayKnobs,
  now: number,
): Buffer {
  const rows = rowsOf(state, merchant.appId, day, knobs)
  const account = `${merchant.sellerId}0156`
  const digits = day.replaceAll('-', '')
  const file = (name: string, lines: string[]) => ({
    name: iconv.encode(`${account}_${digits}_${name}.csv`, 'gbk'),
    content: iconv.encode(lines.map((line) => `${line}\r\n`).join(''), 'gbk'),
  })
  const next = chinaTime((parseChinaTime(`${day} 00:00:00`) ?? 0) + dayMs)
  const head = [
    `#账号：[${account}]`,
    `#起始日期：[${chinese(`${day} 00:00:00`)}]   终止日期：[${chinese(next)}]`,
  ]
  const archive = zip(
    [file('业务明细', detailLines(rows, head, now)), file('业务明细(汇总)', summaryLines(rows, head, now))],
    now,
  )
  // Within the first file's packed bytes, behind its header and name.
  if (knobs.billFault === 'wrong-hash') archive.writeUInt8(archive.readUInt8(120) ^ 0xff, 120)
  return archive
}

function chinese(time: string): string {
  return time.replace(/^(\d+)-(\d+)-(\d+)/, '$1年$2月$3日')
}

function rowsOf(state: AlipayState, appId: string, day: string, { billFault }: AlipayKnobs): Row[] {
  const own = [...state.trades.values()].filter((trade) => trade.order.appId === appId)
  const on = (at: number) => chinaTime(at).startsWith(day)
  const paid = own.flatMap((trade): Row[] => {
    if (trade.paidAt === undefined || !on(trade.paidAt)) return []
    const feeMinor = -((trade.totalMinor * 6n + 500n) / 1_000n)
    return [{ trade, at: trade.paidAt, amountMinor: trade.totalMinor, feeMinor, outRequestNo: '' }]
  })
  const back = own.flatMap((trade) =>
    trade.refunds
      .filter(({ at }) => on(at))
      .map(({ at, amountMinor, outRequestNo }): Row => {
        return { trade, at, amountMinor: -amountMinor, feeMinor: 0n, outRequestNo }
      }),
  )
  const rows = [...paid, ...back].sort((a, b) => a.at - b.at)
  const [first, ...rest] = rows
  if (!first) return rows
  if (billFault === 'row-missing') return rest
  if (billFault === 'fen-off') return [{ ...first, amountMinor: first.amountMinor + 1n }, ...rest]
  if (billFault !== 'row-extra') return rows
  // The same payment once more, under numbers that nobody knows.
  const order = { ...first.trade.order, outTradeNo: 'STRAY0000000001' }
  const stray = { ...first.trade, tradeNo: `${day.replaceAll('-', '')}22001000000000000001`, order }
  return [...rows, { ...first, trade: stray }]
}

const detailColumns =
  '支付宝交易号,商户订单号,业务类型,商品名称,创建时间,完成时间,门店编号,门店名称,操作员,终端号,对方账户,订单金额（元）,商家实收（元）,支付宝红包（元）,集分宝（元）,支付宝优惠（元）,商家优惠（元）,券核销金额（元）,券名称,商家红包消费金额（元）,卡消费金额（元）,退款批次号/请求号,服务费（元）,分润（元）,备注'

function detailLines(rows: readonly Row[], head: readonly string[], now: number): string[] {
  const { paid, back } = sums(rows)
  return [
    '#支付宝业务明细查询',
    ...head,
    '#-----------------------------------------业务明细列表----------------------------------------',
    detailColumns,
    ...rows.map(detailLine),
    '#-----------------------------------------业务明细列表结束------------------------------------',
    `#交易合计：${paid.count}笔，商家实收共${yuan(paid.minor)}元，商家优惠共0.00元`,
    `#退款合计：${back.count}笔，商家实收退款共${yuan(back.minor)}元，商家优惠退款共0.00元`,
    `#导出时间：[${chinese(chinaTime(now))}]`,
  ]
}

/** Numbers end in a tab, so that no spreadsheet takes them for numbers. */
function detailLine({ trade, at, amountMinor, feeMinor, outRequestNo }: Row): string {
  const { order, tradeNo, createdAt } = trade
  const amount = yuan(amountMinor)
  const kind = amountMinor < 0n ? '退款' : '交易'
  const subject = order.subject.replaceAll(/[,"\r\n]/g, ' ')
  const remark = (order.body ?? '').replaceAll(/[,"\r\n]/g, ' ')
  return [
    ...[`${tradeNo}\t`, `${order.outTradeNo}\t`, `${kind}\t`, subject, chinaTime(createdAt), chinaTime(at)],
    ...['\t', '\t', '\t', '\t', `*试(${buyer.logonId})\t`, amount, amount],
    ...['0.00', '0.00', '0.00', '0.00', '0.00', '', '0.00\t', '0.00', `${outRequestNo}\t`],
    ...[yuan(feeMinor), '0.00', remark],
  ].join(',')
}

function summaryLines(rows: readonly Row[], head: readonly string[], now: number): string[] {
  const { paid, back } = sums(rows)
  const net = paid.minor + back.minor
  const fee = rows.reduce((sum, row) => sum + row.feeMinor, 0n)
  const total = [
    `${paid.count}`,
    `${back.count}`,
    yuan(net),
    yuan(net),
    '0.00',
    '0.00',
    '0.00',
    yuan(fee),
    '0.00',
  ]
  return [
    '#支付宝业务汇总查询',
    ...head,
    '#-----------------------------------------业务汇总列表----------------------------------------',
    '门店编号,门店名称,交易订单总笔数,退款订单总笔数,订单金额（元）,商家实收（元）,支付宝优惠（元）,商家优惠（元）,卡消费金额（元）,服务费（元）,分润（元）,实收净额（元）',
    ['合计\t', '\t', ...total, yuan(net + fee)].join(','),
    '#----------------------------------------业务汇总列表结束-------------------------------------',
    `#导出时间：[${chinese(chinaTime(now))}]`,
  ]
}

function sums(rows: readonly Row[]) {
  const sum = (some: readonly Row[]) => ({
    count: some.length,
    minor: some.reduce((total, row) => total + row.amountMinor, 0n),
  })
  return {
    paid: sum(rows.filter(({ amountMinor }) => amountMinor >= 0n)),
    back: sum(rows.filter(({ amountMinor }) => amountMinor < 0n)),
  }
}

function yuan(minor: bigint): string {
  return minor < 0n ? `-${formatYuan(-minor)}` : formatYuan(minor)
}
