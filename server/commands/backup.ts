import { existsSync, realpathSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { BackupError, type BackupManifest, takeBackup } from '../platform/base-backup.ts'
import { createClock, isoInstant, monotonicMs } from '../platform/clock.ts'
import type { Config } from '../platform/config.ts'
import { startEmbeddedPostgres } from '../platform/embedded-postgres.ts'
import { createLog } from '../platform/log.ts'
import { ownVersion } from '../platform/process-figures.ts'
import { restoreBackup } from '../platform/restore-backup.ts'
import type { Say } from '../serve.ts'
import { fsckCommand } from './fsck.ts'

const OWN_SERVER =
  'DATABASE_URL names a server of your own: back it up with its own tools (pg_basebackup, pgBackRest, your provider’s).'

/** `baohao backup FILE|DIR`: the embedded database, while it runs or not. */
export async function backupCommand(config: Config, target: string, say: Say): Promise<void> {
  if (config.databaseUrl) throw new BackupError(OWN_SERVER)
  const home = join(config.dataDir, 'postgres')
  if (!existsSync(join(home, 'cluster')))
    throw new BackupError(`There is no embedded database in ${config.dataDir}.`)
  const takenAt = isoInstant(createClock().instant())
  const to = resolve(target)
  const name = `baohao-${takenAt.replaceAll(/[-:]|\.\d+/g, '')}.tar.gz`
  const file = existsSync(to) && statSync(to).isDirectory() ? join(to, name) : to
  const startedAt = monotonicMs()
  const log = createLog(config.logLevel)
  const postgres = await startEmbeddedPostgres({ dataDir: home, log: (line) => log.info(line) })
  try {
    const { adminUrl, dataDir: cluster } = postgres
    const passwordFile = join(realpathSync(home), 'password')
    const manifest = await takeBackup(
      { adminUrl, cluster, passwordFile, program: ownVersion(), takenAt },
      file,
    )
    say(
      `${file}: ${describe(manifest)}, compressed to ${megabytes(statSync(file).size)}, read back and whole.`,
    )
    say(`It took ${seconds(startedAt)}.`)
    say(
      'The master key is not in it. Keep a copy of that apart: without it merchants’ keys cannot be used again.',
    )
  } finally {
    await postgres.stop()
  }
}

/** `baohao restore FILE --to DIR`: true when every invariant holds in what was restored. */
export async function restoreCommand(config: Config, file: string, to: string, say: Say): Promise<boolean> {
  const startedAt = monotonicMs()
  const log = createLog(config.logLevel)
  const manifest = await restoreBackup(resolve(file), to, { log: (line) => log.info(line) })
  say(`${resolve(to)}: ${describe(manifest)}, taken at ${manifest.takenAt} by version ${manifest.program}.`)
  const restored = { ...config, dataDir: resolve(to), databaseUrl: undefined, databaseAdminUrl: undefined }
  const holds = await fsckCommand(restored, false, say)
  say(
    `It took ${seconds(startedAt)}. Start it with BAOHAO_DATA=${resolve(to)} and the master key of the original.`,
  )
  return holds
}

function describe({ files, postgres }: BackupManifest): string {
  const bytes = Object.values(files).reduce((sum, { size }) => sum + size, 0)
  return `${Object.keys(files).length} files of PostgreSQL ${postgres}, ${megabytes(bytes)}`
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toLocaleString('en', { maximumFractionDigits: 1 })} MB`
}

function seconds(sinceMs: number): string {
  return `${((monotonicMs() - sinceMs) / 1000).toLocaleString('en', { maximumFractionDigits: 1 })} s`
}
