import { createReadStream } from 'node:fs'

/** How a file of rows is written: exports of Chinese Windows are GBK, all others should be UTF-8. */
export type Encoding = 'utf-8' | 'gbk'

/** The file as a whole cannot be read; the message is a sentence for the operator. */
export class FileRefused extends Error {
  override readonly name = 'FileRefused'
}

const CHUNK_BYTES = 1 << 18

/** UTF-8 where every byte is, else GBK, in which anything can be read. Reads the whole file, at the speed of the disk. */
export async function detectEncoding(path: string): Promise<Encoding> {
  const strict = new TextDecoder('utf-8', { fatal: true })
  let first = true
  for await (const chunk of bytesOf(path)) {
    if (first && isUtf16(chunk))
      throw new FileRefused(`${path} is UTF-16. Save it as CSV in UTF-8 and import it again.`)
    first = false
    try {
      strict.decode(chunk, { stream: true })
    } catch {
      return 'gbk'
    }
  }
  return 'utf-8'
}

function isUtf16([a, b]: Buffer): boolean {
  return (a === 0xff && b === 0xfe) || (a === 0xfe && b === 0xff)
}

function bytesOf(path: string): AsyncIterable<Buffer> {
  return createReadStream(path, { highWaterMark: CHUNK_BYTES })
}

/** Lines of a file as they follow on each other, and how many bytes were read with them. */
export interface FileLines {
  readonly texts: readonly string[]
  readonly bytes: number
}

/**
 * The lines of a file without their ends, a chunk at a time; a byte order mark is dropped. No file of ours holds a line break inside
 * a field, so a line is a row, and a quote that is never closed spoils its own row and not the rest of the file.
 */
export async function* readFileLines(path: string, encoding: Encoding): AsyncGenerator<FileLines> {
  const decoder = new TextDecoder(encoding)
  let rest = ''
  let bytes = 0
  for await (const chunk of bytesOf(path)) {
    bytes += chunk.length
    const texts = (rest + decoder.decode(chunk, { stream: true })).split('\n')
    rest = texts.pop() as string
    yield { texts: texts.map(withoutReturn), bytes }
  }
  rest += decoder.decode()
  if (rest !== '') yield { texts: [withoutReturn(rest)], bytes }
}

function withoutReturn(text: string): string {
  return text.endsWith('\r') ? text.slice(0, -1) : text
}

/** The delimiter that a header uses: a comma, a semicolon or a tab. */
export function delimiterOf(header: string): string {
  return [',', ';', '\t'].reduce((best, each) =>
    header.split(each).length > header.split(best).length ? each : best,
  )
}

/**
 * The fields of a row (RFC 4180: a field in quotes may hold the delimiter, and quotes twice), without blanks around them. Null:
 * a quote is opened and not closed, or closed inside a field.
 */
export function splitRow(text: string, delimiter: string): string[] | null {
  if (!text.includes('"')) {
    const fields = text.split(delimiter)
    for (let i = 0; i < fields.length; i++) fields[i] = (fields[i] as string).trim()
    return fields
  }
  const fields: string[] = []
  for (let at = 0; ; ) {
    const quoted = text[at] === '"'
    const end = quoted ? closingQuote(text, at + 1) : endOf(text, delimiter, at)
    if (end < 0) return null
    const field = quoted ? text.slice(at + 1, end).replaceAll('""', '"') : text.slice(at, end)
    fields.push(field.trim())
    const next = quoted ? end + 1 : end
    if (next === text.length) return fields
    if (text[next] !== delimiter) return null
    at = next + 1
  }
}

function endOf(text: string, delimiter: string, from: number): number {
  const at = text.indexOf(delimiter, from)
  return at < 0 ? text.length : at
}

function closingQuote(text: string, from: number): number {
  let at = text.indexOf('"', from)
  while (at >= 0 && text[at + 1] === '"') at = text.indexOf('"', at + 2)
  return at
}

/** A field as a row of a file with this delimiter holds it. */
export function quoteField(text: string, delimiter: string): string {
  return text.includes(delimiter) || /["\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
