import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { alipayBill } from '../sandbox/statement/alipay-bill.ts'
import { type Day, makeDays } from '../sandbox/statement/days.ts'
import { type FixtureMerchant, plantBooks, plantMerchant } from '../server/reconciliation/books-fixture.ts'
import { startBenchCluster } from './cluster.ts'

// `node bench/reconcile.ts [--payments 950000]`: the command of an operator on a day's bill of a million rows, from the file to the
// list of breaks, over books that are as large: how long it takes, and the most memory its process ever has.

const at = process.argv.indexOf('--payments')
const paymentsPerDay = at < 0 ? 950_000 : Number.parseInt(process.argv[at + 1] ?? '', 10)
const merchant: FixtureMerchant = {
  provider: 'alipay',
  id: '2021000000000001',
  seller: '2088000000000001',
  currency: 'CNY',
}
const MIDNIGHT = Date.UTC(2026, 10, 20, 16)
const LOOK_MS = 100
const PLANT = 20_000

const tell = (text: string) => void process.stderr.write(`${text}\n`)

function makeDay(): Day {
  const options = { seed: 1, firstMidnight: MIDNIGHT, days: 1, offsetMs: 8 * 3_600_000, paymentsPerDay }
  const [day] = makeDays({ ...options, refundShare: 0.053, faultShare: 0.0002, feeBp: 60n })
  if (!day) throw new Error('no day was made')
  return day
}

/** The most memory a process had so far, in MB; what it was before where the process has ended. */
function peakMb(child: ChildProcess, before: number): number {
  try {
    const [, kilobytes = '0'] =
      /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8')) ?? []
    return Math.max(before, Math.ceil(Number.parseInt(kilobytes, 10) / 1024))
  } catch {
    return before
  }
}

interface Run {
  readonly seconds: number
  readonly peakMb: number
  readonly report: { readonly rows: number; readonly found: Readonly<Record<string, number>> }
}

/** The command itself, as its own process. */
async function run(databaseUrl: string, dataDir: string, day: string, file: string): Promise<Run> {
  const main = join(import.meta.dirname, '../server/main.ts')
  const words = ['reconciliation', 'run', day, '--brand', 'laika', '--file', file, '--json']
  const whose = ['--provider', merchant.provider, '--merchant', merchant.id]
  const env = { ...process.env, DATABASE_URL: databaseUrl, BAOHAO_MODE: 'test', BAOHAO_DATA: dataDir }
  const startedAt = performance.now()
  const child = spawn(process.execPath, [main, ...words, ...whose], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let peak = 0
  const looking = setInterval(() => {
    peak = peakMb(child, peak)
  }, LOOK_MS)
  let said = ''
  child.stdout?.on('data', (chunk: Buffer) => {
    said += chunk.toString()
  })
  await new Promise((resolve) => child.once('close', resolve))
  clearInterval(looking)
  const [report] = JSON.parse(said) as Run['report'][]
  if (!report) throw new Error('the command reported nothing')
  return { seconds: Math.round((performance.now() - startedAt) / 100) / 10, peakMb: peak, report }
}

const directory = mkdtempSync(join(tmpdir(), 'baohao-reconcile-'))
const cluster = await startBenchCluster()
try {
  const owner = new pg.Client({ connectionString: cluster.ownerUrl })
  await owner.connect()
  await plantMerchant(owner, 'laika', merchant)
  await owner.query(`insert into laika.provider_terms values ($1, $2, 60, 0, true, '2026-01-01T00:00:00Z')`, [
    merchant.provider,
    merchant.id,
  ])
  const day = makeDay()
  for (let i = 0; i < day.books.length; i += PLANT)
    await plantBooks(owner, 'laika', merchant, day.books.slice(i, i + PLANT))
  // As autovacuum has done by the time a bill comes.
  await owner.query('vacuum analyze laika.attempt, laika.refund, laika.transfer')
  await owner.end()
  const file = join(directory, 'bill.zip')
  const bytes = alipayBill(
    { seller: merchant.seller, day: day.day, exportedAt: MIDNIGHT + 36 * 3_600_000 },
    day.bill,
  )
  writeFileSync(file, bytes)
  tell(
    `${day.bill.length} rows in ${Math.round(bytes.length / 2 ** 20)} MB, ${day.planted.length} differences planted`,
  )
  const { report, ...figures } = await run(cluster.appUrl, directory, day.day, file)
  tell(`${figures.seconds} s, ${figures.peakMb} MB`)
  const found = Object.values(report.found).reduce((sum, n) => sum + n, 0)
  if (found !== day.planted.length || report.rows !== day.bill.length)
    throw new Error(`${day.planted.length} differences planted, ${JSON.stringify(report)}`)
  process.stdout.write(`${JSON.stringify({ rows: report.rows, ...figures, found: report.found })}\n`)
} finally {
  await cluster.stop()
  rmSync(directory, { recursive: true, force: true })
}
