import { createHash } from 'node:crypto'
import { pipeline, Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { idFromWire } from '../../contract/id.ts'
import { FileRefused } from '../platform/csv-file.ts'
import { type BillExpected, type BillRow, type ReadBill, ROWS_AT_A_TIME } from './bill.ts'
import { type BillSource, readBytes } from './bill-source.ts'
import { abs, type BillTime, createTimeReader, linesOf, readSigned, refusedAt } from './bill-text.ts'

// GET /v3/bill/tradebill, `bill_type` ALL: CSV in UTF-8, amounts in yuan while the API is in fen, a backtick before each field of
// a row, then a header and a row of totals. The SHA-1 that the API names is of the text, unpacked where it came packed.

/** Columns by their names; an older form of the bill calls the amounts otherwise. */
const COLUMNS = {
  at: ['交易时间'],
  merchant: ['商户号'],
  transaction: ['微信订单号'],
  number: ['商户订单号'],
  state: ['交易状态'],
  currency: ['货币种类'],
  amount: ['订单金额', '应结订单金额', '总金额'],
  refund: ['微信退款单号'],
  refundNumber: ['商户退款单号'],
  refundAmount: ['申请退款金额', '退款金额'],
  refundState: ['退款状态'],
  fee: ['手续费'],
} as const
type Column = keyof typeof COLUMNS

const TOTALS = {
  count: ['总交易单数'],
  paid: ['订单总金额', '应结订单总金额', '总交易额'],
  refunded: ['申请退款总金额', '退款总金额'],
  fee: ['手续费总金额'],
} as const

const GZIP_MAGIC = '1f8b'
const YUAN = 2
/** What a refund was that the provider accepted and has not ended. */
const OPEN_REFUND = 'PROCESSING'

export const readWechatBill: ReadBill = async function* (source, expected) {
  const bill = new WechatBill(source.name, expected)
  const hash = createHash('sha1')
  for await (const lines of linesOf(hashed(await textOf(source), hash), 'utf-8')) {
    for (const line of lines) bill.take(line)
    if (bill.rows.length >= ROWS_AT_A_TIME) yield bill.rows.splice(0)
  }
  const sha1 = hash.digest('hex')
  if (expected.sha1 !== undefined && expected.sha1.toLowerCase() !== sha1)
    throw new FileRefused(
      `${source.name} is not what WeChat Pay gave: its SHA-1 is ${sha1}, not ${expected.sha1}. Fetch it once more.`,
    )
  bill.end()
  yield bill.rows
}

async function textOf(source: BillSource): Promise<AsyncIterable<Buffer>> {
  const magic = await readBytes(source, 0, 2)
  if (magic.toString('hex') !== GZIP_MAGIC) return source.stream()
  return unpacked(source)
}

async function* unpacked(source: BillSource): AsyncGenerator<Buffer> {
  const gunzip = createGunzip({ chunkSize: 1 << 18 })
  pipeline(Readable.from(source.stream()), gunzip, () => undefined)
  try {
    yield* gunzip
  } catch (error) {
    if (!(error as NodeJS.ErrnoException).code?.startsWith('Z_')) throw error
    throw new FileRefused(`${source.name} is torn: it cannot be unpacked. Fetch it once more.`)
  }
}

async function* hashed(
  chunks: AsyncIterable<Buffer>,
  hash: { update(chunk: Buffer): unknown },
): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) {
    hash.update(chunk)
    yield chunk
  }
}

/** A bill as its lines come: header, rows, the totals' header, the totals. */
class WechatBill {
  readonly rows: BillRow[] = []
  readonly #name: string
  readonly #expected: BillExpected
  readonly #readTime = createTimeReader('+08:00')
  readonly #found = { count: 0n, paid: 0n, refunded: 0n, fee: 0n }
  #at: ReadonlyMap<Column, number> | undefined
  #columns = 0
  #totalsAt: readonly string[] | undefined
  #totals: readonly string[] | undefined
  #line = 0

  constructor(name: string, expected: BillExpected) {
    this.#name = name
    this.#expected = expected
  }

  take(line: string): void {
    this.#line++
    if (line.trim() === '') return
    if (!this.#at) this.#takeHeader(line)
    else if (line.startsWith(TOTALS.count[0])) this.#totalsAt = line.split(',')
    else if (!line.startsWith('`')) throw refusedAt(this.#name, this.#line, 'no row begins like this')
    else if (this.#totalsAt) this.#totals = fieldsOf(line)
    else this.#takeRow(fieldsOf(line))
  }

  end(): void {
    if (!this.#at) throw new FileRefused(`${this.#name} is empty.`)
    if (!this.#totalsAt || !this.#totals)
      throw new FileRefused(`${this.#name} is torn: the totals at its end are missing. Fetch it once more.`)
    for (const total of ['count', 'paid', 'refunded', 'fee'] as const) this.#compare(total)
  }

  #compare(total: keyof typeof TOTALS): void {
    const name = TOTALS[total].find((each) => this.#totalsAt?.includes(each))
    if (name === undefined) return
    const said = this.#totals?.[this.#totalsAt?.indexOf(name) as number] ?? ''
    const value = total === 'count' ? readSigned(said, 0) : readSigned(said, YUAN)
    if (value === this.#found[total]) return
    throw new FileRefused(
      `${this.#name} says of itself that its ${name} is ${said}, and its rows do not. Fetch it once more.`,
    )
  }

  #takeHeader(line: string): void {
    const names = line.replaceAll('`', '').split(',')
    const at = new Map<Column, number>()
    for (const [column, known] of Object.entries(COLUMNS) as [Column, readonly string[]][]) {
      const name = known.find((each) => names.includes(each))
      if (name === undefined)
        throw refusedAt(this.#name, this.#line, `a column ${known.join(' or ')} is missing`)
      at.set(column, names.indexOf(name))
    }
    this.#at = at
    this.#columns = names.length
  }

  #takeRow(fields: readonly string[]): void {
    const { merchant, day } = this.#expected
    if (fields.length !== this.#columns)
      throw refusedAt(
        this.#name,
        this.#line,
        `it has ${fields.length} fields where its header has ${this.#columns}`,
      )
    const field = (column: Column) => fields[this.#at?.get(column) as number] as string
    if (field('merchant') !== merchant)
      throw new FileRefused(
        `${this.#name} is a bill of the merchant ${field('merchant')}, not of ${merchant}.`,
      )
    const time = this.#readTime(field('at'))
    if (time === null) throw refusedAt(this.#name, this.#line, `${field('at')} is not a time`)
    if (time.date !== day)
      throw new FileRefused(`${this.#name} is a bill of ${time.date} (line ${this.#line}), not of ${day}.`)
    const row = this.#row(field, time)
    this.rows.push(row)
    this.#found.count++
    this.#found.fee += row.feeMinor
  }

  #row(field: (column: Column) => string, { atMs }: BillTime): BillRow {
    const amountOf = (column: Column) => {
      const amount = readSigned(field(column) || '0', YUAN)
      if (amount === null) throw refusedAt(this.#name, this.#line, `${field(column)} is no amount in yuan`)
      return amount
    }
    const transaction = field('transaction')
    const [amountMinor, backMinor] = [amountOf('amount'), amountOf('refundAmount')]
    this.#found.paid += amountMinor
    this.#found.refunded += backMinor
    const common = { currency: field('currency'), atMs, feeMinor: amountOf('fee') }
    switch (field('state')) {
      case 'SUCCESS': {
        const number = idFromWire(field('number'))
        return { ...common, kind: 'payment', key: transaction, number, amountMinor, final: true }
      }
      case 'REFUND': {
        const number = idFromWire(field('refundNumber'))
        const key = number ?? field('refund')
        const final = field('refundState') !== OPEN_REFUND
        return { ...common, kind: 'refund', key, number, amountMinor: abs(backMinor), final }
      }
      case 'REVOKED': {
        const number = idFromWire(field('number'))
        const undone = backMinor === 0n ? amountMinor : abs(backMinor)
        return { ...common, kind: 'revocation', key: transaction, number, amountMinor: undone, final: true }
      }
      default: {
        const key = `${field('state')} ${transaction} ${field('refund')}`
        return {
          ...common,
          kind: 'other',
          key,
          number: null,
          amountMinor: amountMinor - backMinor,
          final: true,
        }
      }
    }
  }
}

/** Names of goods may hold commas; a comma before a backtick ends a field. */
const fieldsOf = (line: string) => line.slice(1).split(',`')
