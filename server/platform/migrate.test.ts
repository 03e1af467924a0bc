import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { beforeAll, describe, expect, it } from 'vitest'
import { emptyDatabase } from '../../test/support/empty-database.ts'
import { PASSWORDS } from '../../test/support/global-setup.ts'
import { defaultRoles, fill, migrate, provision } from './migrate.ts'

const DIRECTORY = join(import.meta.dirname, '../../migrations')
const sqlFiles = (directory: string) =>
  readdirSync(directory)
    .filter((name) => name.endsWith('.sql'))
    .sort()
const brandFiles = sqlFiles(DIRECTORY)
const platformFiles = sqlFiles(join(DIRECTORY, 'platform'))

const { owner, ownerUrl, appUrl, auditorUrl, superUrl, name } = await emptyDatabase()

async function as<T>(url: string, run: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return await run(client)
  } finally {
    await client.end()
  }
}

const exists = async (relation: string) =>
  (await owner.query('select to_regclass($1) is not null as found', [relation])).rows[0].found as boolean

const applied = async (schema: string) =>
  (
    await owner.query('select file from platform.migration where schema = $1 order by file', [schema])
  ).rows.map((row) => row.file)

beforeAll(async () => {
  const done = await migrate(ownerUrl, ['aster'])
  expect(done).toEqual([
    ...platformFiles.map((file) => `platform/${file}`),
    ...brandFiles.map((file) => `aster/${file}`),
  ])
})

describe('migrating', () => {
  it('twice is nothing the second time', async () => {
    expect(await migrate(ownerUrl, ['aster'])).toEqual([])
    expect(await applied('aster')).toEqual(brandFiles)
  })

  it('brings a brand that comes later to the same place', async () => {
    expect(await migrate(ownerUrl, ['aster', 'borage'])).toEqual(brandFiles.map((file) => `borage/${file}`))
  })

  it('by several at once does each file once', async () => {
    const done = await Promise.all([1, 2, 3].map(() => migrate(ownerUrl, ['clover', 'dill'])))
    expect(done.flat().sort()).toEqual(
      ['clover', 'dill'].flatMap((brand) => brandFiles.map((file) => `${brand}/${file}`)).sort(),
    )
  })

  it('that fails leaves nothing of its file, keeps what was before, and goes on from there', async () => {
    await owner.query('create schema elder create table lot (taken integer)')
    await expect(migrate(ownerUrl, ['elder'])).rejects.toThrow(
      'migration elder/0002_ledger.sql failed: relation "lot" already exists',
    )
    expect(await applied('elder')).toEqual(['0001_house.sql'])
    expect([await exists('elder.fact'), await exists('elder.account')]).toEqual([true, false])
    await owner.query('drop table elder.lot')
    expect(await migrate(ownerUrl, ['elder'])).toEqual(brandFiles.slice(1).map((file) => `elder/${file}`))
  })

  it('gives up rather than wait behind somebody who holds a lock', async () => {
    await as(ownerUrl, async (holder) => {
      await holder.query('begin')
      await holder.query('lock table platform.migration in share mode')
      await expect(migrate(ownerUrl, ['fennel'])).rejects.toThrow(
        'migration fennel/0001_house.sql failed: canceling statement due to lock timeout',
      )
      await holder.query('rollback')
    })
    expect(await applied('fennel')).toEqual([])
  })
})

describe('a migration', () => {
  const texts = [
    ...platformFiles.map((file) => [`platform/${file}`, join(DIRECTORY, 'platform', file)]),
    ...brandFiles.map((file) => [file, join(DIRECTORY, file)]),
  ].map(([file, path]) => [file as string, readFileSync(path as string, 'utf8')] as const)

  it.each(texts)('%s says whose it is, leaves no placeholder and fixes no time of its own', (_, text) => {
    expect(text).toMatch(/^-- owner: [a-z-]+\n/)
    expect(fill(text, 'aster', defaultRoles)).not.toContain('{{')
    expect(text).not.toMatch(
      /\b(laika|harbour|baohao_app|search_path|serial|nextval|generated .* as identity)\b/i,
    )
  })

  it('is found: none has a name that would be passed over', () => {
    for (const file of [...brandFiles, ...platformFiles]) expect(file).toMatch(/^\d{4}_[a-z-]+\.sql$/)
    const numbers = brandFiles.map((file) => Number.parseInt(file, 10))
    expect(numbers).toEqual(numbers.map((_, i) => i + 1))
  })

  it('is filled with schemas and roles, quoted', () => {
    const sql = 'create table {{brand}}.t; grant all on {{papers}}.t to {{app}}, {{papers-role}}, {{auditor}}'
    expect(fill(sql, 'aster', defaultRoles)).toBe(
      'create table "aster".t; grant all on "aster_papers".t to "baohao_app", "baohao_papers", "baohao_auditor"',
    )
  })
})

describe('the schema of a brand', () => {
  const rows = async (sql: string) => (await owner.query(sql)).rows

  it('has no sequence and points to nothing outside itself', async () => {
    expect(
      await rows(`select relname from pg_class where relkind = 'S' and relnamespace = 'aster'::regnamespace`),
    ).toEqual([])
    const outside = `select conname from pg_constraint c join pg_class r on r.oid = c.confrelid
                      where c.connamespace = 'aster'::regnamespace and r.relnamespace <> c.connamespace`
    expect(await rows(outside)).toEqual([])
  })

  it('is the owner’s, and what is only ever added to cannot be changed by the product', async () => {
    const owners = `select distinct relowner::regrole::text as owner from pg_class
                     where relnamespace = 'aster'::regnamespace and relkind in ('r', 'v')`
    expect(await rows(owners)).toEqual([{ owner: 'baohao_owner' }])
    for (const table of ['transfer', 'audit', 'line_event']) {
      const [may] = await rows(
        `select has_table_privilege('baohao_app', 'aster.${table}', 'insert') as insert,
                has_table_privilege('baohao_app', 'aster.${table}', 'update, delete, truncate') as change`,
      )
      expect({ table, ...may }).toEqual({ table, insert: true, change: false })
    }
  })

  it('cannot be built on by the product, nor written by an auditor', async () => {
    await as(appUrl, async (app) => {
      await expect(app.query('create table aster.mine ()')).rejects.toMatchObject({ code: '42501' })
      await expect(app.query('create schema mine')).rejects.toMatchObject({ code: '42501' })
      await expect(
        app.query('alter table aster.account drop constraint account_floor'),
      ).rejects.toMatchObject({
        code: '42501',
      })
    })
    const writable = `select table_name from information_schema.role_table_grants
                       where grantee = 'baohao_auditor' and privilege_type <> 'SELECT'`
    expect(await rows(writable)).toEqual([])
    await as(auditorUrl, async (auditor) => {
      expect((await auditor.query('select count(*) from aster.transfer')).rows).toEqual([{ count: '0' }])
    })
  })
})

describe('provisioning', () => {
  it('again changes nothing, and mends what an interrupted one left', async () => {
    await owner.query(`revoke all on database ${name} from baohao_app`)
    await expect(as(appUrl, async () => {})).rejects.toThrow('permission denied for database')
    await Promise.all([1, 2].map(() => provision(superUrl, name, PASSWORDS)))
    await as(appUrl, async (app) => {
      expect((await app.query('select count(*) from aster.account')).rows).toEqual([{ count: '0' }])
    })
  })

  it('keeps everybody else out', async () => {
    const [row] = (
      await owner.query(
        `select count(*)::int as anybody from pg_database, aclexplode(datacl) a where datname = $1 and a.grantee = 0`,
        [name],
      )
    ).rows
    expect(row).toEqual({ anybody: 0 })
  })
})
