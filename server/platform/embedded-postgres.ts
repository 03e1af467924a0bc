import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import {
  existsSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { monotonicMs } from './clock.ts'
import {
  type Binaries,
  binariesFor,
  EmbeddedPostgresError,
  explainOutput,
  give,
  requireOwnedCluster,
  requirePasswdEntry,
  requireWritable,
  SERVER_ENV,
  type ServerUser,
  serverUserFor,
  wrongMajorVersion,
} from './embedded-postgres-host.ts'
import {
  canReach,
  findCluster,
  makeHome,
  newClusterDir,
  reachableDir,
  socketDirFor,
} from './embedded-postgres-places.ts'
import { findPostmaster, launch, type Postmaster, shutDown, socketPath } from './postmaster.ts'
import { enter, exclusively, present } from './process-register.ts'

/**
 * The PostgreSQL server that comes with the program, for whoever brings none of their own.
 *
 * `dataDir` holds everything that belongs to it:
 *
 *   cluster     PostgreSQL's own data directory, or a symbolic link to it where the server's user could not reach it
 *   socket      mode 0700 with the Unix socket, or a symbolic link where its path would be too long
 *   password    of the superuser, mode 0600
 *   server.log
 *   starting/   register of the processes that start or stop the server at this moment: at most one
 *   attached/   register of the processes that use it
 *
 * What runs is read from `postmaster.pid` each time, never remembered. Therefore a process that was killed
 * leaves a server that the next start adopts, and a server that was killed is recovered by the next start
 * under the same connection string.
 */
export interface EmbeddedPostgres {
  readonly socketDir: string
  /** Names the socket, and is the TCP port when one was asked for. */
  readonly port: number
  /** Connection string of the superuser over the Unix socket, for node-postgres. */
  readonly adminUrl: string
  /** PostgreSQL's data directory, symbolic links resolved. */
  readonly dataDir: string
  /** Whether the server ran already. */
  readonly adopted: boolean
  urlFor(role: string, password: string, database: string): string
  /** Ends our use; the server stops with its last user. Call it after the last connection was closed. */
  stop(): Promise<'stopped' | 'left-running'>
}

export interface EmbeddedPostgresOptions {
  readonly dataDir: string
  /** Opens TCP on 127.0.0.1; without it there is only the Unix socket. */
  readonly port?: number
  /** Settings of postgresql.conf, over our own. */
  readonly settings?: Readonly<Record<string, string>>
  /** False only for tests: a crash of the machine then destroys the data, a crash of the server does not. */
  readonly fsync?: boolean
  /** Where root keeps what the server's user cannot reach in place; by default /var/lib/baohao. */
  readonly reachableDir?: string
  readonly log?: (line: string) => void
}

const SUPERUSER = 'postgres'
const HALF_MADE = 'cluster.new-'
const DEFAULT_PORT = 5432
/** Recovery replays at most `max_wal_size`, which takes minutes on a slow disk. */
const START_PATIENCE_MS = 600_000
/** How long the processes of a killed server may take to notice its death. */
const DYING_PATIENCE_MS = 30_000
const LOOK_AGAIN_MS = 20

const SETTINGS: Readonly<Record<string, string>> = {
  max_connections: '100',
  shared_buffers: '512MB',
  max_wal_size: '4GB',
  checkpoint_timeout: '15min',
  deadlock_timeout: '200ms',
  // The binaries are built without lz4 and zstd.
  wal_compression: 'pglz',
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
  // Statements and key values hold phone numbers and names; the log must not.
  log_error_verbosity: 'terse',
  log_min_error_statement: 'panic',
}

/** Starts the server of `dataDir`, or adopts it when it runs. Throws EmbeddedPostgresError when neither can be. */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const directory = resolve(options.dataDir)
  requireWritable(directory)
  try {
    makeHome(directory)
    const home = realpathSync(directory)
    const starting = join(home, 'starting')
    return await exclusively(starting, START_PATIENCE_MS, async () =>
      attach(home, await start(home, options)),
    )
  } catch (error) {
    // A full disk may be met first by us or by PostgreSQL; the sentence is the same.
    throw error instanceof Error && 'syscall' in error ? explainOutput(error.message, directory) : error
  }
}

/** Stops the server of `dataDir` unless a living process uses it; one that does not run counts as stopped. */
export async function stopEmbeddedPostgres(dataDir: string): Promise<'stopped' | 'left-running'> {
  if (!existsSync(dataDir)) return 'stopped'
  const home = realpathSync(dataDir)
  const cluster = findCluster(home)
  if (!cluster) return 'stopped'
  return exclusively(join(home, 'starting'), START_PATIENCE_MS, async () => {
    if (present(join(home, 'attached')).length > 0) return 'left-running'
    const postmaster = findPostmaster(cluster)
    if (postmaster) await shutDown(postmaster)
    return 'stopped'
  })
}

interface Started {
  readonly cluster: string
  readonly password: string
  readonly postmaster: Postmaster
  readonly adopted: boolean
}

function attach(home: string, { cluster, password, postmaster, adopted }: Started): EmbeddedPostgres {
  const { socketDir, port } = postmaster
  const urlFor = (role: string, secret: string, database: string) => {
    const [user, pass, name, host] = [role, secret, database, socketDir].map(encodeURIComponent)
    return `postgres://${user}:${pass}@/${name}?host=${host}&port=${port}`
  }
  const ticket = enter(join(home, 'attached'))
  let stopped: ReturnType<typeof stopEmbeddedPostgres> | undefined
  const stop = () => {
    ticket.withdraw()
    stopped ??= stopEmbeddedPostgres(home)
    return stopped
  }
  const adminUrl = urlFor(SUPERUSER, password, 'postgres')
  return { socketDir, port, adminUrl, dataDir: cluster, adopted, urlFor, stop }
}

async function start(home: string, options: EmbeddedPostgresOptions): Promise<Started> {
  const log = options.log ?? (() => undefined)
  const user = serverUserFor(join(home, 'cluster'))
  let prepared: Binaries | undefined
  // An adopted server needs no binaries of ours, and looking for them takes as long as adopting it.
  const binaries = () => {
    prepared ??= binariesFor(user, () => (user ? reachableDir(options.reachableDir) : home), log)
    return prepared
  }
  const cluster = findCluster(home) ?? (await makeCluster(home, binaries(), user, options))
  requireOwnedCluster(cluster, user)
  const password = readPassword(home)
  const began = monotonicMs()
  for (;;) {
    const found = findPostmaster(cluster)
    if (found?.status === 'ready') {
      if (isUsable(found, options.port)) return { cluster, password, postmaster: found, adopted: true }
      refuseWhileAttached(home, found, options.port)
      await shutDown(found)
    } else if (!found) {
      const launched = await launchOn(cluster, home, binaries(), user, options)
      if (launched) return { cluster, password, postmaster: launched, adopted: false }
    }
    const patienceMs = found ? START_PATIENCE_MS : DYING_PATIENCE_MS
    if (monotonicMs() - began > patienceMs) throw stillHeld(cluster, found)
    await sleep(LOOK_AGAIN_MS)
  }
}

/** A server whose socket a cleaner of /tmp removed, or that lacks the port asked for, is of no use as it is. */
function isUsable(postmaster: Postmaster, port: number | undefined): boolean {
  if (!existsSync(socketPath(postmaster.socketDir, postmaster.port))) return false
  return port === undefined || (postmaster.listensOnTcp && postmaster.port === port)
}

function refuseWhileAttached(home: string, postmaster: Postmaster, port: number | undefined): void {
  const [user] = present(join(home, 'attached'))
  if (user === undefined) return
  const lack = port === undefined ? 'has lost its socket' : `does not listen on port ${port}`
  throw new EmbeddedPostgresError(
    'in-use',
    `The database of ${home} runs (process ${postmaster.pid}), but ${lack}, and process ${user} uses it. Stop process ${user}, then start again.`,
  )
}

function stillHeld(cluster: string, postmaster: Postmaster | undefined): EmbeddedPostgresError {
  const holder = postmaster
    ? `its server (process ${postmaster.pid}) is still ${postmaster.status}`
    : 'processes of an earlier server still hold it'
  return new EmbeddedPostgresError(
    'in-use',
    `The database in ${cluster} cannot be started: ${holder}. Look for them with "ps -ef | grep postgres", end them, then start again.`,
  )
}

async function launchOn(
  cluster: string,
  home: string,
  binaries: Binaries,
  user: ServerUser | undefined,
  options: EmbeddedPostgresOptions,
): Promise<Postmaster | undefined> {
  const madeBy = readFileSync(join(cluster, 'PG_VERSION'), 'utf8').trim()
  if (madeBy !== binaries.major) throw wrongMajorVersion(cluster, madeBy, binaries.major)
  if (!canReach(user, cluster)) {
    throw new EmbeddedPostgresError(
      'other-user',
      `The database in ${cluster} belongs to user id ${user?.uid}, who cannot enter that directory any more. Give all directories above it mode o+x (chmod), or move it back to where it was.`,
    )
  }
  const socketDir = socketDirFor(home, user, options.reachableDir)
  const unsafe = options.fsync === false ? { fsync: 'off', full_page_writes: 'off' } : {}
  return launch({
    postgres: binaries.postgres,
    user,
    cluster,
    socketDir,
    port: options.port ?? DEFAULT_PORT,
    tcp: options.port !== undefined,
    logFile: join(home, 'server.log'),
    settings: { ...SETTINGS, ...unsafe, ...options.settings },
    log: options.log ?? (() => undefined),
  })
}

/**
 * A cluster appears under its name only when it is whole: killed on the way, the next start begins anew. Each
 * attempt has a directory of its own, because the initdb of a killed process may still be at work in the last one.
 */
async function makeCluster(
  home: string,
  binaries: Binaries,
  user: ServerUser | undefined,
  options: EmbeddedPostgresOptions,
): Promise<string> {
  if (!user) requirePasswdEntry()
  await removeHalfMade(home)
  const password = randomBytes(24).toString('base64url')
  writeFileSync(join(home, 'password'), password, { mode: 0o600 })
  const entry = newClusterDir(home, HALF_MADE, user, options.reachableDir, options.log)
  await initialise(realpathSync(entry), password, binaries, user, options.fsync !== false)
  renameSync(entry, join(home, 'cluster'))
  return realpathSync(join(home, 'cluster'))
}

/** An initdb still at work there makes files while we remove them, soon fails for want of others, and ends. */
async function removeHalfMade(home: string): Promise<void> {
  const halfMade = () => readdirSync(home).filter((name) => name.startsWith(HALF_MADE))
  const deadline = monotonicMs() + DYING_PATIENCE_MS
  for (let names = halfMade(); names.length > 0 && monotonicMs() < deadline; names = halfMade()) {
    for (const entry of names.map((name) => join(home, name))) {
      const elsewhere = existsSync(entry) ? realpathSync(entry) : entry
      removeTree(elsewhere)
      if (!existsSync(elsewhere)) removeTree(entry)
    }
    if (halfMade().length > 0) await sleep(LOOK_AGAIN_MS)
  }
}

function removeTree(path: string): void {
  try {
    rmSync(path, { recursive: true, force: true })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOTEMPTY') throw error
  }
}

async function initialise(
  cluster: string,
  password: string,
  binaries: Binaries,
  user: ServerUser | undefined,
  durable: boolean,
): Promise<void> {
  const passwordFile = `${cluster}.password`
  rmSync(passwordFile, { force: true })
  writeFileSync(passwordFile, password, { mode: 0o600, flag: 'wx' })
  give(passwordFile, user)
  const identity = [`--username=${SUPERUSER}`, '--auth=scram-sha-256', `--pwfile=${passwordFile}`]
  const locale = ['--encoding=UTF8', '--no-locale', '--locale-provider=builtin', '--builtin-locale=C.UTF-8']
  const rest = ['--data-checksums', '--no-instructions', ...(durable ? [] : ['--no-sync'])]
  try {
    const args = ['-D', cluster, ...identity, ...locale, ...rest]
    await promisify(execFile)(binaries.initdb, args, { ...user, cwd: '/', env: SERVER_ENV })
  } catch (error) {
    const { stdout, stderr } = error as { stdout?: string; stderr?: string }
    rmSync(cluster, { recursive: true, force: true })
    throw explainOutput(`${stdout ?? ''}${stderr || (error as Error).message}`, cluster)
  } finally {
    rmSync(passwordFile, { force: true })
  }
}

function readPassword(home: string): string {
  try {
    return readFileSync(join(home, 'password'), 'utf8')
  } catch {
    throw new EmbeddedPostgresError(
      'data-missing',
      `The database's password file ${join(home, 'password')} cannot be read. Restore it with the rest of ${home}, or set BAOHAO_DATA to another directory.`,
    )
  }
}
