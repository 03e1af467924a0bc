import { basename } from 'node:path'
import type { Brand } from '../brand/index.ts'
import { type AuditEntry, writeAudit } from '../platform/audit.ts'
import type { Clock } from '../platform/clock.ts'
import {
  delimiterOf,
  detectEncoding,
  type Encoding,
  FileRefused,
  readFileLines,
  splitRow,
} from '../platform/csv-file.ts'
import { type BrandDb, brokenConstraint, type Reader, type Tx } from '../platform/db.ts'
import { failpoint } from '../platform/failpoint.ts'
import { newId } from '../platform/id.ts'
import { type Policy, stageAt } from '../policy/index.ts'
import { type ImportColumn, readHeader } from './import-columns.ts'
import {
  createRowReader,
  differences,
  type ImportedLine,
  type RowProblem,
  type RowReading,
} from './import-row.ts'
import { readIccids, readKnownLines } from './import-store.ts'
import { openLines } from './open-lines.ts'
import { policyDay } from './policy-day.ts'
import { SeenNumbers } from './seen-numbers.ts'

/** A row that was not imported: where it stands in the file (the header is line 1), as it was, and all that is wrong. */
export interface RejectedRow {
  readonly line: number
  readonly text: string
  readonly problems: readonly RowProblem[]
}

/** How far an import has come. Every row is opened, already there, or rejected. */
export interface ImportProgress {
  readonly bytes: number
  readonly rows: number
  readonly opened: number
  readonly already: number
  readonly rejected: number
}

export interface ImportReport extends ImportProgress {
  /** Names the run in the audit and in the opening events. */
  readonly id: string
  readonly encoding: Encoding
  /** Rejected rows by what is wrong first. */
  readonly faults: ReadonlyMap<string, number>
  /** Opened lines by the stage of today; with a dry run those that would be. */
  readonly stages: ReadonlyMap<string, number>
  readonly paidMinor: bigint
  readonly bonusMinor: bigint
}

export interface ImportDeps {
  readonly db: BrandDb
  readonly clock: Clock
  readonly brand: Brand
  readonly policy: Policy
}

export interface ImportOptions {
  readonly path: string
  /** Left out: detected. */
  readonly encoding?: Encoding
  /** Who imports, for the audit. */
  readonly actor: string
  /** Reads and judges everything and writes nothing. */
  readonly dryRun: boolean
  /** Told the header first, then rejected rows in the order of the file. */
  readonly onHeader: (text: string, delimiter: string) => Promise<void>
  readonly onRejected: (rows: readonly RejectedRow[]) => Promise<void>
  readonly onProgress: (progress: ImportProgress) => void
}

/** Rows of one transaction: large enough that its round trips do not count, small enough that what is lost by a kill does not. */
const BATCH = 2_000
/** Batches in flight: one is read and judged while the others are written, on as many connections. */
const LANES = 2
const MOST_TRIES = 5

interface Row {
  readonly line: number
  readonly text: string
  readonly reading: ImportedLine
}

interface Batch {
  readonly rows: readonly Row[]
  /** Found wrong by reading alone. */
  readonly rejected: readonly RejectedRow[]
  readonly bytes: number
}

/**
 * Imports a file of lines. Good rows are opened, a batch in one transaction; bad ones are handed back. A row that is a line
 * already, with the same facts, is counted as there: so the same file can come again, after a kill too, and ends alike. Throws
 * FileRefused where the file as a whole cannot be read.
 */
export async function importLines(deps: ImportDeps, options: ImportOptions): Promise<ImportReport> {
  const encoding = options.encoding ?? (await detectEncoding(options.path))
  const today = policyDay(deps.clock, deps.brand, deps.policy)
  const tally = new Tally(newId(deps.clock.instant()), encoding, (line) =>
    stageAt(deps.policy, line.state, today),
  )
  const audit = (act: string, detail: Readonly<Record<string, unknown>>) =>
    options.dryRun ? undefined : auditImport(deps, { actor: options.actor, act, subject: tally.id, detail })
  await audit('line import begun', { file: basename(options.path) })
  const inFlight: Promise<Verdict>[] = []
  const settleOldest = async () => {
    const verdict = await (inFlight.shift() as Promise<Verdict>)
    if (verdict.rejected.length > 0) await options.onRejected(verdict.rejected)
    tally.add(verdict)
    options.onProgress(tally.report())
  }
  try {
    for await (const batch of batchesOf(deps, options, encoding, today)) {
      if (inFlight.length === LANES) await settleOldest()
      inFlight.push(judgeBatch(deps, options.dryRun, today, tally.id, batch))
    }
    while (inFlight.length > 0) await settleOldest()
  } finally {
    await Promise.allSettled(inFlight)
  }
  const { opened, already, rejected } = tally.report()
  await audit('line import ended', { opened, already, rejected })
  return tally.report()
}

async function auditImport({ db, clock }: ImportDeps, entry: AuditEntry): Promise<void> {
  await db.tx((tx) => writeAudit(tx, entry, clock.instant()))
}

/** Reads the file and judges each row by itself and against the rows before it. */
async function* batchesOf(
  deps: ImportDeps,
  options: ImportOptions,
  encoding: Encoding,
  today: number,
): AsyncGenerator<Batch> {
  const seen = { msisdn: new SeenNumbers(), iccid: new SeenNumbers() }
  let reader: RowsReader | undefined
  let line = 0
  let rows: Row[] = []
  let rejected: RejectedRow[] = []
  let bytes = 0
  for await (const { texts, bytes: read } of readFileLines(options.path, encoding)) {
    bytes = read
    for (const text of texts) {
      line++
      if (!reader) {
        reader = openReader(deps, today, text, options.path)
        await options.onHeader(text, reader.delimiter)
        continue
      }
      if (isBlank(text, reader.delimiter)) continue
      const reading = unlessTwice(reader.read(text), seen, line)
      if ('problems' in reading) rejected.push({ line, text, problems: reading.problems })
      else rows.push({ line, text, reading })
      if (rows.length + rejected.length < BATCH) continue
      yield { rows, rejected, bytes }
      rows = []
      rejected = []
    }
  }
  if (!reader) throw new FileRefused(`${options.path} is empty: its first line names the columns.`)
  yield { rows, rejected, bytes }
}

interface RowsReader {
  readonly delimiter: string
  read(text: string): RowReading
}

function openReader(deps: ImportDeps, today: number, headerText: string, path: string): RowsReader {
  const delimiter = delimiterOf(headerText)
  const header = readHeader(splitRow(headerText, delimiter) ?? [headerText])
  if ('problems' in header) {
    const problems = header.problems.map((problem) => `\n  - ${problem}`).join('')
    throw new FileRefused(`The first line of ${path} must name the columns:${problems}`)
  }
  const read = createRowReader({ ...deps, today }, header)
  return { delimiter, read: (text) => readText(text, delimiter, read) }
}

function readText(
  text: string,
  delimiter: string,
  read: (fields: readonly string[]) => RowReading,
): RowReading {
  const fields = splitRow(text, delimiter)
  if (fields) return read(fields)
  return {
    problems: [{ fault: 'quote', sentence: 'a quote is opened and not closed, or closed inside a field' }],
  }
}

/** Spreadsheets end files with rows of nothing but delimiters. */
function isBlank(text: string, delimiter: string): boolean {
  return text === '' || (text.startsWith(delimiter) && text.replaceAll(delimiter, '').trim() === '')
}

/** Only rows that are good by themselves count as seen, so that a mended row may follow a spoiled one. */
function unlessTwice(
  reading: RowReading,
  seen: { readonly msisdn: SeenNumbers; readonly iccid: SeenNumbers },
  line: number,
): RowReading {
  if ('problems' in reading) return reading
  const { msisdn, iccid } = reading
  const number = seen.msisdn.firstSeen(msisdn, line)
  if (number !== null) return twice('msisdn', msisdn, number)
  const card = iccid === null ? null : seen.iccid.firstSeen(iccid, line)
  return card === null ? reading : twice('iccid', iccid as string, card)
}

function twice(column: ImportColumn, digits: string, line: number): RowReading {
  return {
    problems: [{ fault: 'twice-in-file', sentence: `${column} ${digits} stands in line ${line} already` }],
  }
}

/** What became of a batch. */
interface Verdict {
  readonly opened: readonly ImportedLine[]
  readonly already: number
  /** In the order of the file. */
  readonly rejected: readonly RejectedRow[]
  readonly bytes: number
}

/** Judges a batch against the lines that there are and opens what is new. UNIQUE is the judge where another import is at work. */
async function judgeBatch(
  deps: ImportDeps,
  dryRun: boolean,
  today: number,
  cause: string,
  batch: Batch,
): Promise<Verdict> {
  if (dryRun) return await judge(deps.db, batch)
  for (let tries = 1; ; tries++) {
    try {
      const verdict = await deps.db.tx(async (tx) => {
        const judged = await judge(tx, batch)
        if (judged.opened.length > 0) await openLines(tx, { ...deps, today, cause }, judged.opened)
        await failpoint('line-import.written')
        return judged
      })
      await failpoint('line-import.committed')
      return verdict
    } catch (error) {
      const taken = ['line_msisdn', 'line_iccid_key'].includes(brokenConstraint(error) ?? '')
      if (!taken || tries === MOST_TRIES) throw error
    }
  }
}

async function judge(db: Reader | Tx, { rows, rejected, bytes }: Batch): Promise<Verdict> {
  const [known, cards] = await Promise.all([
    readKnownLines(
      db,
      rows.map(({ reading }) => reading.msisdn),
    ),
    readIccids(
      db,
      rows.flatMap(({ reading }) => reading.iccid ?? []),
    ),
  ])
  const opened: ImportedLine[] = []
  const refused: RejectedRow[] = []
  let already = 0
  for (const { line, text, reading } of rows) {
    const problem = problemWith(reading, known.get(reading.msisdn)?.imported, cards)
    if (problem) refused.push({ line, text, problems: [problem] })
    else if (known.has(reading.msisdn)) already++
    else opened.push(reading)
  }
  const all = refused.length === 0 ? rejected : [...rejected, ...refused].sort((a, b) => a.line - b.line)
  return { opened, already, rejected: all, bytes }
}

/** `imported`: undefined where the number is no line, null where it is one that came otherwise. */
function problemWith(
  line: ImportedLine,
  imported: string | null | undefined,
  cards: ReadonlyMap<string, string>,
): RowProblem | null {
  if (imported === null) {
    const sentence = `msisdn ${line.msisdn} is a line already that was not imported`
    return { fault: 'there-with-other-facts', sentence }
  }
  if (imported !== undefined) {
    if (imported === line.imported) return null
    const sentence = `imported before with other facts: ${differences(imported, line.imported)}`
    return { fault: 'there-with-other-facts', sentence }
  }
  const holder = line.iccid === null ? undefined : cards.get(line.iccid)
  if (holder === undefined) return null
  return { fault: 'iccid-of-another-line', sentence: `iccid ${line.iccid} is the SIM of ${holder}` }
}

class Tally {
  readonly id: string
  readonly #encoding: Encoding
  readonly #stageOf: (line: ImportedLine) => string
  readonly #faults = new Map<string, number>()
  readonly #stages = new Map<string, number>()
  #opened = 0
  #already = 0
  #rejected = 0
  #bytes = 0
  #paidMinor = 0n
  #bonusMinor = 0n

  constructor(id: string, encoding: Encoding, stageOf: (line: ImportedLine) => string) {
    this.id = id
    this.#encoding = encoding
    this.#stageOf = stageOf
  }

  add({ opened, already, rejected, bytes }: Verdict): void {
    for (const line of opened) {
      count(this.#stages, this.#stageOf(line))
      this.#paidMinor += line.paidMinor
      this.#bonusMinor += line.bonusMinor
    }
    for (const { problems } of rejected) count(this.#faults, (problems[0] as RowProblem).fault)
    this.#opened += opened.length
    this.#already += already
    this.#rejected += rejected.length
    this.#bytes = bytes
  }

  report(): ImportReport {
    return {
      id: this.id,
      encoding: this.#encoding,
      bytes: this.#bytes,
      rows: this.#opened + this.#already + this.#rejected,
      opened: this.#opened,
      already: this.#already,
      rejected: this.#rejected,
      faults: this.#faults,
      stages: this.#stages,
      paidMinor: this.#paidMinor,
      bonusMinor: this.#bonusMinor,
    }
  }
}

function count(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1)
}
