import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { cannotSwitch, EmbeddedPostgresError, give, type ServerUser } from './embedded-postgres-host.ts'
import { socketPath } from './postmaster.ts'

/**
 * Where the parts of the embedded database are. They belong into its directory, the home; a part that cannot be
 * there, because the server's user does not reach it or its path is too long, is kept in a place outside and leaves
 * a symbolic link at home.
 */

/** A Unix socket's path has room for 107 bytes on Linux, 103 on macOS. */
const SOCKET_PATH_BYTES = 103

/** Root's server runs as another user, who must be able to pass through what we make, not to look around. */
export function makeHome(directory: string): void {
  const topmost = mkdirSync(directory, { recursive: true })
  // Not by the mode given to mkdir, from which root's umask may take what the other user needs.
  for (let made = directory; topmost && made.startsWith(topmost); made = dirname(made)) {
    chmodSync(made, process.getuid?.() === 0 ? 0o711 : 0o700)
  }
}

/** Whether the server's user can enter a directory; ourselves we can, for we made it. */
export function canReach(user: ServerUser | undefined, directory: string): boolean {
  if (!user) return true
  const { status, error } = spawnSync('/bin/sh', ['-c', 'cd -- "$0"', directory], { ...user, cwd: '/' })
  if (error) throw cannotSwitch(user, error)
  return status === 0
}

/**
 * A directory of root's that every user can enter, for what the server's user cannot reach in its place.
 * Never below a directory that others may write to: they could put a server of their own there.
 */
export function reachableDir(chosen?: string): string {
  const parents = ['/var/lib', '/opt', '/usr/local']
  const directory = chosen ?? join(parents.find((parent) => existsSync(parent)) ?? '/', 'baohao')
  // Not by the mode given to mkdir, from which root's umask may take what others need.
  if (mkdirSync(directory, { recursive: true })) chmodSync(directory, 0o755)
  return directory
}

/** A new directory of mode 0700 with an unguessable name, owned by the server's user. */
export function privateDir(parent: string, prefix: string, user: ServerUser | undefined): string {
  const directory = mkdtempSync(join(parent, prefix))
  give(directory, user)
  return directory
}

/**
 * An empty directory at home for a cluster in the making, or a link there to one that the server's user can reach. It becomes the
 * cluster by being renamed to `cluster`.
 */
export function newClusterDir(
  home: string,
  prefix: string,
  user: ServerUser | undefined,
  reachable: string | undefined,
  log: (line: string) => void = () => undefined,
): string {
  const entry = privateDir(home, prefix, user)
  if (canReach(user, entry)) return entry
  const elsewhere = privateDir(reachableDir(reachable), 'cluster-', user)
  log(`the database is kept in ${elsewhere}: user id ${user?.uid}, as whom it runs, cannot reach ${home}`)
  rmSync(entry, { recursive: true })
  symlinkSync(elsewhere, entry)
  writeFileSync(`${elsewhere}.home`, home, { mode: 0o600 })
  return entry
}

/** PostgreSQL's data directory, or undefined when there is none yet. */
export function findCluster(home: string): string | undefined {
  const entry = join(home, 'cluster')
  const found = lstatSync(entry, { throwIfNoEntry: false })
  if (found && !existsSync(entry)) {
    throw new EmbeddedPostgresError(
      'data-missing',
      `The database is kept in another place, which is gone or cannot be read: ${entry} points there. Bring it back, or set BAOHAO_DATA to another directory for an empty one.`,
    )
  }
  if (!found) return undefined
  const cluster = realpathSync(entry)
  if (found.isSymbolicLink()) requireOnlyHome(home, cluster)
  return cluster
}

/** A copy of `home` brings a link to the same cluster, and would change the data of the original. */
function requireOnlyHome(home: string, cluster: string): void {
  const record = `${cluster}.home`
  const owner = existsSync(record) ? readFileSync(record, 'utf8') : home
  if (owner === home) return
  if (existsSync(join(owner, 'cluster')) && realpathSync(join(owner, 'cluster')) === cluster) {
    throw new EmbeddedPostgresError(
      'in-use',
      `${home} is a copy of ${owner}, whose database is kept in ${cluster} and was not copied with it. Remove ${home} to begin with an empty database there, or restore a backup into it.`,
    )
  }
  writeFileSync(record, home)
}

/** Stays the same over restarts, so that connection strings stay valid. */
export function socketDirFor(
  home: string,
  user: ServerUser | undefined,
  reachable: string | undefined,
): string {
  const entry = join(home, 'socket')
  // The name carries the home, because a copied home brings a link to the socket of the original.
  const prefix = `baohao-${createHash('sha256').update(home).digest('hex').slice(0, 16)}-`
  const existing = existsSync(entry) ? realpathSync(entry) : undefined
  const isOurs = existing === entry || (existing && basename(existing).startsWith(prefix))
  if (existing && isOurs && isSocketDir(existing, user)) return existing
  rmSync(entry, { recursive: true, force: true })
  mkdirSync(entry, { mode: 0o700 })
  give(entry, user)
  if (isSocketDir(entry, user)) return entry
  rmSync(entry, { recursive: true })
  const parent = user ? reachableDir(reachable) : tmpdir().length < SOCKET_PATH_BYTES / 2 ? tmpdir() : '/tmp'
  const elsewhere = privateDir(parent, prefix, user)
  symlinkSync(elsewhere, entry)
  return elsewhere
}

/** Whoever could write to the directory, or put one of theirs in its place, could pose as the server. */
function isSocketDir(directory: string, user: ServerUser | undefined): boolean {
  const { uid, mode } = lstatSync(directory)
  const isPrivate = uid === (user?.uid ?? process.getuid?.()) && (mode & 0o777) === 0o700
  const isShort = Buffer.byteLength(socketPath(directory, 65535)) <= SOCKET_PATH_BYTES
  return isPrivate && isShort && canReach(user, directory)
}
