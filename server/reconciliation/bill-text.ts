import { readAmount } from '../../contract/decimal-amount.ts'
import { parseInstant } from '../platform/clock.ts'
import { FileRefused } from '../platform/csv-file.ts'

/** Lines as they follow on each other, without their ends; a byte order mark is dropped. */
export async function* linesOf(
  chunks: AsyncIterable<Buffer>,
  encoding: 'utf-8' | 'gbk',
): AsyncGenerator<readonly string[]> {
  const decoder = new TextDecoder(encoding)
  let rest = ''
  for await (const chunk of chunks) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n')
    rest = lines.pop() as string
    yield lines.map(withoutReturn)
  }
  rest += decoder.decode()
  if (rest !== '') yield [withoutReturn(rest)]
}

const withoutReturn = (line: string) => (line.endsWith('\r') ? line.slice(0, -1) : line)

/** A refusal that names the line; the first is line 1. */
export function refusedAt(name: string, line: number, what: string): FileRefused {
  return new FileRefused(`Line ${line} of ${name} cannot be read: ${what}.`)
}

/** A bill writes amounts in its currency's main unit, of two decimals or more: `-0.12000` is -12n. Null: no such amount. */
export function readSigned(text: string, decimals: number): bigint | null {
  const below = text.startsWith('-')
  const amount = readAmount(below ? text.slice(1) : text, decimals)
  if (typeof amount === 'string') return null
  return below ? -amount : amount
}

export const abs = (amount: bigint) => (amount < 0n ? -amount : amount)

const TIME = /^(\d{4}-\d\d-\d\d) (\d\d):(\d\d):(\d\d)$/

/** A time of a bill: its date as written, and its instant in milliseconds. */
export interface BillTime {
  readonly date: string
  readonly atMs: number
}

/**
 * Reads `2026-11-21 14:00:05` at an offset such as `+08:00`; null for any other form. A bill has few dates and many times, so
 * each date is worked out once.
 */
export function createTimeReader(offset: string): (text: string) => BillTime | null {
  const starts = new Map<string, number | null>()
  const startOf = (date: string) => {
    try {
      return parseInstant(`${date}T00:00:00${offset}`)
    } catch {
      return null
    }
  }
  return (text) => {
    const [, date, hours, minutes, seconds] = TIME.exec(text) ?? []
    if (date === undefined) return null
    let startMs = starts.get(date)
    if (startMs === undefined) {
      startMs = startOf(date)
      starts.set(date, startMs)
    }
    if (startMs === null) return null
    const [h, m, s] = [hours, minutes, seconds].map((digits) => Number.parseInt(digits as string, 10)) as [
      number,
      number,
      number,
    ]
    if (h > 23 || m > 59 || s > 60) return null
    return { date, atMs: startMs + ((h * 60 + m) * 60 + s) * 1000 }
  }
}
