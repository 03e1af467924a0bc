import { afterEach, beforeEach, expect, test } from 'vitest'
import { chinaTime, createClock } from '../clock.ts'
import { nextOrder, openTrade, paidTrade } from '../testing/trades.ts'
import { unzip } from '../testing/unzip.ts'
import { sellerId, startWorld, until, type World } from '../testing/world.ts'

let world: World
const gbk = new TextDecoder('gbk')

beforeEach(async () => {
  world = await startWorld()
})
afterEach(() => world.end())

const today = () => chinaTime(createClock().now()).slice(0, 10)
const addressOf = (day = today()) =>
  world.ask('alipay.data.dataservice.bill.downloadurl.query', { bill_type: 'trade', bill_date: day })

async function filesOf(): Promise<Map<string, string[]>> {
  const { billDownloadUrl } = await addressOf()
  const answer = await fetch(billDownloadUrl as string)
  const files = unzip(Buffer.from(await answer.arrayBuffer()))
  return new Map([...files].map(([name, content]) => [gbk.decode(name), gbk.decode(content).split('\r\n')]))
}

async function rowsOf(): Promise<string[][]> {
  const [lines = []] = (await filesOf()).values()
  return lines
    .filter((line) => /^\d{28}\t/.test(line))
    .map((line) => line.split(',').map((cell) => cell.trim()))
}

test('is made at ten the next morning', async () => {
  expect(await addressOf()).toMatchObject({ code: '40004', subCode: 'isp.bill_not_exist' })
  const yesterday = chinaTime(createClock().now() - 34 * 3_600_000).slice(0, 10)
  expect(await addressOf(yesterday)).toMatchObject({ code: '10000' })
})

test('its address holds for half a minute', async () => {
  await world.knobs({ billsAtOnce: true })
  const { billDownloadUrl } = await addressOf()
  const statuses: number[] = []
  for (const clockSkewSeconds of [0, 25, 31]) {
    await world.knobs({ clockSkewSeconds })
    const answer = await fetch(billDownloadUrl as string)
    await answer.arrayBuffer()
    statuses.push(answer.status)
  }
  expect(statuses).toEqual([200, 200, 403])
})

test('holds every payment and refund of the day in GBK, with fee, and sums', async () => {
  const outTradeNo = await paidTrade(world, { subject: '季度套餐, 90 天', body: '备注' })
  const unpaid = nextOrder()
  await openTrade(world, unpaid)
  const { tradeNo } = await world.ask('alipay.trade.query', { out_trade_no: outTradeNo })
  await world.ask('alipay.trade.refund', { trade_no: tradeNo, out_request_no: 'R1', refund_amount: '9.80' })
  await world.knobs({ billsAtOnce: true })
  const files = await filesOf()
  const digits = today().replaceAll('-', '')
  expect([...files.keys()]).toEqual([
    `${sellerId}0156_${digits}_业务明细.csv`,
    `${sellerId}0156_${digits}_业务明细(汇总).csv`,
  ])
  const [lines = [], summary = []] = files.values()
  expect(lines.slice(0, 2)).toEqual(['#支付宝业务明细查询', `#账号：[${sellerId}0156]`])
  expect(lines).toContain('#交易合计：1笔，商家实收共49.80元，商家优惠共0.00元')
  expect(lines).toContain('#退款合计：1笔，商家实收退款共-9.80元，商家优惠退款共0.00元')
  expect(
    summary
      .find((line) => line.startsWith('合计'))
      ?.split(',')
      .slice(2),
  ).toEqual(['1', '1', '40.00', '40.00', '0.00', '0.00', '0.00', '-0.30', '0.00', '39.70'])
  const rows = await rowsOf()
  expect(rows.map((row) => row.length)).toEqual([25, 25])
  const pick = (row: string[]) => [0, 1, 2, 3, 11, 12, 21, 22, 24].map((column) => row[column])
  expect(rows.map(pick)).toEqual([
    [tradeNo, outTradeNo, '交易', '季度套餐  90 天', '49.80', '49.80', '', '-0.30', '备注'],
    [tradeNo, outTradeNo, '退款', '季度套餐  90 天', '-9.80', '-9.80', 'R1', '0.00', '备注'],
  ])
})

test('a row missing, one more, a fen off, a damaged archive', async () => {
  const numbers = [await paidTrade(world), await paidTrade(world)]
  const cells = async (billFault: string, column: number) => {
    await world.knobs({ billsAtOnce: true, billFault })
    return (await rowsOf()).map((row) => row[column])
  }
  expect(await cells('', 1)).toEqual(numbers)
  expect(await cells('row-missing', 1)).toEqual(numbers.slice(1))
  expect(await cells('row-extra', 1)).toEqual([...numbers, 'STRAY0000000001'])
  expect(await cells('fen-off', 11)).toEqual(['49.81', '49.80'])
  await expect(cells('wrong-hash', 1)).rejects.toThrow()
})

test('paid twice is two rows under one number', async () => {
  await world.knobs({ paidTwice: true, billsAtOnce: true })
  const outTradeNo = await paidTrade(world)
  await until('both', () => world.receiver.got.length === 2)
  expect((await rowsOf()).map((row) => row[1])).toEqual([outTradeNo, outTradeNo])
})
