import iconv from 'iconv-lite'
import { type AccountDay, type Booking, decimal, signedMinor } from './booking.ts'

export type CsvEncoding = 'utf-8' | 'utf-8-bom' | 'gbk'

/** What a Chinese bank's website exports: a preamble, two columns of amounts, the oldest first, a line of totals. */
export function csvStatementZh(day: AccountDay, encoding: CsvEncoding): Buffer {
  const { account, bookings } = day
  const rows = running(day).map(([booking, balance]) => [
    ...[booking.day.replaceAll('-', ''), booking.reference],
    ...[booking.direction === 'credit' ? grouped(booking.amountMinor) : ''],
    ...[booking.direction === 'debit' ? grouped(booking.amountMinor) : '', grouped(balance)],
    ...[booking.name, booking.account, booking.reversal ? '冲正' : '转账', booking.text],
  ])
  const sum = (direction: Booking['direction']) =>
    bookings.reduce((total, each) => total + (each.direction === direction ? each.amountMinor : 0n), 0n)
  return encoded(
    [
      ['账户明细'],
      [`账号：${account.number}`, `户名：${account.holder}`, `币种：${account.currency}`],
      ['交易日期', '流水号', '收入', '支出', '余额', '对方户名', '对方账号', '摘要', '附言'],
      ...rows,
      ['合计', `${bookings.length}`, grouped(sum('credit')), grouped(sum('debit')), '', '', '', '', ''],
    ],
    encoding,
  )
}

/** What a British bank's website exports: the newest first, whose account it is in every line. */
export function csvStatementEn(day: AccountDay, encoding: CsvEncoding): Buffer {
  const { account } = day
  const rows = running(day).map(([booking, balance]) => [
    ...[
      booking.day.split('-').reverse().join('/'),
      booking.reversal ? 'Reversal' : 'Faster payment',
      booking.text,
    ],
    ...[booking.direction === 'credit' ? grouped(booking.amountMinor) : ''],
    ...[booking.direction === 'debit' ? grouped(booking.amountMinor) : '', grouped(balance)],
    ...[
      booking.name,
      booking.account,
      `${account.sortCode ?? ''} ${account.number}`,
      account.currency,
      booking.reference,
    ],
  ])
  const heading = ['Date', 'Description', 'Reference', 'Paid in', 'Paid out', 'Balance', 'Counterparty']
  return encoded(
    [[...heading, 'Counterparty account', 'Account', 'Currency', 'Transaction ID'], ...rows.reverse()],
    encoding,
  )
}

/** Each booking with what the account held after it. */
function running({ openingMinor, bookings }: AccountDay): [Booking, bigint][] {
  let balance = openingMinor
  return bookings.map((booking) => {
    balance += signedMinor(booking)
    return [booking, balance]
  })
}

/** `-1,234.56`. */
function grouped(minor: bigint): string {
  const [whole = '', fraction = ''] = decimal(minor).split('.')
  return `${minor < 0n ? '-' : ''}${whole.replace(/\B(?=(\d{3})+$)/g, ',')}.${fraction}`
}

function encoded(rows: readonly (readonly string[])[], encoding: CsvEncoding): Buffer {
  const lines = rows.map((row) => `${row.map(field).join(',')}\r\n`).join('')
  if (encoding === 'gbk') return iconv.encode(lines, 'gbk')
  return Buffer.from(encoding === 'utf-8-bom' ? `\ufeff${lines}` : lines)
}

function field(value: string): string {
  return /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value
}
