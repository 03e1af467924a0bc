import { idFromWire } from '../../contract/id.ts'
import { FileRefused } from '../platform/csv-file.ts'
import { type BillExpected, type BillRow, type ReadBill, ROWS_AT_A_TIME } from './bill.ts'
import { type BillSource, readBytes } from './bill-source.ts'
import { createTimeReader, linesOf, refusedAt } from './bill-text.ts'
import { readZipDirectory, readZipFile } from './zip.ts'

// The ZM file of a merchant's settlement archive (商户对账文件): rows of fields of fixed widths, one space between them, amounts in
// fen. UnionPay gives its specification to its merchants alone; widths and places are those that public kits agree upon.

const WIDTHS = [
  3, 11, 11, 6, 10, 19, 12, 4, 2, 21, 2, 32, 2, 6, 10, 13, 13, 4, 15, 2, 2, 6, 2, 4, 32, 1, 21, 15, 1, 15, 32,
  13, 13, 8, 32, 13, 13, 12, 2, 1, 32, 98,
]
type Span = readonly [from: number, to: number]

/** Where the field of a place begins and ends; the first place is 1. */
function spanOf(place: number): Span {
  const from = WIDTHS.slice(0, place - 1).reduce((sum, width) => sum + width + 1, 0)
  return [from, from + (WIDTHS[place - 1] as number)]
}

const SPANS = {
  sentAt: spanOf(5),
  amount: spanOf(7),
  query: spanOf(10),
  number: spanOf(12),
  fee: spanOf(16),
  kind: spanOf(20),
  paidQuery: spanOf(27),
  merchant: spanOf(28),
} as const
type Field = keyof typeof SPANS
/** All that is read; what stands behind it may be cut short with the blanks that fill it. */
const LEAST_LENGTH = SPANS.merchant[1]

const NAME = /INN(\d{6})88ZM_(\w+)$/

export const readUnionpayBill: ReadBill = async function* (source, expected) {
  const readTime = createTimeReader('+08:00')
  const rows: BillRow[] = []
  let line = 0
  for await (const texts of linesOf(await detailsOf(source, expected), 'gbk')) {
    for (const text of texts) {
      line++
      if (text.trim() !== '') rows.push(readRow(text, source.name, line, expected, readTime))
    }
    if (rows.length >= ROWS_AT_A_TIME) yield rows.splice(0)
  }
  yield rows
}

/** The archive's file of payments, or that file alone; its name says whose it is and of which day. */
async function detailsOf(source: BillSource, expected: BillExpected): Promise<AsyncIterable<Buffer>> {
  const magic = await readBytes(source, 0, 2)
  if (magic.toString('latin1') !== 'PK') {
    demandName(source.name, expected)
    return source.stream()
  }
  const entry = (await readZipDirectory(source)).find(({ name }) => NAME.test(name))
  if (!entry) throw new FileRefused(`${source.name} holds no file INN…88ZM_… of payments.`)
  demandName(entry.name, expected)
  return readZipFile(source, entry)
}

function demandName(name: string, { day, merchant }: BillExpected): void {
  const [, date, merId] = NAME.exec(name) ?? []
  if (date === undefined)
    throw new FileRefused(
      `${name} is no ZM file of UnionPay: its name is INN, the date, 88ZM_ and the merchant.`,
    )
  if (merId !== merchant)
    throw new FileRefused(`${name} is a bill of the merchant ${merId}, not of ${merchant}.`)
  if (date !== day.slice(2).replaceAll('-', ''))
    throw new FileRefused(`${name} is a bill of another day than ${day}.`)
}

function readRow(
  text: string,
  name: string,
  line: number,
  { day, merchant, currency }: BillExpected,
  readTime: ReturnType<typeof createTimeReader>,
): BillRow {
  if (text.length < LEAST_LENGTH)
    throw refusedAt(name, line, `it has ${text.length} characters and not ${LEAST_LENGTH} or more`)
  const field = (of: Field) => text.slice(...SPANS[of]).trim()
  if (field('merchant') !== merchant)
    throw new FileRefused(
      `Line ${line} of ${name} is of the merchant ${field('merchant')}, not of ${merchant}.`,
    )
  if (!/^\d{1,12}$/.test(field('amount')) || !/^[CD]\d{1,12}$/.test(field('fee')))
    throw refusedAt(name, line, 'an amount is not one in fen')
  const time = readTime(timeText(field('sentAt'), day))
  if (time === null) throw refusedAt(name, line, `${field('sentAt')} is not a time`)
  const fee = BigInt(field('fee').slice(1))
  const common = {
    amountMinor: BigInt(field('amount')),
    // C is to the merchant, D from it.
    feeMinor: field('fee').startsWith('C') ? -fee : fee,
    currency,
    atMs: time.atMs,
    final: true,
  }
  const number = idFromWire(field('number'))
  switch (field('kind')) {
    case '01':
      return { ...common, kind: 'payment', key: field('query'), number }
    case '04':
      return { ...common, kind: 'refund', key: number ?? field('query'), number }
    case '31':
      return { ...common, kind: 'revocation', key: field('paidQuery'), number }
    default:
      return { ...common, kind: 'other', key: `${field('kind')} ${field('query')}`, number: null }
  }
}

/** `MMDDhhmmss` of the year that the day is in, or the one before where the day is the first of January. */
function timeText(sentAt: string, day: string): string {
  const [, month, date, hours, minutes, seconds] = /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/.exec(sentAt) ?? []
  const year = Number.parseInt(day.slice(0, 4), 10) - (month === '12' && day.slice(5, 7) === '01' ? 1 : 0)
  return `${year}-${month}-${date} ${hours}:${minutes}:${seconds}`
}
