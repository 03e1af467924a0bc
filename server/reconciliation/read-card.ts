import { currencyDecimals } from '../../contract/decimal-amount.ts'
import { idFromWire } from '../../contract/id.ts'
import { FileRefused, splitRow } from '../platform/csv-file.ts'
import { type BillExpected, type BillRow, type ReadBill, ROWS_AT_A_TIME } from './bill.ts'
import { abs, type BillTime, createTimeReader, linesOf, readSigned, refusedAt } from './bill-text.ts'

// The itemised balance report of a card gateway of Stripe's shape (`balance_change_from_activity.itemized.3`): CSV with a header,
// a line for each change of the balance, amounts in the main unit and from the merchant's side, times in UTC. It names no
// merchant and no totals; of its lines `gross` less `fee` is `net`, and nothing else holds it together.

const COLUMNS = ['created_utc', 'currency', 'gross', 'fee', 'net', 'reporting_category'] as const
/** Which of the gateway's ids is the payment's: the one that the adapter keeps as its transaction. */
const TRANSACTION = ['payment_intent_id', 'charge_id', 'source_id']
const NUMBER = ['payment_metadata[number]', 'client_reference_id']
/** Known by the number of what they are about. */
const SOURCED = ['dispute', 'dispute_reversal']
const REFUND_NUMBER = ['refund_metadata[number]']

export const readCardBill: ReadBill = async function* (source, expected) {
  const bill = new CardBill(source.name, expected)
  for await (const lines of linesOf(source.stream(), 'utf-8')) {
    for (const line of lines) bill.take(line)
    if (bill.rows.length >= ROWS_AT_A_TIME) yield bill.rows.splice(0)
  }
  bill.end()
  yield bill.rows
}

class CardBill {
  readonly rows: BillRow[] = []
  readonly #name: string
  readonly #expected: BillExpected
  readonly #decimals: number
  readonly #readTime = createTimeReader('Z')
  #names: readonly string[] | undefined
  #line = 0

  constructor(name: string, expected: BillExpected) {
    this.#name = name
    this.#expected = expected
    this.#decimals = currencyDecimals(expected.currency)
  }

  take(line: string): void {
    this.#line++
    if (line.trim() === '') return
    const fields = splitRow(line, ',')
    if (!this.#names) this.#takeHeader(fields ?? [])
    else if (fields?.length === this.#names.length) this.#takeRow(fields, this.#names)
    else throw refusedAt(this.#name, this.#line, 'it has not the fields of its header')
  }

  end(): void {
    if (!this.#names) throw new FileRefused(`${this.#name} is empty.`)
  }

  #takeHeader(names: readonly string[]): void {
    const missing = [...COLUMNS.filter((name) => !names.includes(name))]
    if (!TRANSACTION.some((name) => names.includes(name))) missing.push(TRANSACTION[0] as never)
    if (missing.length > 0)
      throw new FileRefused(`${this.#name} is no itemised balance report: it lacks ${missing.join(', ')}.`)
    this.#names = names
  }

  #takeRow(fields: readonly string[], names: readonly string[]): void {
    const field = (...known: readonly string[]) =>
      known.map((name) => fields[names.indexOf(name)]).find((text) => text !== undefined && text !== '') ?? ''
    const [gross, fee, net] = (['gross', 'fee', 'net'] as const).map((name) =>
      readSigned(field(name), this.#decimals),
    ) as [bigint | null, bigint | null, bigint | null]
    if (gross === null || fee === null || net === null)
      throw refusedAt(this.#name, this.#line, 'gross, fee or net is no amount')
    if (gross - fee !== net) throw refusedAt(this.#name, this.#line, 'gross less fee is not net')
    const time = this.#readTime(field('created_utc'))
    if (time === null) throw refusedAt(this.#name, this.#line, `${field('created_utc')} is not a time`)
    if (time.date !== this.#expected.day)
      throw new FileRefused(
        `${this.#name} is a report of ${time.date} (line ${this.#line}), not of ${this.#expected.day}.`,
      )
    this.rows.push(this.#row(field, { gross, fee, time }))
  }

  #row(
    field: (...known: readonly string[]) => string,
    { gross, fee, time }: { readonly gross: bigint; readonly fee: bigint; readonly time: BillTime },
  ): BillRow {
    const common = {
      currency: field('currency').toUpperCase(),
      atMs: time.atMs,
      feeMinor: fee,
      final: true,
    }
    const category = field('reporting_category')
    switch (category) {
      case 'charge':
        return {
          ...common,
          kind: 'payment',
          key: this.#named(field(...TRANSACTION)),
          number: idFromWire(field(...NUMBER)),
          amountMinor: abs(gross),
        }
      case 'refund': {
        const number = idFromWire(field(...REFUND_NUMBER))
        const key = number ?? this.#named(field('source_id', 'balance_transaction_id'))
        return { ...common, kind: 'refund', key, number, amountMinor: abs(gross) }
      }
      case 'fee': {
        const key = this.#named(field('balance_transaction_id', 'source_id'))
        return { ...common, kind: 'fee', key, number: null, amountMinor: 0n, feeMinor: fee - gross }
      }
      default: {
        const refund = category === 'refund_failure' ? idFromWire(field(...REFUND_NUMBER)) : null
        const named =
          refund ??
          field(...(SOURCED.includes(category) ? ['source_id'] : []), 'balance_transaction_id', 'source_id')
        const key = `${category} ${this.#named(named)}`
        return { ...common, kind: 'other', key, number: null, amountMinor: gross }
      }
    }
  }

  #named(text: string): string {
    if (text === '') throw refusedAt(this.#name, this.#line, 'nothing names it')
    return text
  }
}
