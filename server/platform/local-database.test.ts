import { readFileSync, realpathSync, statSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, expect, it, vi } from 'vitest'
import { LauncherScratch } from '../../test/support/launcher.ts'
import { type DatabaseAccess, openLocalDatabase } from './local-database.ts'
import { createLog } from './log.ts'
import { migrate } from './migrate.ts'
import { findPostmaster } from './postmaster.ts'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

const scratch = new LauncherScratch()
const log = createLog('silent')
const opened: DatabaseAccess[] = []
afterAll(async () => {
  for (const database of opened) await database.stop()
  scratch.remove()
})

async function open(dataDir: string): Promise<DatabaseAccess> {
  const database = await openLocalDatabase(dataDir, log)
  opened.push(database)
  return database
}

async function ask(url: string, sql: string): Promise<unknown> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return Object.values((await client.query(sql)).rows[0] ?? {})[0]
  } finally {
    await client.end()
  }
}

it('whoever brings no database gets one, with a role for each thing to do and passwords of its own', async () => {
  const dataDir = scratch.fresh()
  const [first, second] = await Promise.all([open(dataDir), open(dataDir)])
  expect({ app: second.appUrl, owner: second.ownerUrl }).toEqual({ app: first.appUrl, owner: first.ownerUrl })

  expect(await ask(first.appUrl, `select current_user || ' ' || current_database()`)).toBe(
    'baohao_app baohao',
  )
  expect(await ask(first.ownerUrl, 'select current_user')).toBe('baohao_owner')
  await migrate(first.ownerUrl, ['aster'])
  expect(await ask(first.appUrl, 'select count(*) from aster.account')).toBe('0')
  await expect(ask(first.appUrl, 'create table aster.mine ()')).rejects.toThrow('permission denied')

  const file = join(dataDir, 'database-roles.json')
  expect(statSync(file).mode & 0o777).toBe(0o600)
  const passwords = Object.values(JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>)
  expect(new Set(passwords).size).toBe(4)
  for (const password of passwords) expect(password).toMatch(/^[A-Za-z0-9_-]{32}$/)
  await expect(ask(first.appUrl.replace(/:[^:@]+@/, ':guessed@'), 'select 1')).rejects.toThrow('password')

  await first.stop()
  expect(await ask(second.appUrl, 'select 1')).toBe(1)
  await second.stop()
  await expect(ask(second.appUrl, 'select 1')).rejects.toThrow()
  const again = await open(dataDir)
  expect(again.appUrl).toBe(first.appUrl)
  expect(await ask(again.appUrl, 'select count(*) from aster.account')).toBe('0')
})

it('a server that was killed is there again by itself, for every process that used it, with what was committed', async () => {
  const dataDir = scratch.fresh()
  const [first, second] = [await open(dataDir), await open(dataDir)]
  await migrate(first.ownerUrl, ['aster'])
  const cluster = realpathSync(join(dataDir, 'postgres/cluster'))
  const before = findPostmaster(cluster)?.pid as number
  process.kill(before, 'SIGKILL')
  const answers = () => ask(second.appUrl, 'select count(*) from aster.account').catch(() => 'away')
  await vi.waitFor(
    async () => {
      expect(findPostmaster(cluster)?.pid).not.toBe(before)
      expect(await answers()).toBe('0')
    },
    { timeout: 40_000, interval: 100 },
  )
  await first.stop()
  expect(await answers()).toBe('0')
  await second.stop()
  expect(findPostmaster(cluster)).toBeUndefined()
})
