import { type FileHandle, open, rm, stat } from 'node:fs/promises'
import { basename, extname, resolve } from 'node:path'
import { type ImportReport, importLines, type RejectedRow, rejectColumns } from '../line/index.ts'
import { monotonicMs } from '../platform/clock.ts'
import type { Config } from '../platform/config.ts'
import { type Encoding, quoteField } from '../platform/csv-file.ts'
import { presetOf } from '../policy/index.ts'
import type { Say } from '../serve.ts'
import { amountText } from './amount-text.ts'
import { type BrandRoom, withBrand } from './command-database.ts'
import { operator } from './operator.ts'
import { createProgress, inDigits } from './progress.ts'
import { UsageError } from './usage.ts'

export interface LineImportOptions {
  readonly brand: string
  readonly rejects?: string
  readonly encoding?: string
  readonly dryRun?: true
  readonly json?: true
}

/** `baohao line import FILE --brand B`: true when every row is in. */
export async function lineImportCommand(
  config: Config,
  file: string,
  options: LineImportOptions,
  say: Say,
): Promise<boolean> {
  const { size } = await stat(file)
  const rejectsFile = options.rejects ?? `${file.slice(0, file.length - extname(file).length)}.rejects.csv`
  if (resolve(rejectsFile) === resolve(file))
    throw new UsageError(`--rejects names the file that is imported, ${file}.`)
  const encoding = readEncoding(options.encoding)
  return await withBrand(config, options.brand, async (room) => {
    const { brand, clock, db } = room
    const startedAt = monotonicMs()
    const progress = createProgress(process.stderr, 'lines')
    const rejects = createRejects(rejectsFile)
    try {
      const policy = presetOf(brand.policy.preset, brand.policy.version)
      const report = await importLines(
        { db: db.of(brand.key), clock, brand, policy },
        {
          path: file,
          ...(encoding ? { encoding } : {}),
          actor: operator(),
          dryRun: options.dryRun === true,
          onHeader: rejects.header,
          onRejected: rejects.add,
          onProgress: ({ bytes, rows }) => progress.show({ part: size === 0 ? 1 : bytes / size, done: rows }),
        },
      )
      progress.end()
      const rejected = await rejects.close(report.rejected === 0)
      if (options.json) say(JSON.stringify(asJson(report, rejected)))
      else
        describe(report, { room, file, rejected, options, seconds: (monotonicMs() - startedAt) / 1000 }, say)
      return report.rejected === 0
    } finally {
      progress.end()
      await rejects.close(false)
    }
  })
}

function readEncoding(text: string | undefined): Encoding | undefined {
  const written = text?.toLowerCase().replace('utf8', 'utf-8')
  if (written === undefined || written === 'utf-8' || written === 'gbk') return written
  throw new UsageError(`--encoding is utf-8 or gbk, not "${text}".`)
}

/**
 * The file of rejected rows: their line, all that is wrong, then the row as it was, under the same header. So it can be mended and
 * imported itself.
 */
function createRejects(path: string) {
  let handle: FileHandle | undefined
  let delimiter = ','
  return {
    async header(text: string, delimiterOfFile: string) {
      delimiter = delimiterOfFile
      // Rows of subscribers are for whoever imports them alone.
      handle = await open(path, 'w', 0o600)
      // Spreadsheets take a file without a mark for one in the system's own encoding.
      const mark = /[^\0-\x7f]/.test(text) ? '\ufeff' : ''
      await handle.write(`${mark}${[...rejectColumns, text].join(delimiter)}\n`)
    },
    async add(rows: readonly RejectedRow[]) {
      const texts = rows.map(({ line, problems, text }) => {
        const reason = quoteField(problems.map(({ sentence }) => sentence).join('; '), delimiter)
        return `${line}${delimiter}${reason}${delimiter}${text}\n`
      })
      await handle?.write(texts.join(''))
    },
    /** Answers its path, or null where there is none. */
    async close(empty: boolean): Promise<string | null> {
      if (!handle) return null
      await handle.close()
      handle = undefined
      if (!empty) return path
      await rm(path)
      return null
    },
  }
}

interface Circumstances {
  readonly room: BrandRoom
  readonly file: string
  readonly rejected: string | null
  readonly options: LineImportOptions
  readonly seconds: number
}

function describe(
  report: ImportReport,
  { room, file, rejected, options, seconds }: Circumstances,
  say: Say,
): void {
  const { brand } = room
  const rate = inDigits(Math.round(report.rows / seconds))
  const encoding = report.encoding === 'gbk' ? 'GBK' : 'UTF-8'
  say(
    `${basename(file)} (${encoding}): ${inDigits(report.rows)} rows in ${inDigits(Math.ceil(seconds))} s, ${rate} a second.`,
  )
  say(
    `  ${inDigits(report.opened)} ${options.dryRun ? 'would be opened' : 'opened'}${counted(report.stages)}`,
  )
  say(`  ${inDigits(report.already)} there already, with the same facts`)
  say(`  ${inDigits(report.rejected)} rejected${counted(report.faults)}`)
  const lost = report.stages.get('ceased') ?? 0
  if (lost > 0)
    say(
      `Of those ${inDigits(lost)} are past the end of their number already: the sweep of baohao work ceases them by the policy.`,
    )
  if (report.opened > 0)
    say(
      `Balances brought in: ${amountText(report.paidMinor, brand)} paid, ${amountText(report.bonusMinor, brand)} bonus.`,
    )
  if (rejected)
    say(
      `Each rejected row is in ${rejected}, with its line and all that is wrong. Mend it there and import that file.`,
    )
}

function counted(counts: ReadonlyMap<string, number>): string {
  if (counts.size === 0) return ''
  const sorted = [...counts].sort((a, b) => b[1] - a[1])
  return `: ${sorted.map(([name, count]) => `${inDigits(count)} ${name}`).join(', ')}`
}

function asJson(report: ImportReport, rejectsFile: string | null) {
  return {
    ...report,
    faults: Object.fromEntries(report.faults),
    stages: Object.fromEntries(report.stages),
    paidMinor: report.paidMinor.toString(),
    bonusMinor: report.bonusMinor.toString(),
    rejectsFile,
  }
}
