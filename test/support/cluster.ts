import { chmodSync, existsSync, mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startEmbeddedPostgres, stopEmbeddedPostgres } from '../../server/platform/embedded-postgres.ts'
import { liveProcess } from '../../server/platform/process-register.ts'

/** A PostgreSQL server of one test run's own; several runs may live side by side. */
export interface TestCluster {
  /** Superuser's connection string. */
  readonly adminUrl: string
  urlFor(role: string, password: string, database: string): string
  /** Stops the server and removes everything it left. */
  stop(): Promise<void>
}

const PREFIX = 'baohao-test-'

/** Without `fsync` commits are not forced to the disk: faster, and enough where only processes are killed. */
export async function startTestCluster(options: { readonly fsync?: boolean } = {}): Promise<TestCluster> {
  await removeAbandoned()
  const dataDir = mkdtempSync(join(tmpdir(), `${PREFIX}${process.pid}-`))
  // Root's server runs as another user, who must be able to pass through.
  chmodSync(dataDir, 0o711)
  const postgres = await startEmbeddedPostgres({
    dataDir,
    fsync: options.fsync === true,
    settings: { shared_buffers: '128MB', max_wal_size: '1GB' },
  })
  return {
    adminUrl: postgres.adminUrl,
    urlFor: postgres.urlFor,
    async stop() {
      await postgres.stop()
      remove(dataDir)
    },
  }
}

/** A run that was killed leaves its server; the next run clears it away. */
async function removeAbandoned(): Promise<void> {
  for (const name of readdirSync(tmpdir())) {
    const pid = name.startsWith(PREFIX) ? Number.parseInt(name.slice(PREFIX.length), 10) : Number.NaN
    if (Number.isNaN(pid) || liveProcess(pid)) continue
    const dataDir = join(tmpdir(), name)
    try {
      if ((await stopEmbeddedPostgres(dataDir)) === 'stopped') remove(dataDir)
    } catch {
      // Another user's, or another run clears it away at this moment; neither is a reason not to start.
    }
  }
}

/** Both may be links to places outside, where the server's user could not reach them or the path was too long. */
function remove(dataDir: string): void {
  for (const entry of ['cluster', 'socket']) {
    const path = join(dataDir, entry)
    if (!existsSync(path)) continue
    const kept = realpathSync(path)
    for (const each of [kept, `${kept}.home`]) rmSync(each, { recursive: true, force: true })
  }
  rmSync(dataDir, { recursive: true, force: true })
}
