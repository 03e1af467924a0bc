import pg from 'pg'
import type { TestProject } from 'vitest/node'
import { brandPresets } from '../../server/brand/index.ts'
import { migrate, provision } from '../../server/platform/migrate.ts'
import { startTestCluster } from './cluster.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Superuser's address of the run's own cluster; its path names the maintenance database. */
    superUrl: string
  }
}

/** The database that every test file clones: both brands migrated, nothing in them. */
export const TEMPLATE = 'baohao_template'
export const PASSWORDS = { owner: 'owner', app: 'app', papers: 'papers', auditor: 'auditor' }

/** The same server, another role and database. */
export function urlAs(superUrl: string, role: string, password: string, database: string): string {
  const host = new URL(superUrl.replace('@/', '@socket/')).searchParams.get('host')
  return `postgres://${role}:${password}@/${database}?host=${host}`
}

export async function prepareTemplate(superUrl: string): Promise<void> {
  await provision(superUrl, TEMPLATE, PASSWORDS)
  const ownerUrl = urlAs(superUrl, 'baohao_owner', PASSWORDS.owner, TEMPLATE)
  await migrate(
    ownerUrl,
    brandPresets.map((brand) => brand.key),
  )
  const owner = new pg.Client({ connectionString: ownerUrl })
  await owner.connect()
  for (const { key, facts } of brandPresets) {
    await owner.query('insert into platform.brand (key, facts) values ($1, $2)', [key, JSON.stringify(facts)])
  }
  await owner.end()
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const cluster = await startTestCluster()
  await prepareTemplate(cluster.adminUrl)
  project.provide('superUrl', cluster.adminUrl)
  return () => cluster.stop()
}
