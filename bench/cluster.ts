import { chmodSync, mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { brandPresets } from '../server/brand/index.ts'
import { startEmbeddedPostgres } from '../server/platform/embedded-postgres.ts'
import { migrate, provision } from '../server/platform/migrate.ts'

const PASSWORDS = { owner: 'owner', app: 'app', papers: 'papers', auditor: 'auditor' }
export const DATABASE = 'baohao'

export interface BenchCluster {
  readonly superUrl: string
  readonly appUrl: string
  readonly ownerUrl: string
  /** The settings both sides of every comparison run under, as `show` says them. */
  readonly settings: Readonly<Record<string, string>>
  stop(): Promise<void>
}

const SHOWN = [
  'server_version',
  'shared_buffers',
  'fsync',
  'synchronous_commit',
  'full_page_writes',
  'wal_compression',
  'max_wal_size',
  'checkpoint_timeout',
  'max_connections',
]

/** A cluster of the run's own with durable commits, in a temporary directory, with both brands migrated. */
export async function startBenchCluster(): Promise<BenchCluster> {
  const dataDir = mkdtempSync(join(tmpdir(), 'baohao-bench-'))
  chmodSync(dataDir, 0o711)
  const postgres = await startEmbeddedPostgres({ dataDir })
  await provision(postgres.adminUrl, DATABASE, PASSWORDS)
  const ownerUrl = postgres.urlFor('baohao_owner', PASSWORDS.owner, DATABASE)
  await migrate(
    ownerUrl,
    brandPresets.map((brand) => brand.key),
  )
  const owner = new pg.Client({ connectionString: ownerUrl })
  await owner.connect()
  for (const { key, facts } of brandPresets) {
    await owner.query('insert into platform.brand (key, facts) values ($1, $2)', [key, JSON.stringify(facts)])
  }
  const settings: Record<string, string> = {}
  for (const name of SHOWN) {
    const { rows } = await owner.query<Record<string, string>>(`show ${name}`)
    settings[name] = Object.values(rows[0] ?? {})[0] ?? ''
  }
  await owner.end()
  return {
    superUrl: postgres.adminUrl,
    appUrl: postgres.urlFor('baohao_app', PASSWORDS.app, DATABASE),
    ownerUrl,
    settings,
    async stop() {
      const cluster = realpathSync(postgres.dataDir)
      await postgres.stop()
      rmSync(cluster, { recursive: true, force: true })
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}
