import type { Db } from './db.ts'
import { migrationFiles } from './migrate.ts'

/** What the process leans on and whether it holds: names only, no address and no secret. */
export type Dependencies = Readonly<Record<'process' | 'database' | 'migrations', string>>

export interface Readiness {
  /** `ok` for each, or why not in a few words. */
  look(): Promise<{ readonly ready: boolean; readonly dependencies: Dependencies }>
  /** From now on not ready, so that whoever shares out requests sends none here. */
  stop(): void
}

const PATIENCE_MS = 2_000
const OK = 'ok'

export function createReadiness(db: Db): Readiness {
  let stopping = false
  // Migrations only go forward: once all are there they are never looked for again.
  let migrated = false

  async function lookAtDatabase(): Promise<Pick<Dependencies, 'database' | 'migrations'>> {
    try {
      const missing = await within(PATIENCE_MS, migrated ? ping(db) : missingMigrations(db))
      migrated ||= missing === 0
      return { database: OK, migrations: missing === 0 ? OK : `${missing} to be applied` }
    } catch {
      return { database: 'does not answer', migrations: migrated ? OK : 'not known' }
    }
  }

  return {
    async look() {
      const dependencies = { process: stopping ? 'stopping' : OK, ...(await lookAtDatabase()) }
      return { ready: Object.values(dependencies).every((word) => word === OK), dependencies }
    },
    stop() {
      stopping = true
    },
  }
}

async function ping(db: Db): Promise<number> {
  await db.platform.query('select 1 as ready')
  return 0
}

/** How many of this version's migrations the database lacks, over all brands. */
export async function missingMigrations(db: Db): Promise<number> {
  const { platform, brand } = migrationFiles()
  const [row] = await db.platform.query<{ missing: number }>(
    `with wanted as (
       select 'platform' as schema, file from unnest($1::text[]) file
       union all
       select b.key, file from platform.brand b, unnest($2::text[]) file
     )
     select count(*)::int as missing from wanted w
     where not exists (select from platform.migration m where m.schema = w.schema and m.file = w.file)`,
    [platform, brand],
  )
  return row?.missing ?? 0
}

/** Rejects when it takes longer; the statement itself is left to end by itself. */
async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not answered within ${ms} ms`)), ms)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}
