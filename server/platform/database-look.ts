import type { Db } from './db.ts'

/** What the database says of itself and of us. */
export interface DatabaseLook {
  /** 180004 is 18.4. */
  readonly version: number
  readonly role: string
  readonly superuser: boolean
  /** Tables of brands whose rows may only be added, that this role may change all the same. */
  readonly changeable: readonly string[]
  readonly settings: Readonly<Record<string, string>>
  readonly connectionsUsed: number
  readonly connectionsMost: number
  /** Its clock, in milliseconds since 1970. */
  readonly nowMs: number
  readonly hosts: Readonly<Record<string, number>>
}

const SETTINGS = ['fsync', 'synchronous_commit', 'full_page_writes', 'data_checksums']
const APPEND_ONLY = ['transfer', 'line_event', 'audit', 'price_table', 'offer']

export async function lookAtDatabase(db: Db): Promise<DatabaseLook> {
  const [self] = await db.platform.query<{
    version: number
    role: string
    superuser: boolean
    used: number
    most: number
    now_ms: number
  }>(
    `select current_setting('server_version_num')::int as version, current_user::text as role,
       (select rolsuper from pg_roles where rolname = current_user) as superuser,
       (select count(*)::int from pg_stat_activity where backend_type = 'client backend') as used,
       current_setting('max_connections')::int as most,
       extract(epoch from clock_timestamp())::float8 * 1000 as now_ms`,
  )
  const settings = await db.platform.query<{ name: string; setting: string }>(
    'select name, setting from pg_settings where name = any($1::text[])',
    [SETTINGS],
  )
  const changeable = await db.platform.query<{ name: string }>(
    `select n.nspname || '.' || c.relname as name from pg_class c
       join pg_namespace n on n.oid = c.relnamespace join platform.brand b on b.key = n.nspname
     where c.relname = any($1::text[]) and c.relkind = 'r'
       and (has_table_privilege(c.oid, 'update') or has_table_privilege(c.oid, 'delete')) order by name`,
    [APPEND_ONLY],
  )
  const hosts = await db.platform.query<{ brand: string; hosts: number }>(
    `select b.key as brand, count(h.host)::int as hosts from platform.brand b
       left join platform.brand_host h on h.brand = b.key group by b.key`,
  )
  return {
    version: self?.version ?? 0,
    role: self?.role ?? '',
    superuser: self?.superuser ?? false,
    changeable: changeable.map(({ name }) => name),
    settings: Object.fromEntries(settings.map(({ name, setting }) => [name, setting])),
    connectionsUsed: self?.used ?? 0,
    connectionsMost: self?.most ?? 0,
    nowMs: self?.now_ms ?? 0,
    hosts: Object.fromEntries(hosts.map(({ brand, hosts: count }) => [brand, count])),
  }
}
