import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'

/** Names of the database roles; the owner runs migrations, the others are granted what each migration says. */
export interface Roles {
  readonly app: string
  readonly papers: string
  readonly auditor: string
}

export const defaultRoles: Roles = { app: 'baohao_app', papers: 'baohao_papers', auditor: 'baohao_auditor' }

const DIRECTORY = join(import.meta.dirname, '../../migrations')
const LOCK_KEY = 7_201_125

function files(directory: string): string[] {
  return readdirSync(directory)
    .filter((name) => /^\d{4}_[a-z-]+\.sql$/.test(name))
    .sort()
}

/** The files of this version: of the shared schema, and of each brand. */
export function migrationFiles(): { readonly platform: string[]; readonly brand: string[] } {
  return { platform: files(join(DIRECTORY, 'platform')), brand: files(DIRECTORY) }
}

/** Puts the schemas and roles into a migration's text. */
export function fill(sql: string, brand: string, roles: Roles): string {
  return sql
    .replaceAll('{{brand}}', `"${brand}"`)
    .replaceAll('{{papers}}', `"${brand}_papers"`)
    .replaceAll('{{app}}', `"${roles.app}"`)
    .replaceAll('{{papers-role}}', `"${roles.papers}"`)
    .replaceAll('{{auditor}}', `"${roles.auditor}"`)
}

async function applied(client: pg.Client, schema: string): Promise<Set<string>> {
  const { rows } = await client.query<{ file: string }>(
    'select file from platform.migration where schema = $1',
    [schema],
  )
  return new Set(rows.map((row) => row.file))
}

async function run(client: pg.Client, schema: string, file: string, sql: string): Promise<void> {
  await client.query('begin')
  try {
    await client.query(`set local lock_timeout = '5s'`)
    // The row first: a second migrator waits here and then finds the work done.
    await client.query('insert into platform.migration (schema, file) values ($1, $2)', [schema, file])
    await client.query(sql)
    await client.query('commit')
  } catch (error) {
    await client.query('rollback')
    throw new Error(`migration ${schema}/${file} failed: ${(error as Error).message}`, { cause: error })
  }
}

/**
 * Brings `platform` and every given brand to the newest migration, each file in a transaction of its own.
 * Connects as the owner. Returns what was applied, as `schema/file`.
 */
export async function migrate(
  adminUrl: string,
  brands: readonly string[],
  roles: Roles = defaultRoles,
): Promise<string[]> {
  const client = new pg.Client({ connectionString: adminUrl })
  await client.connect()
  const done: string[] = []
  try {
    await client.query('select pg_advisory_lock($1)', [LOCK_KEY])
    await client.query('create schema if not exists platform')
    await client.query(`create table if not exists platform.migration (
      schema text not null, file text not null, applied_at timestamptz not null default now(), primary key (schema, file))`)
    const sets = [
      { schema: 'platform', directory: join(DIRECTORY, 'platform') },
      ...brands.map((brand) => ({ schema: brand, directory: DIRECTORY })),
    ]
    for (const { schema, directory } of sets) {
      const known = await applied(client, schema)
      for (const file of files(directory).filter((name) => !known.has(name))) {
        await run(client, schema, file, fill(readFileSync(join(directory, file), 'utf8'), schema, roles))
        done.push(`${schema}/${file}`)
      }
    }
    return done
  } finally {
    await client.end()
  }
}

/** Makes database, owner and roles on a fresh cluster; safe to run again. Connects as superuser. */
export async function provision(
  superUrl: string,
  database: string,
  passwords: {
    readonly owner: string
    readonly app: string
    readonly papers: string
    readonly auditor: string
  },
  roles: Roles = defaultRoles,
): Promise<void> {
  const client = new pg.Client({ connectionString: superUrl })
  await client.connect()
  try {
    await client.query('select pg_advisory_lock($1)', [LOCK_KEY])
    const named = {
      baohao_owner: passwords.owner,
      [roles.app]: passwords.app,
      [roles.papers]: passwords.papers,
      [roles.auditor]: passwords.auditor,
    }
    for (const [role, password] of Object.entries(named)) {
      const { rows } = await client.query('select 1 from pg_roles where rolname = $1', [role])
      const verb = rows.length > 0 ? 'alter' : 'create'
      await client.query(
        `${verb} role ${client.escapeIdentifier(role)} login password ${client.escapeLiteral(password)}`,
      )
    }
    const { rows } = await client.query('select 1 from pg_database where datname = $1', [database])
    const name = client.escapeIdentifier(database)
    if (rows.length === 0) await client.query(`create database ${name} owner baohao_owner`)
    // Each time: whoever made the database may have been stopped before it said who may come in.
    await client.query(`revoke all on database ${name} from public`)
    for (const role of Object.values(roles)) {
      await client.query(`grant connect on database ${name} to ${client.escapeIdentifier(role)}`)
    }
  } finally {
    await client.end()
  }
}
