import { currencyDecimals, readAmount } from '../../contract/decimal-amount.ts'
import { delimiterOf, splitRow } from '../platform/csv-file.ts'
import { refuse } from '../platform/error.ts'
import { catalogErrors } from './errors.ts'

/** Columns of a price table as CSV; an offer is a row, and fills those of its kind. */
const offerColumns = [
  ...(['kind', 'name_zh', 'name_en', 'term', 'list_price', 'price', 'bonus'] as const),
  ...([
    'voice_seconds',
    'sms',
    'data_bytes',
    'roaming',
    'months',
    'days',
    'recommended',
    'on_sale_until',
  ] as const),
  ...(['least', 'most', 'step'] as const),
]
type Column = (typeof offerColumns)[number]
type Cells = Readonly<Record<Column, string>>

const YES = ['yes', 'true', '1', '是']
const NO = ['', 'no', 'false', '0', '否']

/** The JSON form of the table, for `readPriceTable`, and where each offer stood, by its path: `/packages/0` is line 2. */
export interface OfferCsv {
  readonly json: Readonly<Record<string, unknown>>
  readonly lines: ReadonlyMap<string, number>
}

/**
 * Reads a price table written as CSV, amounts as decimals of the currency. Throws `price-table-invalid` with every problem of cells and
 * columns; what the table as a whole must hold is for `readPriceTable`.
 */
export function readOfferCsv(text: string, currency: string): OfferCsv {
  const rows = text.replace(/^\ufeff/, '').split(/\r?\n/)
  const delimiter = delimiterOf(rows[0] ?? '')
  const header = (splitRow(rows[0] ?? '', delimiter) ?? []).map((name) => name.toLowerCase())
  const problems = header.flatMap((name) =>
    (offerColumns as readonly string[]).includes(name) ? [] : [`line 1: there is no column "${name}"`],
  )
  if (!header.includes('kind')) problems.push('line 1: there is no column kind')
  const table = { packages: [] as unknown[], denominations: [] as unknown[], free: [] as unknown[] }
  const lines = new Map<string, number>()
  for (const [i, row] of rows.entries()) {
    if (i === 0 || row.replaceAll(delimiter, '').trim() === '') continue
    const fields = splitRow(row, delimiter)
    if (fields === null || fields.length !== header.length) {
      problems.push(`line ${i + 1}: does not have the ${header.length} fields of the header`)
      continue
    }
    const cells = Object.fromEntries(
      offerColumns.map((column) => [column, fields[header.indexOf(column)] ?? '']),
    )
    addOffer(new Cell(cells as Cells, currency, i + 1, problems), table, lines)
  }
  if (table.free.length > 1) problems.push(': there is more than one free-amount')
  if (problems.length > 0) throw refuse(catalogErrors['price-table-invalid'], { problems })
  const { packages, denominations, free } = table
  return { json: { currency, packages, denominations, ...(free[0] ? { freeAmount: free[0] } : {}) }, lines }
}

interface Table {
  readonly packages: unknown[]
  readonly denominations: unknown[]
  readonly free: unknown[]
}

function addOffer(cell: Cell, table: Table, lines: Map<string, number>): void {
  const name = { 'zh-CN': cell.text('name_zh'), en: cell.text('name_en') }
  const validity = { months: cell.count('months'), days: cell.count('days') }
  const own = validity.months + validity.days > 0 ? { validity } : {}
  const onSaleUntil = cell.text('on_sale_until')
  const sale = onSaleUntil === '' ? {} : { onSaleUntil }
  const kind = cell.text('kind')
  switch (kind) {
    case 'package':
      lines.set(`/packages/${table.packages.length}`, cell.line)
      table.packages.push({
        ...{ name, term: cell.text('term'), validity, ...sale },
        listPriceMinor: cell.amount('list_price', 'price'),
        priceMinor: cell.amount('price'),
        allowances: {
          voiceSeconds: cell.count('voice_seconds'),
          sms: cell.count('sms'),
          dataBytes: cell.text('data_bytes') || '0',
        },
        roaming: cell.yes('roaming'),
        recommended: cell.yes('recommended'),
      })
      return
    case 'denomination':
      lines.set(`/denominations/${table.denominations.length}`, cell.line)
      table.denominations.push({
        ...{ name, ...own, ...sale },
        faceMinor: cell.amount('list_price', 'price'),
        priceMinor: cell.amount('price'),
        bonusMinor: cell.text('bonus') === '' ? '0' : cell.amount('bonus'),
        recommended: cell.yes('recommended'),
      })
      return
    case 'free-amount':
      lines.set('/freeAmount', cell.line)
      table.free.push({
        ...{ name, ...own, ...sale },
        minMinor: cell.amount('least'),
        maxMinor: cell.amount('most'),
        stepMinor: cell.amount('step'),
      })
      return
    default:
      cell.wrong(`kind is package, denomination or free-amount, not "${kind}"`)
  }
}

/** One row while it is read; what is wrong is added to the problems of the file. */
class Cell {
  readonly line: number
  readonly #cells: Cells
  readonly #decimals: number
  readonly #problems: string[]

  constructor(cells: Cells, currency: string, line: number, problems: string[]) {
    this.#cells = cells
    this.#decimals = currencyDecimals(currency)
    this.line = line
    this.#problems = problems
  }

  text(column: Column): string {
    return this.#cells[column]
  }

  /** Minor units as digits. `otherwise`: the column that counts where this one is empty. */
  amount(column: Column, otherwise?: Column): string {
    const written = this.#cells[column] || (otherwise ? this.#cells[otherwise] : '')
    const amount = readAmount(written, this.#decimals)
    if (typeof amount === 'bigint') return amount.toString()
    this.wrong(`${column} "${written}" is not an amount such as 49.80`)
    return '0'
  }

  count(column: Column): number {
    const written = this.#cells[column] || '0'
    if (/^\d{1,9}$/.test(written)) return Number.parseInt(written, 10)
    this.wrong(`${column} "${written}" is not a whole number`)
    return 0
  }

  yes(column: Column): boolean {
    const written = this.#cells[column].toLowerCase()
    if (!YES.includes(written) && !NO.includes(written))
      this.wrong(`${column} "${written}" is neither yes nor no`)
    return YES.includes(written)
  }

  wrong(sentence: string): void {
    this.#problems.push(`line ${this.line}: ${sentence}`)
  }
}
