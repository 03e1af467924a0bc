import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  existsSync,
  globSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { afterAll, afterEach, expect, test, vi } from 'vitest'
import { LauncherScratch } from '../../test/support/launcher.ts'
import { monotonicMs } from './clock.ts'
import { findPostmaster } from './postmaster.ts'
import { liveProcess } from './process-register.ts'

// Each test starts servers, and a busy machine may take long over each.
vi.setConfig({ testTimeout: 60_000 })

const scratch = new LauncherScratch()
afterEach(() => scratch.endAll())
afterAll(() => scratch.remove())

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url })
  // A server that is killed under a connection reports it here as well as to the query.
  client.on('error', () => undefined)
  await client.connect()
  return client
}

async function ask(url: string, sql: string): Promise<unknown> {
  const client = await connect(url)
  try {
    return Object.values((await client.query(sql)).rows[0] ?? {})[0]
  } finally {
    await client.end()
  }
}

async function killed(pid: number): Promise<void> {
  process.kill(pid, 'SIGKILL')
  while (liveProcess(pid)) await sleep(5)
}

function postmasterPid(cluster: string): number {
  return findPostmaster(cluster)?.pid ?? Number.NaN
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

test('first start makes a database, later ones start it again much sooner', async () => {
  const dataDir = scratch.fresh()
  const options = { dataDir, fsync: true, settings: { shared_buffers: '512MB' } }
  const times: number[] = []
  for (let round = 0; round < 3; round += 1) {
    const began = monotonicMs()
    const postgres = await scratch.start(options)
    times.push(Math.round(monotonicMs() - began))
    expect(postgres.adopted).toBe(false)
    expect(await ask(postgres.adminUrl, "select current_setting('server_version_num')::int / 10000")).toBe(18)
    expect(await postgres.stop()).toBe('stopped')
    expect(findPostmaster(postgres.dataDir)).toBeUndefined()
  }
  console.error(`start of the database: first ${times[0]} ms, warm ${times[1]} ms, ${times[2]} ms`)
  expect(Math.min(...times.slice(1))).toBeLessThan((times[0] ?? 0) / 2)
})

test('the database is private, durable and speaks UTF-8 the same way on every machine', async () => {
  const dataDir = await scratch.made()
  const postgres = await scratch.start({ dataDir, fsync: true, settings: { work_mem: '5MB' } })
  const client = await connect(postgres.adminUrl)
  const shown = await client.query("select name, setting || coalesce(unit, '') as value from pg_settings")
  const value = Object.fromEntries(shown.rows.map((row) => [row.name, row.value]))
  const database = await client.query('select datlocprovider, datlocale, datcollate from pg_database')
  const rule = await client.query('select distinct auth_method from pg_hba_file_rules')
  await client.end()
  expect(value).toMatchObject({
    fsync: 'on',
    full_page_writes: 'on',
    synchronous_commit: 'on',
    data_checksums: 'on',
    listen_addresses: '',
    max_wal_size: '4096MB',
    checkpoint_timeout: '900s',
    deadlock_timeout: '200ms',
    wal_compression: 'pglz',
    jit: 'off',
    server_encoding: 'UTF8',
    TimeZone: 'UTC',
    work_mem: '5120kB',
  })
  expect(database.rows[0]).toEqual({ datlocprovider: 'b', datlocale: 'C.UTF-8', datcollate: 'C' })
  expect(rule.rows).toEqual([{ auth_method: 'scram-sha-256' }])
  for (const [path, mode] of [
    ['password', 0o600],
    ['server.log', 0o600],
    ['cluster', 0o700],
    ['socket', 0o700],
  ] as const) {
    expect([path, statSync(join(dataDir, path)).mode & 0o777]).toEqual([path, mode])
  }
  const refused = connect(postgres.urlFor('postgres', 'guess', 'postgres'))
  await expect(refused).rejects.toMatchObject({ code: '28P01' })
})

test('a role, password and database with any characters fit into a connection string', async () => {
  const postgres = await scratch.start({ dataDir: await scratch.made() })
  const client = await connect(postgres.adminUrl)
  await client.query(`create role "a@b/c 号" login password 'p:/?#&%20 号'`)
  await client.query('create database "保号 1"')
  await client.end()
  const url = postgres.urlFor('a@b/c 号', 'p:/?#&%20 号', '保号 1')
  expect(await ask(url, "select current_user || ' in ' || current_database()")).toBe('a@b/c 号 in 保号 1')
})

test('the log keeps no value of a refused statement', async () => {
  const dataDir = await scratch.made()
  const postgres = await scratch.start({ dataDir })
  const client = await connect(postgres.adminUrl)
  await client.query(
    "create table person (msisdn text primary key); insert into person values ('13800138000')",
  )
  await expect(client.query("insert into person values ('13800138000')")).rejects.toMatchObject({
    code: '23505',
  })
  await client.end()
  const log = readFileSync(join(dataDir, 'server.log'), 'utf8')
  expect(log).toContain('duplicate key value')
  expect(log).not.toContain('13800138000')
})

test('a running server is adopted and stops with its last user', async () => {
  const dataDir = await scratch.made()
  const first = await scratch.start({ dataDir })
  const other = await scratch.startProcess({ dataDir })
  expect(other.answer.started).toMatchObject({ adopted: true, adminUrl: first.adminUrl })
  const second = await scratch.start({ dataDir })
  expect(await first.stop()).toBe('left-running')
  expect(await first.stop()).toBe('left-running')
  expect(await other.stop()).toBe('left-running')
  expect(await ask(second.adminUrl, 'select 1')).toBe(1)
  expect(await second.stop()).toBe('stopped')
  expect(existsSync(join(second.dataDir, 'postmaster.pid'))).toBe(false)
})

test('processes that start at once make one database and get one server', async () => {
  const dataDir = scratch.fresh()
  const processes = await Promise.all([1, 2, 3].map(() => scratch.startProcess({ dataDir })))
  const here = await scratch.start({ dataDir })
  const answers = processes.map(({ answer }) => answer.started)
  expect(answers.filter((started) => started?.adopted === false)).toHaveLength(1)
  expect(new Set([here.adminUrl, ...answers.map((started) => started?.adminUrl)])).toHaveLength(1)
  expect(readFileSync(join(dataDir, 'server.log'), 'utf8').match(/starting PostgreSQL/g)).toHaveLength(1)
  for (const one of processes) expect(await one.stop()).toBe('left-running')
  expect(await here.stop()).toBe('stopped')
})

test('no acknowledged row is lost when the server is killed, and its address stays the same', async () => {
  const dataDir = await scratch.made()
  const postgres = await scratch.start({ dataDir, fsync: true })
  const setUp = await connect(postgres.adminUrl)
  await setUp.query('create table fact (id int primary key)')
  await setUp.end()
  const acknowledged: number[] = []
  const write = async (lane: number) => {
    const client = await connect(postgres.adminUrl)
    for (let id = lane; ; id += 4) {
      await client.query('insert into fact values ($1)', [id])
      acknowledged.push(id)
    }
  }
  const writers = Promise.allSettled([0, 1, 2, 3].map(write))
  while (acknowledged.length < 400) await sleep(5)
  await killed(postmasterPid(postgres.dataDir))
  const ends = await writers
  expect(ends.map((end) => end.status)).toEqual(['rejected', 'rejected', 'rejected', 'rejected'])
  const again = await scratch.start({ dataDir, fsync: true })
  expect(again).toMatchObject({ adopted: false, adminUrl: postgres.adminUrl })
  const client = await connect(again.adminUrl)
  const kept = new Set((await client.query('select id from fact')).rows.map((row) => row.id))
  await client.end()
  expect(acknowledged.filter((id) => !kept.has(id))).toEqual([])
  expect(readFileSync(join(dataDir, 'server.log'), 'utf8')).toContain('automatic recovery in progress')
})

test('the server of a killed process is adopted, and the killed one holds nobody back', async () => {
  const dataDir = await scratch.made()
  const lost = await scratch.startProcess({ dataDir })
  await lost.kill()
  const postgres = await scratch.start({ dataDir })
  expect(postgres).toMatchObject({ adopted: true, adminUrl: lost.answer.started?.adminUrl })
  expect(await ask(postgres.adminUrl, 'select 1')).toBe(1)
  expect(await postgres.stop()).toBe('stopped')
})

test('a process killed while it makes the database leaves nothing in the way', async () => {
  const dataDir = scratch.fresh()
  const half = expect(scratch.startProcess({ dataDir })).rejects.toThrow()
  const isUnderWay = () => globSync('cluster.new-*/PG_VERSION', { cwd: dataDir }).length > 0
  while (!isUnderWay()) await sleep(2)
  await scratch.killProcesses()
  await half
  expect(existsSync(join(dataDir, 'cluster'))).toBe(false)
  const postgres = await scratch.start({ dataDir })
  expect(await ask(postgres.adminUrl, 'select 1')).toBe(1)
  expect(readdirSync(dataDir).filter((name) => name.startsWith('cluster'))).toEqual(['cluster'])
})

test('a process id that went to another program since does not count as the server', async () => {
  const dataDir = await scratch.made()
  const postgres = await scratch.start({ dataDir })
  const pidFile = join(postgres.dataDir, 'postmaster.pid')
  const recorded = readFileSync(pidFile, 'utf8')
  await postgres.stop()
  const { uid, gid } = statSync(postgres.dataDir)
  const stranger = spawn('sleep', ['60'], process.getuid?.() === 0 ? { uid, gid } : {})
  await once(stranger, 'spawn')
  // What a killed server leaves, after its process id went to another program of the same user.
  const left = recorded.replace(/^\d+/, String(stranger.pid))
  writeFileSync(pidFile, left)
  writeFileSync(join(postgres.socketDir, '.s.PGSQL.5432.lock'), left)
  expect(findPostmaster(postgres.dataDir)).toBeUndefined()
  const again = await scratch.start({ dataDir })
  expect(await ask(again.adminUrl, 'select 1')).toBe(1)
  await again.stop()
  expect(liveProcess(stranger.pid ?? 0)).toBeDefined()
  stranger.kill('SIGKILL')
  await once(stranger, 'exit')
})

test('a copied directory does not lead to the server of the original', async () => {
  const dataDir = await scratch.made()
  const first = await scratch.start({ dataDir })
  const copy = scratch.fresh()
  execFileSync('cp', ['-a', dataDir, copy])
  const second = await scratch.start({ dataDir: copy })
  expect(second.adopted).toBe(false)
  expect(second.adminUrl).not.toBe(first.adminUrl)
  expect(postmasterPid(second.dataDir)).not.toBe(postmasterPid(first.dataDir))
  expect(await second.stop()).toBe('stopped')
  expect(await ask(first.adminUrl, 'select 1')).toBe(1)
})

test('a directory moved under its running server is found at its new place', async () => {
  const dataDir = await scratch.made()
  const lost = await scratch.startProcess({ dataDir })
  await lost.kill()
  const moved = scratch.fresh()
  renameSync(dataDir, moved)
  const postgres = await scratch.start({ dataDir: moved })
  expect(await ask(postgres.adminUrl, 'select 1')).toBe(1)
  expect(readFileSync(join(moved, 'server.log'), 'utf8')).toContain('database system is shut down')
})

test('TCP opens only when asked for, on the loopback address only', async () => {
  const dataDir = await scratch.made()
  const port = await freePort()
  const lost = await scratch.startProcess({ dataDir })
  const refused = scratch.start({ dataDir, port })
  await expect(refused).rejects.toMatchObject({
    failure: 'in-use',
    message: expect.stringContaining(`port ${port}`),
  })
  await lost.kill()
  const postgres = await scratch.start({ dataDir, port })
  expect(postgres).toMatchObject({ adopted: false, port })
  const url = postgres.adminUrl.replace(/@\/postgres.*/, `@127.0.0.1:${port}/postgres`)
  expect(await ask(url, "select host(inet_server_addr()) || ':' || inet_server_port()")).toBe(
    `127.0.0.1:${port}`,
  )
  expect(await ask(postgres.adminUrl, 'show listen_addresses')).toBe('127.0.0.1')
  const taken = scratch.start({ dataDir: await scratch.made(), port })
  await expect(taken).rejects.toMatchObject({
    failure: 'port-taken',
    message: expect.stringContaining('--pg-port'),
  })
})

test('a server whose socket was swept away is started again', async () => {
  const dataDir = await scratch.made()
  const lost = await scratch.startProcess({ dataDir })
  await lost.kill()
  rmSync(join(lost.answer.started?.socketDir ?? '', '.s.PGSQL.5432'))
  const postgres = await scratch.start({ dataDir })
  expect(postgres.adopted).toBe(false)
  expect(await ask(postgres.adminUrl, 'select 1')).toBe(1)
})
