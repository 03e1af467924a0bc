import { idFromWire } from '../../contract/id.ts'
import { FileRefused, splitRow } from '../platform/csv-file.ts'
import { formatDay, parseDay } from '../policy/index.ts'
import { type BillExpected, type BillRow, type ReadBill, ROWS_AT_A_TIME } from './bill.ts'
import { type BillSource, readBytes } from './bill-source.ts'
import { abs, type BillTime, createTimeReader, linesOf, readSigned, refusedAt } from './bill-text.ts'
import { readZipDirectory, readZipFile } from './zip.ts'

// 业务账单 (`bill_type` trade) of alipay.data.dataservice.bill.downloadurl.query: a zip of two CSV files in GBK, the details and a
// summary of them. Amounts are yuan; of a refund they are below zero; a fee is below zero where it is charged.

const COLUMNS = {
  transaction: '支付宝交易号',
  number: '商户订单号',
  kind: '业务类型',
  endedAt: '完成时间',
  amount: '订单金额',
  received: '商家实收',
  refundNumber: '退款批次号/请求号',
  fee: '服务费',
} as const
type Column = keyof typeof COLUMNS

const ZIP_MAGIC = 'PK'
const YUAN = 2

/** The bill of one day, from the archive as it is downloaded, or from its file of details alone. */
export const readAlipayBill: ReadBill = async function* (source, expected) {
  const bill = new AlipayBill(source.name, expected)
  for await (const lines of linesOf(await detailsOf(source), 'gbk')) {
    for (const line of lines) bill.take(line)
    if (bill.rows.length >= ROWS_AT_A_TIME) yield bill.rows.splice(0)
  }
  bill.end()
  yield bill.rows
}

async function detailsOf(source: BillSource): Promise<AsyncIterable<Buffer>> {
  const magic = await readBytes(source, 0, 2)
  if (magic.toString('latin1') !== ZIP_MAGIC) return source.stream()
  const details = (await readZipDirectory(source))
    .filter(({ name }) => name.toLowerCase().endsWith('.csv') && !name.includes('汇总'))
    .sort((a, b) => b.bytes - a.bytes)[0]
  if (!details) throw new FileRefused(`${source.name} holds no CSV file of details (业务明细).`)
  return readZipFile(source, details)
}

interface Totals {
  count: number
  receivedMinor: bigint
}

/** A bill as its lines come: `#` leads what it says of itself, between which its table stands. */
class AlipayBill {
  readonly rows: BillRow[] = []
  readonly #name: string
  readonly #expected: BillExpected
  readonly #readTime = createTimeReader('+08:00')
  readonly #totals = { 交易: totals(), 退款: totals() }
  #at: ReadonlyMap<Column, number> | undefined
  #line = 0
  #columns = 0
  #ended = false
  #account = false
  #day = false

  constructor(name: string, expected: BillExpected) {
    this.#name = name
    this.#expected = expected
  }

  take(line: string): void {
    this.#line++
    if (line.trim() === '') return
    if (line.startsWith('#')) this.#takeNote(line)
    else if (!this.#at) this.#takeHeader(line)
    else if (!this.#ended) this.#takeRow(line)
  }

  end(): void {
    if (!this.#at || !this.#account || !this.#day)
      throw new FileRefused(
        `${this.#name} is no bill of Alipay: it lacks the account, the dates or the table’s header that a 业务明细 begins with.`,
      )
    if (!this.#ended) throw new FileRefused(`${this.#name} is torn: the line that ends its table is missing.`)
  }

  #takeNote(line: string): void {
    const { seller, day } = this.#expected
    const account = /^#账号：\[(\d+)\]/.exec(line)?.[1]
    if (account !== undefined) {
      this.#account = true
      // The account is the seller's number with four digits behind it.
      if (!account.startsWith(seller))
        throw new FileRefused(
          `${this.#name} is a bill of the account ${account}, not of the seller ${seller}.`,
        )
    }
    const dates = /^#起始日期：\[(\d+)年(\d+)月(\d+)日[^\]]*\]\s*终止日期：\[(\d+)年(\d+)月(\d+)日/.exec(line)
    if (dates) {
      this.#day = true
      const [from, to] = [dates.slice(1, 4).join('-'), dates.slice(4, 7).join('-')]
      if (from !== day || to !== formatDay(parseDay(day) + 1))
        throw new FileRefused(`${this.#name} is a bill from ${from} until ${to}, not of ${day}.`)
    }
    if (this.#at && /列表结束/.test(line)) this.#ended = true
    this.#compareTotals(line)
  }

  #compareTotals(line: string): void {
    const [, kind, count, received] =
      /^#(交易|退款)合计：(\d+)笔，商家实收(?:退款)?共(-?[\d.]+)元/.exec(line) ?? []
    if (kind === undefined) return
    const found = this.#totals[kind as '交易' | '退款']
    const said = readSigned(received as string, YUAN)
    if (BigInt(count as string) === BigInt(found.count) && said !== null && abs(said) === found.receivedMinor)
      return
    throw new FileRefused(
      `${this.#name} says of itself that it holds ${count} rows of ${kind} over ${received} yuan, and does not. Fetch it once more.`,
    )
  }

  #takeHeader(line: string): void {
    const names = (splitRow(line, ',') ?? []).map((name) => name.replace(/[（(]元[）)]$/, ''))
    const at = new Map<Column, number>()
    for (const [column, name] of Object.entries(COLUMNS) as [Column, string][]) {
      const index = names.indexOf(name)
      if (index < 0) throw refusedAt(this.#name, this.#line, `a column ${name} is missing`)
      at.set(column, index)
    }
    this.#at = at
    this.#columns = names.length
  }

  #takeRow(line: string): void {
    const fields = splitRow(line, ',')
    if (fields?.length !== this.#columns)
      throw refusedAt(
        this.#name,
        this.#line,
        `it has ${fields?.length ?? 'no'} fields where its header has ${this.#columns}`,
      )
    const field = (column: Column) => fields[this.#at?.get(column) as number] as string
    const amount = readSigned(field('amount'), YUAN)
    const received = readSigned(field('received'), YUAN)
    const fee = readSigned(field('fee') || '0', YUAN)
    const time = this.#readTime(field('endedAt'))
    if (amount === null || received === null || fee === null)
      throw refusedAt(this.#name, this.#line, 'an amount is not one in yuan')
    if (time === null) throw refusedAt(this.#name, this.#line, `${field('endedAt')} is not a time`)
    this.rows.push(this.#row(field, { amount, fee, time }))
    const total = this.#totals[field('kind') as '交易' | '退款'] as Totals | undefined
    if (!total) return
    total.count++
    total.receivedMinor += abs(received)
  }

  #row(
    field: (column: Column) => string,
    { amount, fee, time }: { readonly amount: bigint; readonly fee: bigint; readonly time: BillTime },
  ): BillRow {
    const transaction = field('transaction')
    const common = { currency: this.#expected.currency, atMs: time.atMs, final: true }
    switch (field('kind')) {
      case '交易': {
        const number = idFromWire(field('number'))
        return {
          ...common,
          kind: 'payment',
          key: transaction,
          number,
          amountMinor: abs(amount),
          feeMinor: abs(fee),
        }
      }
      case '退款': {
        const back = { ...common, amountMinor: abs(amount), feeMinor: -abs(fee) }
        // alipay.trade.cancel of what was paid by a payer's code gives back under the payment's own number.
        if (field('refundNumber') === field('number'))
          return { ...back, kind: 'revocation', key: transaction, number: idFromWire(field('number')) }
        const number = idFromWire(field('refundNumber'))
        return { ...back, kind: 'refund', key: number ?? `${transaction} ${field('refundNumber')}`, number }
      }
      default: {
        const key = `${field('kind')} ${transaction}`
        return { ...common, kind: 'other', key, number: null, amountMinor: amount, feeMinor: -fee }
      }
    }
  }
}

function totals(): Totals {
  return { count: 0, receivedMinor: 0n }
}
