import { delimiterOf, type Encoding, FileRefused, splitRow } from '../platform/csv-file.ts'
import { parseDay } from '../policy/index.ts'
import { amountIn } from './amount-form.ts'
import type { CsvProfile } from './csv-profile.ts'
import { type StatedEntry, type StatementFile, signed } from './entry.ts'

export interface CsvOptions {
  readonly name: string
  /** Left out: UTF-8 where every byte is, else GBK. */
  readonly encoding?: Encoding
  /** Where the file does not say in what currency it is. */
  readonly currency: string
}

/**
 * Reads an account's bookings from CSV by the first profile whose heading it has. Every line is read or the file is refused with the line's number; a booking
 * whose balance is not the one before it with its amount is refused too.
 */
export function readCsv(bytes: Buffer, profiles: readonly CsvProfile[], options: CsvOptions): StatementFile {
  const lines = linesOf(bytes, options)
  const { sheet, profile } = sheetOf(lines, profiles, options.name)
  const rows: Row[] = []
  for (let at = sheet.from; at < lines.length; at++) {
    const text = lines[at] as string
    if (text.trim() === '') {
      if (lines.slice(at).some((rest) => rest.trim() !== '')) throw refusedAt(options.name, at, 'it is empty')
      break
    }
    const fields = fieldsOf(text, sheet.delimiter, options.name, at)
    if (profile.end !== undefined && fields[0]?.startsWith(profile.end)) {
      const after = lines.slice(at + 1).findIndex((rest) => rest.trim() !== '')
      if (after >= 0)
        throw refusedAt(options.name, at + 1 + after, `it stands after the line "${profile.end}"`)
      break
    }
    rows.push(rowOf(fields, sheet, profile, options, at))
  }
  if (profile.order === 'newest-first') rows.reverse()
  const entries = rows.map(({ entry }) => entry)
  return {
    format: 'csv',
    statements: [
      {
        account: sheet.account ?? same(rows, 'account', options.name),
        currency: sheet.currency ?? same(rows, 'currency', options.name) ?? options.currency,
        balances: balancesOf(rows, options.name),
        entries,
      },
    ],
  }
}

interface Row {
  readonly at: number
  readonly entry: StatedEntry
  readonly balanceMinor: bigint
  readonly account: string | null
  readonly currency: string | null
}

interface Sheet {
  readonly delimiter: string
  /** The first line after the heading. */
  readonly from: number
  /** Where each column stands. */
  readonly places: ReadonlyMap<string, number>
  readonly fields: number
  readonly account: string | null
  readonly currency: string | null
}

function linesOf(bytes: Buffer, { name, encoding }: CsvOptions): string[] {
  const tried = encoding ? [encoding] : (['utf-8', 'gbk'] as const)
  for (const label of tried) {
    try {
      // The decoder drops a byte order mark.
      const text = new TextDecoder(label, { fatal: true }).decode(bytes)
      return text.split('\n').map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line))
    } catch {
      // The next, or nothing.
    }
  }
  throw new FileRefused(`${name} holds bytes that are no ${tried.join(' and no ')}.`)
}

function sheetOf(
  lines: readonly string[],
  profiles: readonly CsvProfile[],
  name: string,
): { readonly sheet: Sheet; readonly profile: CsvProfile } {
  for (const profile of profiles) {
    const sheet = sheetBy(lines, profile, name)
    if (sheet) return { sheet, profile }
  }
  const wanted = profiles.map((profile) => columnsOf(profile).join(', ')).join('; or ')
  throw new FileRefused(`${name} has no heading with the columns ${wanted}.`)
}

function columnsOf({ columns: { remittance, ...single } }: CsvProfile): string[] {
  return [...Object.values(single), ...remittance]
}

/** The heading is the first line that has every column; what stands above it is the preamble. Null: there is none. */
function sheetBy(lines: readonly string[], profile: CsvProfile, name: string): Sheet | null {
  const wanted = columnsOf(profile)
  for (const [at, line] of lines.entries()) {
    const delimiter = delimiterOf(line)
    const heads = splitRow(line, delimiter) ?? []
    if (!wanted.every((column) => heads.includes(column))) continue
    const twice = wanted.find((column) => heads.indexOf(column) !== heads.lastIndexOf(column))
    if (twice !== undefined) throw refusedAt(name, at, `the column ${twice} is there twice`)
    const above = lines.slice(0, at)
    return {
      ...{ delimiter, from: at + 1, fields: heads.length },
      places: new Map(wanted.map((column) => [column, heads.indexOf(column)])),
      account: preambleOf(above, profile.preamble?.account),
      currency: preambleOf(above, profile.preamble?.currency),
    }
  }
  return null
}

/** What follows a word of the preamble, in its cell or in the next: `账号：6222…`, `账号,6222…`. */
function preambleOf(lines: readonly string[], word: string | undefined): string | null {
  if (word === undefined) return null
  for (const line of lines) {
    const cells = splitRow(line, delimiterOf(line)) ?? []
    const at = cells.findIndex((cell) => cell.startsWith(word))
    if (at < 0) continue
    const rest = (cells[at] as string).slice(word.length).replace(/^[\s:：]+/, '')
    return rest || cells[at + 1] || null
  }
  return null
}

function fieldsOf(text: string, delimiter: string, name: string, at: number): string[] {
  const fields = splitRow(text, delimiter)
  if (!fields) throw refusedAt(name, at, 'a quote is not closed')
  return fields
}

function rowOf(
  fields: readonly string[],
  sheet: Sheet,
  { columns, dates }: CsvProfile,
  options: CsvOptions,
  at: number,
): Row {
  const wrong = (what: string) => refusedAt(options.name, at, what)
  if (fields.length !== sheet.fields)
    throw wrong(`it has ${fields.length} fields, the heading ${sheet.fields}`)
  const cell = (column: string | undefined) =>
    column === undefined ? null : (fields[sheet.places.get(column) as number] as string) || null
  const currency = cell(columns.currency) ?? sheet.currency ?? options.currency
  const money = (column: string | undefined) => {
    const text = cell(column)
    if (text === null) return null
    const amount = amountIn(text, currency)
    if (amount === null) throw wrong(`"${text}" is no amount in ${currency}`)
    return amount
  }
  const date = (column: string | undefined) => {
    const text = cell(column)
    const read = text === null ? null : dateIn(text, dates)
    if (text !== null && read === null) throw wrong(`"${text}" is no date such as ${dates}`)
    return read
  }
  const change = changeOf(money(columns.credit), money(columns.debit), money(columns.amount))
  if (change === null) throw wrong('it is neither a credit nor a debit, or both')
  const reference = cell(columns.reference)
  if (reference === null) throw wrong(`the column ${columns.reference} is empty`)
  const bookedOn = date(columns.bookedOn)
  if (bookedOn === null) throw wrong(`the column ${columns.bookedOn} is empty`)
  const balanceMinor = money(columns.balance)
  if (balanceMinor === null) throw wrong(`the column ${columns.balance} is empty`)
  const written = columns.remittance.map(cell).filter((text) => text !== null)
  return {
    ...{ at, balanceMinor, account: cell(columns.account), currency: cell(columns.currency) },
    entry: {
      ...{ reference, currency, bookedOn, valueOn: date(columns.valueOn), reversal: false },
      direction: change > 0n ? 'credit' : 'debit',
      amountMinor: change > 0n ? change : -change,
      remittance: [...new Set(written)].join(' '),
      ...{ otherName: cell(columns.otherName), otherAccount: cell(columns.otherAccount) },
    },
  }
}

/** What the booking does to the account; null where the columns contradict each other or say nothing. */
function changeOf(credit: bigint | null, debit: bigint | null, amount: bigint | null): bigint | null {
  const parts = [credit, debit === null ? null : -abs(debit), amount].filter(
    (each) => each !== null && each !== 0n,
  )
  return parts.length === 1 ? (parts[0] as bigint) : null
}

const abs = (amount: bigint) => (amount < 0n ? -amount : amount)

const DATE_FORMS = {
  'YYYY-MM-DD': /^(?<y>\d{4})-(?<m>\d\d)-(?<d>\d\d)$/,
  YYYYMMDD: /^(?<y>\d{4})(?<m>\d\d)(?<d>\d\d)$/,
  'YYYY/MM/DD': /^(?<y>\d{4})\/(?<m>\d\d)\/(?<d>\d\d)$/,
  'DD/MM/YYYY': /^(?<d>\d\d)\/(?<m>\d\d)\/(?<y>\d{4})$/,
  'DD.MM.YYYY': /^(?<d>\d\d)\.(?<m>\d\d)\.(?<y>\d{4})$/,
} as const satisfies Readonly<Record<CsvProfile['dates'], RegExp>>

function dateIn(text: string, form: CsvProfile['dates']): string | null {
  const { y, m, d } = DATE_FORMS[form].exec(text)?.groups ?? {}
  if (y === undefined || m === undefined || d === undefined) return null
  try {
    parseDay(`${y}-${m}-${d}`)
    return `${y}-${m}-${d}`
  } catch {
    return null
  }
}

/** What every row says alike; null: none says it. */
function same(rows: readonly Row[], what: 'account' | 'currency', name: string): string | null {
  const first = rows[0]?.[what] ?? null
  const other = rows.find((row) => row[what] !== first)
  if (other) throw refusedAt(name, other.at, `it is of another ${what} than the lines before it`)
  return first
}

/** Each balance is the one before it with the row's amount. Without rows there is nothing to hold against. */
function balancesOf(rows: readonly Row[], name: string) {
  let before: bigint | null = null
  for (const { at, entry, balanceMinor } of rows) {
    if (before !== null && before + signed(entry) !== balanceMinor)
      throw refusedAt(
        name,
        at,
        'its balance is not the one before it with its amount: a line is missing, or one is wrong',
      )
    before = balanceMinor
  }
  const first = rows[0]
  return first && before !== null
    ? { openingMinor: first.balanceMinor - signed(first.entry), closingMinor: before }
    : null
}

function refusedAt(name: string, at: number, what: string): FileRefused {
  return new FileRefused(`Line ${at + 1} of ${name} cannot be read: ${what}.`)
}
