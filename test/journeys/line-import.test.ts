import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { everyCheck, fsck } from '../../server/fsck.ts'
import { openBooks } from '../../server/new-brand.ts'
import { presetOf } from '../../server/policy/index.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { strictly } from '../support/strictly.ts'

// The command in a process of its own, killed where it hurts, against the same command left alone on another database.
const MAIN = join(import.meta.dirname, '../../server/main.ts')
const directory = mkdtempSync(join(tmpdir(), 'baohao-line-import-'))
const keyFile = join(directory, 'master-key')
writeFileSync(keyFile, randomBytes(32).toString('hex'), { mode: 0o600 })
afterAll(() => rmSync(directory, { recursive: true, force: true }))

const ROWS = 9_000
const file = join(directory, 'lines.csv')
const rows = Array.from({ length: ROWS }, (_, i) => {
  const number = `154${String(i).padStart(8, '0')}`
  // One in a hundred is not in the number plan.
  const written = i % 100 === 50 ? '13800138000' : number
  return `${written},8986${String(i).padStart(16, '0')},2024-01-01,2036-0${1 + (i % 9)}-15,${i % 90}.50,${i % 5},,C-${i % 4000}`
})
writeFileSync(
  file,
  `msisdn,iccid,activated_on,service_until,paid_balance,bonus_balance,lots,owner\n${rows.join('\n')}\n`,
)

async function opened(): Promise<TestDatabase> {
  const database = await testDatabase()
  await openBooks(database.db, database.clock, database.brands.get('laika'))
  return database
}

interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly said: string
}

/** `baohao line import`, perhaps with a failpoint armed. */
async function importInto(database: TestDatabase, rejects: string, failpoint?: string): Promise<Ended> {
  const args = [MAIN, 'line', 'import', file, '--brand', 'laika', '--rejects', rejects, '--json']
  const child = spawn(process.execPath, args, {
    cwd: directory,
    env: {
      ...process.env,
      ...strictly,
      BAOHAO_MODE: 'test',
      BAOHAO_DATA: directory,
      BAOHAO_MASTER_KEY_FILE: keyFile,
      DATABASE_URL: database.appUrl,
      ...(failpoint ? { FAILPOINT: failpoint } : {}),
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let said = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text
  })
  return await new Promise((resolve) =>
    child.once('close', (code, signal) => resolve({ code, signal, said })),
  )
}

/** Everything an import writes but ids and instants. */
async function written({ owner }: TestDatabase): Promise<unknown> {
  const lines = await owner.query(
    `select l.msisdn, l.iccid, s.reference, o.from_day::text, c.standing, c.service_anchor::text, c.stage_told, c.next_due_on::text,
            a.balance::text, a.paid::text, a.bonus::text, e.detail,
            (select string_agg(t.amount::text, ',' order by t.id) from laika.transfer t where t.cause = e.id) as opened
       from laika.line l join laika.ownership o on o.line = l.id left join laika.subscriber s on s.id = o.subscriber
       join laika.line_clock c on c.line = l.id join laika.line_account a on a.line = l.id join laika.line_event e on e.line = l.id
      order by l.msisdn`,
  )
  const counts = await owner.query(
    `select (select count(*) from laika.subscriber)::int as subscribers, (select count(*) from laika.transfer)::int as transfers,
            (select balance from laika.account where kind = 'opening-balance')::text as brought`,
  )
  return { lines: lines.rows, counts: counts.rows[0] }
}

const alone = await opened()
const aloneRejects = join(directory, 'alone.csv')

test('left alone it brings every good row in and ends with 1 for the bad ones', async () => {
  const { code, said } = await importInto(alone, aloneRejects)
  expect(code).toBe(1)
  expect(JSON.parse(said)).toMatchObject({
    rows: ROWS,
    opened: ROWS * 0.99,
    already: 0,
    rejected: ROWS / 100,
  })
})

test.each([
  ['with everything of a batch written but the commit', 'line-import.written:3:crash'],
  ['with a batch just committed', 'line-import.committed:2:crash'],
])('killed %s and run again it ends the same', async (_, failpoint) => {
  const database = await opened()
  const rejects = join(directory, `${failpoint.replaceAll(':', '-')}.csv`)
  expect((await importInto(database, rejects, failpoint)).signal).toBe('SIGKILL')
  const half = (await database.owner.query('select count(*)::int as n from laika.line')).rows[0].n
  expect(half).toBeGreaterThan(0)
  expect(half).toBeLessThan(ROWS * 0.99)

  const { code, said } = await importInto(database, rejects)
  expect(code).toBe(1)
  expect(JSON.parse(said)).toMatchObject({ rows: ROWS, already: half, opened: ROWS * 0.99 - half })
  expect(await written(database)).toEqual(await written(alone))
  expect(readFileSync(rejects, 'utf8')).toBe(readFileSync(aloneRejects, 'utf8'))
  const checks = everyCheck({ clock: database.clock, brands: database.brands, policyOf: presetOf })
  expect(await fsck(database.db, ['laika'], checks)).toEqual([])
})

test('a mended rejects file is imported as it is, and leaves no rejects', async () => {
  let next = ROWS
  const mended = readFileSync(aloneRejects, 'utf8')
    .trimEnd()
    .split('\n')
    .map((row) => row.replace(',13800138000,', () => `,154${String(next++).padStart(8, '0')},`))
  writeFileSync(file, `${mended.join('\n')}\n`)
  const rejects = join(directory, 'mended.rejects.csv')
  const { code, said } = await importInto(alone, rejects)
  expect(JSON.parse(said)).toMatchObject({ opened: ROWS / 100, rejected: 0, rejectsFile: null })
  expect({ code, left: existsSync(rejects) }).toEqual({ code: 0, left: false })
})
