import { createHash } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import iconv from 'iconv-lite'
import { describe, expect, it } from 'vitest'
import { idFromWire } from '../../contract/id.ts'
import { alipayBill } from '../../sandbox/statement/alipay-bill.ts'
import { cardReport } from '../../sandbox/statement/card-report.ts'
import { makeDays } from '../../sandbox/statement/days.ts'
import type { Trade } from '../../sandbox/statement/trade.ts'
import { wechatBill } from '../../sandbox/statement/wechat-bill.ts'
import type { BillExpected, BillRow } from './bill.ts'
import { billBytes } from './bill-source.ts'
import { readAlipayBill } from './read-alipay.ts'
import { readCardBill } from './read-card.ts'
import { readWechatBill } from './read-wechat.ts'
import { readAll } from './reconcile-fixture.ts'

const DAY = '2026-11-21'
const MIDNIGHT = Date.UTC(2026, 10, 20, 16)
const SELLER = '2088000000000001'
const MCH_ID = '1900000109'

const options = {
  firstMidnight: MIDNIGHT,
  days: 1,
  refundShare: 0.2,
  faultShare: 0,
  feeBp: 60n,
  offsetMs: 8 * 3_600_000,
}
const tradesOf = (seed: number, paymentsPerDay = 20): Trade[] =>
  [...makeDays({ ...options, seed, paymentsPerDay })].flatMap(({ bill }) => bill)

const alipay: BillExpected = { day: DAY, merchant: '2021000000000001', seller: SELLER, currency: 'CNY' }
const wechat: BillExpected = { day: DAY, merchant: MCH_ID, seller: MCH_ID, currency: 'CNY' }
const card: BillExpected = { day: DAY, merchant: 'acct_1', seller: 'acct_1', currency: 'GBP' }

const ofAlipay = (trades: readonly Trade[], day = DAY) =>
  alipayBill({ seller: SELLER, day, exportedAt: MIDNIGHT + 34 * 3_600_000 }, trades)
const ofWechat = (trades: readonly Trade[]) =>
  wechatBill({ mchId: MCH_ID, appId: 'wx8888888888888888', rate: '0.60%' }, trades)

/** What a reader makes of a trade, whichever rail it came by. */
function rowOf(trade: Trade, currency: string): BillRow {
  const { kind, amountMinor, feeMinor, at } = trade
  const number = idFromWire((kind === 'refund' ? trade.outRefundNo : trade.outTradeNo) ?? '')
  const key = kind === 'refund' ? (number as string) : trade.transaction
  return { kind, key, number, amountMinor, feeMinor, currency, atMs: at, final: true }
}

describe('a bill of every rail is read back as the trades it was written from', () => {
  it.each([
    ['alipay', readAlipayBill, ofAlipay, alipay],
    ['wechat', readWechatBill, (trades: readonly Trade[]) => ofWechat(trades).bytes, wechat],
    [
      'wechat, packed',
      readWechatBill,
      (trades: readonly Trade[]) => gzipSync(ofWechat(trades).bytes),
      wechat,
    ],
  ] as const)('%s', async (_, reader, write, expected) => {
    await fc.assert(
      fc.asyncProperty(fc.integer(), fc.integer({ min: 0, max: 40 }), async (seed, count) => {
        const trades = tradesOf(seed, count)
        expect(await readAll(reader, write(trades), expected)).toEqual(
          trades.map((trade) => rowOf(trade, 'CNY')),
        )
      }),
      { numRuns: 20 },
    )
  })

  it('card, whose day is of UTC', async () => {
    const trades = tradesOf(7).map((trade) => ({ ...trade, at: trade.at + 8 * 3_600_000 }))
    expect(await readAll(readCardBill, cardReport(trades), card)).toEqual(
      trades.map((trade) => rowOf(trade, 'GBP')),
    )
  })

  it('in parts of ten thousand', async () => {
    const parts: number[] = []
    const bytes = ofWechat(tradesOf(3, 21_000)).bytes
    for await (const part of readWechatBill(billBytes('bill.csv', bytes), wechat)) parts.push(part.length)
    expect(parts.length).toBeGreaterThan(2)
    expect(Math.max(...parts)).toBeLessThan(15_000)
  })
})

describe('a bill of Alipay is refused, with a sentence,', () => {
  const trades = tradesOf(1)
  const whole = ofAlipay(trades)

  it('when it was cut off anywhere', async () => {
    for (const length of [0, 1, 2, 30, 500, whole.length - 40, whole.length - 1])
      await expect(
        readAll(readAlipayBill, whole.subarray(0, length), alipay),
        `${length} bytes`,
      ).rejects.toThrow(expect.objectContaining({ name: 'FileRefused' }))
  })

  it('when any bit of its packed rows is another', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 120, max: Math.floor(whole.length / 2) }),
        fc.integer({ min: 0, max: 7 }),
        async (at, bit) => {
          const bytes = Buffer.from(whole)
          bytes[at] = (bytes[at] as number) ^ (1 << bit)
          await expect(readAll(readAlipayBill, bytes, alipay)).rejects.toThrow(
            expect.objectContaining({ name: 'FileRefused' }),
          )
        },
      ),
      { numRuns: 50 },
    )
  })

  it('when it is of another seller', async () => {
    await expect(readAll(readAlipayBill, whole, { ...alipay, seller: '2088999999999999' })).rejects.toThrow(
      'bill of the account 20880000000000010156, not of the seller 2088999999999999',
    )
  })

  it('when it is of another day', async () => {
    await expect(readAll(readAlipayBill, whole, { ...alipay, day: '2026-11-22' })).rejects.toThrow(
      'from 2026-11-21 until 2026-11-22, not of 2026-11-22',
    )
  })

  const text = (change: (lines: string[]) => string[]) => {
    const row = `2026112122001000000000000001\t,0A\t,交易\t,话费充值,2026-11-21 10:00:00,2026-11-21 10:00:05,\t,\t,\t,\t,x,49.80,49.80,0.00,0.00,0.00,0.00,0.00,,0.00\t,0.00,\t,-0.30,0.00,`
    const lines = [
      `#支付宝业务明细查询`,
      `#账号：[${SELLER}0156]`,
      `#起始日期：[2026年11月21日 00:00:00]   终止日期：[2026年11月22日 00:00:00]`,
      `#-----业务明细列表-----`,
      '支付宝交易号,商户订单号,业务类型,商品名称,创建时间,完成时间,门店编号,门店名称,操作员,终端号,对方账户,订单金额（元）,商家实收（元）,支付宝红包（元）,集分宝（元）,支付宝优惠（元）,商家优惠（元）,券核销金额（元）,券名称,商家红包消费金额（元）,卡消费金额（元）,退款批次号/请求号,服务费（元）,分润（元）,备注',
      row,
      `#-----业务明细列表结束-----`,
      `#交易合计：1笔，商家实收共49.80元，商家优惠共0.00元`,
    ]
    return iconv.encode(`${change(lines).join('\r\n')}\r\n`, 'gbk')
  }

  it('and the file of details alone is read, a number that is not ours with it', async () => {
    const rows = await readAll(
      readAlipayBill,
      text((lines) => lines),
      alipay,
    )
    expect(rows).toEqual([
      expect.objectContaining({
        kind: 'payment',
        key: '2026112122001000000000000001',
        number: null,
        feeMinor: 30n,
      }),
    ])
  })

  it('and what was cancelled at the counter is a revocation, not a refund', async () => {
    const cancelled = text((lines) =>
      lines.flatMap((line, i) => {
        if (i !== 5) return line.replace('#交易合计', '#导出时间')
        const back = line
          .replace('交易\t', '退款\t')
          .replaceAll(',49.80', ',-49.80')
          .replace(',0.00,\t,', ',0.00,0A\t,')
        return [line, back]
      }),
    )
    const rows = await readAll(readAlipayBill, cancelled, alipay)
    expect(rows.map(({ kind, key }) => [kind, key])).toEqual([
      ['payment', '2026112122001000000000000001'],
      ['revocation', '2026112122001000000000000001'],
    ])
  })

  it.each([
    ['its end is missing', (lines: string[]) => lines.slice(0, 6), 'is torn: the line that ends its table'],
    [
      'a row is missing',
      (lines: string[]) => lines.filter((_, i) => i !== 5),
      'says of itself that it holds 1 rows',
    ],
    [
      'an amount is none',
      (lines: string[]) => lines.map((line) => line.replace(',49.80,', ',49.8O,')),
      'Line 6',
    ],
    [
      'a time is none',
      (lines: string[]) => lines.map((line) => line.replace('10:00:05', '25:00:05')),
      'Line 6',
    ],
    [
      'a row has more fields',
      (lines: string[]) => lines.map((line) => line.replace('话费充值', '话费,充值')),
      '26 fields',
    ],
    ['it is something else', () => ['a,b', '1,2'], 'a column 支付宝交易号 is missing'],
  ] as const)('when %s', async (_, change, sentence) => {
    await expect(readAll(readAlipayBill, text(change), alipay)).rejects.toThrow(sentence)
  })
})

describe('a bill of WeChat Pay is refused, with a sentence,', () => {
  const { bytes, sha1 } = ofWechat(tradesOf(2))

  it('when it is not what its hash says, and read when it is', async () => {
    expect(await readAll(readWechatBill, bytes, { ...wechat, sha1: sha1.toUpperCase() })).not.toEqual([])
    const other = createHash('sha1').update('other').digest('hex')
    await expect(readAll(readWechatBill, bytes, { ...wechat, sha1: other })).rejects.toThrow('its SHA-1 is')
  })

  it('when it was cut off after any line', async () => {
    const lines = bytes.toString().split('\n')
    for (const count of [1, 2, lines.length - 3, lines.length - 2])
      await expect(
        readAll(readWechatBill, Buffer.from(lines.slice(0, count).join('\n')), wechat),
      ).rejects.toThrow('is torn')
  })

  it('when a packed one was cut off', async () => {
    const packed = gzipSync(bytes)
    await expect(readAll(readWechatBill, packed.subarray(0, packed.length - 20), wechat)).rejects.toThrow(
      'is torn',
    )
  })

  it('when it is of another merchant or day', async () => {
    await expect(readAll(readWechatBill, bytes, { ...wechat, merchant: '1900000999' })).rejects.toThrow(
      `of the merchant ${MCH_ID}, not of 1900000999`,
    )
    await expect(readAll(readWechatBill, bytes, { ...wechat, day: '2026-11-20' })).rejects.toThrow(
      'not of 2026-11-20',
    )
  })

  it('when a row is a fen more than its totals say', async () => {
    const trades = tradesOf(2)
    const [first] = trades as [Trade]
    const more = ofWechat([
      { ...first, amountMinor: first.amountMinor + 1n },
      ...trades.slice(1),
    ]).bytes.toString()
    const totals = bytes.toString().split('\r\n').slice(-3).join('\r\n')
    const mixed = `${more.split('\r\n').slice(0, -3).join('\r\n')}\r\n${totals}`
    await expect(readAll(readWechatBill, Buffer.from(mixed), wechat)).rejects.toThrow(
      'says of itself that its',
    )
  })
})

describe('a report of cards', () => {
  const trades = tradesOf(4).map((trade) => ({ ...trade, at: trade.at + 8 * 3_600_000 }))
  const report = cardReport(trades).toString()

  it('is refused when a line does not add up, is of another day, or lacks a column', async () => {
    const [header, first, ...rest] = report.split('\n') as [string, string, ...string[]]
    const changed = first.split(',')
    changed[5] = '9.99'
    const sum = [header, changed.join(','), ...rest].join('\n')
    await expect(readAll(readCardBill, Buffer.from(sum), card)).rejects.toThrow('gross less fee is not net')
    await expect(readAll(readCardBill, Buffer.from(report), { ...card, day: '2026-11-20' })).rejects.toThrow(
      'not of 2026-11-20',
    )
    await expect(readAll(readCardBill, Buffer.from('a,b\n1,2'), card)).rejects.toThrow('it lacks created_utc')
  })

  it('has fees of their own and what it calls otherwise as rows of their kinds', async () => {
    const [header] = report.split('\n') as [string]
    const line = (category: string, gross: string, fee: string, net: string) =>
      `txn_${category},2026-11-21 09:00:00,2026-11-21 09:00:00,gbp,${gross},${fee},${net},${category},src,x,,,,`
    const text = [header, line('fee', '-2.00', '0.00', '-2.00'), line('dispute', '-10.00', '15.00', '-25.00')]
    expect(await readAll(readCardBill, Buffer.from(text.join('\n')), card)).toEqual([
      expect.objectContaining({ kind: 'fee', amountMinor: 0n, feeMinor: 200n }),
      expect.objectContaining({ kind: 'other', amountMinor: -1000n, feeMinor: 1500n }),
    ])
  })
})
