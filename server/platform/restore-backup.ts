import { existsSync, mkdirSync, readdirSync, realpathSync, renameSync, rmSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { BackupError, type BackupManifest, readBackup } from './base-backup.ts'
import { give, type ServerUser, serverUserFor } from './embedded-postgres-host.ts'
import { makeHome, newClusterDir } from './embedded-postgres-places.ts'

const RESTORING = 'restoring-'
const CLUSTER = 'postgres/cluster/'
const PASSWORD = 'postgres/password'

export interface RestoreOptions {
  /** Where root keeps what the server's user cannot reach in place. */
  readonly reachableDir?: string
  readonly log?: (line: string) => void
}

/**
 * Unpacks a backup into `dataDir`, which must be empty or not be there, and proves every file by the manifest. The cluster stands
 * under its name only when it is whole; a failed restore leaves the directory as it was. PostgreSQL makes the files one when it
 * is started there next.
 */
export async function restoreBackup(
  file: string,
  dataDir: string,
  options: RestoreOptions = {},
): Promise<BackupManifest> {
  const target = resolve(dataDir)
  if (existsSync(target) && readdirSync(target).length > 0) {
    throw new BackupError(
      `${target} is not empty. A backup is restored into an empty directory only; name another one.`,
    )
  }
  const existed = existsSync(target)
  makeHome(target)
  const home = join(realpathSync(target), 'postgres')
  makeHome(home)
  const user = serverUserFor(join(home, 'cluster'))
  const entry = newClusterDir(home, RESTORING, user, options.reachableDir, options.log)
  const cluster = realpathSync(entry)
  try {
    const manifest = await readBackup(file, async ({ path, mode }, content) => {
      const to = placeOf(path, home, cluster)
      if (path.endsWith('/')) makeDirs(to, cluster, user)
      else await unpack(to, mode, content, path === PASSWORD ? undefined : user, cluster)
    })
    renameSync(entry, join(home, 'cluster'))
    return manifest
  } catch (error) {
    rmSync(cluster, { recursive: true, force: true })
    rmSync(existed ? home : target, { recursive: true, force: true })
    throw error
  }
}

/** An archive may name no place but those of a backup: it could have been made by somebody else. */
function placeOf(path: string, home: string, cluster: string): string {
  if (path === PASSWORD) return join(home, 'password')
  const below = path.startsWith(CLUSTER) ? path.slice(CLUSTER.length) : ''
  const plain = below !== '' && below.split('/').every((part) => part !== '..' && part !== '.')
  if (!plain) throw new BackupError(`${path} does not belong into a backup.`)
  return join(cluster, below)
}

async function unpack(
  to: string,
  mode: number,
  content: AsyncIterable<Buffer>,
  user: ServerUser | undefined,
  cluster: string,
): Promise<void> {
  if (to.startsWith(cluster)) makeDirs(dirname(to), cluster, user)
  const file = await open(to, 'wx', mode & 0o700)
  try {
    for await (const piece of content) await file.writeFile(piece)
    await file.datasync()
  } finally {
    await file.close()
  }
  give(to, user)
}

/** PostgreSQL refuses a cluster that others may look into, and one that is not its user's. */
function makeDirs(directory: string, cluster: string, user: ServerUser | undefined): void {
  if (directory === cluster || existsSync(directory)) return
  makeDirs(dirname(directory), cluster, user)
  mkdirSync(directory, { mode: 0o700 })
  give(directory, user)
}
