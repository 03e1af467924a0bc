import { delimiterOf, FileRefused, splitRow } from '../platform/csv-file.ts'
import { dayAt } from '../policy/index.ts'
import { readRate } from './rate.ts'
import type { StatedRate } from './rate-file.ts'

/** What the file's first row calls its columns, in any order. */
export const rateColumns = ['base', 'currency', 'rate', 'from', 'until'] as const

const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})$/

/**
 * An acquirer's rates as CSV: `base,currency,rate,from,until`, the last two as ISO 8601 instants with their zone. It says for how long
 * it stands by each. Whatever is wrong with a row is thrown as FileRefused, with its line.
 */
export function readRateCsv(text: string, source: string): StatedRate[] {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/)
  const [header = ''] = lines
  const delimiter = delimiterOf(header)
  const names = splitRow(header, delimiter) ?? []
  const at = rateColumns.map((column) => names.indexOf(column))
  if (at.includes(-1) || names.length !== rateColumns.length)
    throw new FileRefused(`Line 1: the columns are ${rateColumns.join(', ')}.`)
  return lines.flatMap((line, i) => {
    if (i === 0 || line.trim() === '') return []
    const fields = splitRow(line, delimiter) ?? []
    const refuse = (expected: string): never => {
      throw new FileRefused(`Line ${i + 1}: expected ${expected}.`)
    }
    if (fields.length !== names.length) refuse(`${names.length} fields`)
    const [base = '', currency = '', value = '', from = '', until = ''] = at.map((place) => fields[place])
    if (!/^[A-Z]{3}$/.test(base) || !/^[A-Z]{3}$/.test(currency) || base === currency)
      refuse('two currencies such as GBP and CNY')
    if (readRate(value) === null) refuse(`a rate above zero, not "${value}"`)
    const [sinceMs, untilMs] = [instantOf(from), instantOf(until)]
    if (sinceMs === null || untilMs === null || untilMs <= sinceMs)
      return refuse('two instants such as 2026-11-23T08:00:00+08:00, the second later')
    return [
      {
        ...{ kind: 'dealing', source, base, currency, value, sinceMs, untilMs },
        day: dayAt(sinceMs, 'UTC'),
      } satisfies StatedRate,
    ]
  })
}

function instantOf(text: string): number | null {
  const ms = INSTANT.test(text) ? Date.parse(text) : Number.NaN
  return Number.isNaN(ms) ? null : ms
}
