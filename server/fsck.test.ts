import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { testDatabase } from '../test/support/database.ts'
import { everyCheck, fsck } from './fsck.ts'
import { openSystemAccounts } from './ledger/index.ts'
import type { Check } from './platform/check.ts'
import { presetOf } from './policy/index.ts'

const { db, owner, clock, brands, appUrl } = await testDatabase()
const both = ['laika', 'harbour']
const checks = everyCheck({ clock, brands, policyOf: presetOf })
const prove = (...some: Check[]) => fsck(db, ['laika'], some)

const everyAccount: Check = {
  id: 'T1',
  sentence: 'There are no accounts.',
  sql: 'select kind, currency from {{brand}}.account order by kind',
}
const holds: Check = { id: 'T2', sentence: 'One is one.', sql: 'select 1 as one where 1 <> 1' }

beforeEach(async () => {
  await owner.query('truncate laika.account, harbour.account')
})

describe('fsck', () => {
  it('finds nothing in brands that were just made, and every check of every room can be run', async () => {
    for (const brand of both) {
      await db.of(brand).tx((tx) => openSystemAccounts(tx, clock, brands.get(brand).currency))
    }
    expect(await fsck(db, both, checks)).toEqual([])
  })

  it('covers the catalogue as far as it is built', () => {
    const ids = new Set(checks.map((check) => check.id))
    const built = ['I1', 'I2', 'I3', 'I4', 'I5', 'I7', 'I8', 'I9', 'I11', 'I12', 'I13']
    expect(built.filter((id) => !ids.has(id))).toEqual([])
    const sentences = checks.map((check) => check.sentence)
    expect(new Set(sentences).size).toBe(sentences.length)
  })

  it('names brand, invariant and rows of what does not hold', async () => {
    await db.of('harbour').tx((tx) => openSystemAccounts(tx, clock, 'GBP'))
    await owner.query(`update harbour.account set balance = 5 where kind = 'bank'`)
    const violations = await fsck(db, both, checks)
    const sums = violations.find((violation) =>
      violation.sentence.startsWith('Every stored balance is the sum'),
    )
    expect(new Set(violations.map((violation) => violation.brand))).toEqual(new Set(['harbour']))
    expect(sums).toMatchObject({ id: 'I3', count: 1, rows: [{ kind: 'bank', balance: 5n, entries: 0n }] })
  })

  it('shows twenty rows and counts all', async () => {
    await db.of('laika').tx((tx) => openSystemAccounts(tx, clock, 'CNY'))
    const [row] = (await owner.query('select count(*)::int as accounts from laika.account')).rows
    expect(row.accounts).toBeGreaterThan(20)
    const [violation] = await prove(everyAccount)
    expect(violation?.count).toBe(row.accounts)
    expect(violation?.rows).toHaveLength(20)
    expect(violation?.rows[0]).toEqual({ kind: 'bad-debt', currency: 'CNY' })
    const rows = Array.from({ length: 25 }, (_, i) => ({ i }))
    const [found] = await prove({ id: 'T3', sentence: 'None.', find: async () => rows })
    expect(found).toEqual({ brand: 'laika', id: 'T3', sentence: 'None.', count: 25, rows: rows.slice(0, 20) })
  })

  it('counts a check that cannot be run as broken, and runs the others', async () => {
    const wrong: Check = { id: 'T4', sentence: 'Wrong.', sql: 'select 1 / 0 as n' }
    const thrown: Check = {
      id: 'T5',
      sentence: 'Thrown.',
      find: async () => {
        throw new Error('rows that cannot be read')
      },
    }
    const violations = await prove(wrong, holds, thrown, everyAccount)
    expect(violations.map(({ id, rows }) => ({ id, rows }))).toEqual([
      { id: 'T4', rows: [{ 'the check itself failed': 'division by zero' }] },
      { id: 'T5', rows: [{ 'the check itself failed': 'rows that cannot be read' }] },
    ])
  })

  it('writes nothing', async () => {
    const writing: Check = {
      id: 'T6',
      sentence: 'Writing.',
      find: (reader) => reader.query('delete from {{brand}}.fact returning id'),
    }
    const [violation] = await prove(writing)
    expect(JSON.stringify(violation?.rows)).toContain('read-only transaction')
  })

  it('sees a brand in one moment, whatever happens meanwhile', async () => {
    const seen: unknown[] = []
    const change: Check = {
      id: 'T7',
      sentence: 'Changing.',
      async find(reader) {
        seen.push(...(await reader.query('select count(*) from {{brand}}.account')))
        await db.of('laika').tx((tx) => openSystemAccounts(tx, clock, 'CNY'))
        return []
      },
    }
    expect(await prove(change, everyAccount)).toEqual([])
    expect(seen).toEqual([{ count: 0n }])
    expect(await prove(everyAccount)).toHaveLength(1)
  })

  it('does not take a lost database for a broken invariant', async () => {
    const cut: Check = {
      id: 'T8',
      sentence: 'Cut.',
      find: (reader) => reader.query('select pg_terminate_backend(pg_backend_pid())'),
    }
    await expect(prove(cut, holds)).rejects.toThrow()
    expect(await prove(holds)).toEqual([])
  })
})

describe('the command', () => {
  const data = mkdtempSync(join(tmpdir(), 'baohao-fsck-'))
  afterAll(() => rmSync(data, { recursive: true }))

  function command(...args: string[]): Promise<{ code: number; stdout: string }> {
    const main = join(import.meta.dirname, 'main.ts')
    const env = { ...process.env, DATABASE_URL: appUrl, BAOHAO_MODE: 'test', BAOHAO_DATA: data }
    return new Promise((resolve) => {
      execFile(process.execPath, [main, 'fsck', ...args], { env }, (error, stdout) => {
        resolve({ code: error ? Number.parseInt(String(error.code), 10) : 0, stdout })
      })
    })
  }

  it('ends with 0 when everything holds', async () => {
    const { code, stdout } = await command()
    expect(stdout).toContain('every invariant holds')
    expect(code).toBe(0)
  })

  it('ends with 1 and tells, in words or as JSON, what does not hold', async () => {
    await db.of('laika').tx((tx) => openSystemAccounts(tx, clock, 'CNY'))
    await owner.query(`update laika.account set balance = 5 where kind = 'bank'`)
    const [words, json] = [await command(), await command('--json')]
    expect([words.code, json.code]).toEqual([1, 1])
    expect(words.stdout).toContain('laika I3 does not hold: Every stored balance is the sum')
    const { violations } = JSON.parse(json.stdout)
    expect(violations).toContainEqual(
      expect.objectContaining({
        brand: 'laika',
        id: 'I3',
        rows: [expect.objectContaining({ balance: '5' })],
      }),
    )
  })
})
