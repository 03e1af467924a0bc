import sax from 'sax'
import { FileRefused } from '../platform/csv-file.ts'
import { entriesOf, statementOf } from './camt-entry.ts'
import { type CamtNode, childNamed, textAt } from './camt-node.ts'
import type { Stated, StatedEntry, StatementFile } from './entry.ts'

const NAMESPACE = /^urn:iso:std:iso:20022:tech:xsd:camt\.05([34])\.001\.0([2-8])$/
/** The element that holds one statement, by what the message is. */
const ROOTS = {
  'camt.053': ['BkToCstmrStmt', 'Stmt'],
  'camt.054': ['BkToCstmrDbtCdtNtfctn', 'Ntfctn'],
} as const
/** The types do not know the last, which leaves XML's own five entities alone. */
const OPTIONS = { xmlns: true, strictEntities: true } as sax.SAXOptions
/** Deeper and longer than any bank writes. */
const MOST_DEEP = 40
const MOST_TEXT = 20_000

/**
 * Reads a message of ISO 20022: camt.053 (statement) or camt.054 (notice of single bookings), versions 02 to 08, as a stream: an entry is
 * let go of once it is read. A document type is refused, so there are no entities but the five that XML has.
 */
export async function readCamt(
  chunks: AsyncIterable<Buffer> | Iterable<Buffer>,
  name: string,
): Promise<StatementFile> {
  const reader = new CamtReader(name)
  let decoder: TextDecoder | undefined
  for await (const chunk of chunks) {
    decoder ??= decoderFor(chunk, name)
    reader.write(decoded(decoder, chunk, true, name))
  }
  if (decoder) reader.write(decoded(decoder, undefined, false, name))
  return reader.end()
}

/** By the declaration, which is in ASCII whatever follows; UTF-8 where there is none. */
function decoderFor(start: Buffer, name: string): TextDecoder {
  const declared = /^[^>]{0,80}encoding=["']([\w-]{1,20})["']/.exec(
    start.subarray(0, 200).toString('latin1'),
  )?.[1]
  try {
    return new TextDecoder(declared ?? 'utf-8', { fatal: true })
  } catch {
    throw new FileRefused(`${name} is written in ${declared}, which is not known here.`)
  }
}

function decoded(decoder: TextDecoder, chunk: Buffer | undefined, stream: boolean, name: string): string {
  try {
    return decoder.decode(chunk, { stream })
  } catch {
    throw new FileRefused(`${name} holds bytes that are no ${decoder.encoding}.`)
  }
}

/** The state of one reading. */
class CamtReader {
  readonly #name: string
  readonly #parser = sax.parser(true, OPTIONS)
  #stack: CamtNode[] = []
  #format: keyof typeof ROOTS | undefined
  #entries: StatedEntry[] = []
  #statements: Stated[] = []
  #ended = false

  constructor(name: string) {
    this.#name = name
    const parser = this.#parser
    parser.onerror = (error) => {
      throw this.#refused(`is not well-formed XML: ${error.message.split('\n')[0]}`)
    }
    parser.ondoctype = () => {
      throw this.#refused('has a document type, which is not read')
    }
    parser.onopentag = (tag) => this.#open(tag as sax.QualifiedTag)
    parser.ontext = (text) => this.#text(text)
    parser.oncdata = (text) => this.#text(text)
    parser.onclosetag = () => this.#close()
  }

  write(text: string): void {
    this.#parser.write(text)
  }

  end(): StatementFile {
    this.#parser.close()
    if (!this.#ended || this.#format === undefined) throw this.#refused('ends too early')
    if (this.#statements.length === 0) throw this.#refused('holds no statement')
    return { format: this.#format, statements: this.#statements }
  }

  #refused(what: string): FileRefused {
    return new FileRefused(`${this.#name} ${what} (line ${this.#parser.line + 1}).`)
  }

  #open({ local, uri, attributes }: sax.QualifiedTag): void {
    if (this.#stack.length === 0) this.#begin(local, uri)
    if (this.#stack.length >= MOST_DEEP) throw this.#refused('is nested too deeply')
    const node: CamtNode = { name: local, currency: attributes.Ccy?.value ?? null, text: '', children: [] }
    // Entries are read one by one and let go of: the statement itself keeps only what stands beside them.
    if (!(local === 'Ntry' && this.#isStatement())) this.#stack.at(-1)?.children.push(node)
    this.#stack.push(node)
  }

  #begin(local: string, uri: string): void {
    const [, family, version] = NAMESPACE.exec(uri) ?? []
    if (local !== 'Document' || family === undefined || version === undefined)
      throw this.#refused('is no camt.053 or camt.054 of version 02 to 08')
    this.#format = family === '3' ? 'camt.053' : 'camt.054'
  }

  /** Whether the element in hand is the statement. */
  #isStatement(): boolean {
    return (
      this.#format !== undefined &&
      this.#stack.length === 3 &&
      this.#stack[2]?.name === ROOTS[this.#format][1]
    )
  }

  #text(text: string): void {
    const node = this.#stack.at(-1)
    if (!node) return
    node.text += text
    if (node.text.length > MOST_TEXT) throw this.#refused('has an element that is too long')
  }

  #close(): void {
    const node = this.#stack.pop()
    if (!node) return
    if (node.name === 'Ntry' && this.#isStatement()) {
      const place = `the ${this.#entries.length + 1}. entry of ${this.#name} (line ${this.#parser.line + 1})`
      this.#entries.push(...entriesOf(node, place))
    } else if (this.#stack.length === 2 && this.#format && node.name === ROOTS[this.#format][1]) {
      this.#statements.push(statementOf(node, this.#entries, this.#format, this.#name))
      this.#entries = []
    } else if (this.#stack.length === 0) {
      const message = childNamed(node, ROOTS[this.#format ?? 'camt.053'][0])
      if (!message || textAt(message, 'GrpHdr', 'MsgId') === null) throw this.#refused('lacks its message')
      this.#ended = true
    }
  }
}
