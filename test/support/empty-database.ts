import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { afterAll, inject } from 'vitest'
import { provision } from '../../server/platform/migrate.ts'
import { PASSWORDS, urlAs } from './global-setup.ts'

export interface EmptyDatabase {
  readonly name: string
  readonly superUrl: string
  readonly ownerUrl: string
  readonly appUrl: string
  readonly auditorUrl: string
  readonly owner: pg.Client
}

/** A database with its roles and nothing in it, dropped after the test file. */
export async function emptyDatabase(): Promise<EmptyDatabase> {
  const name = `empty_${randomUUID().replaceAll('-', '')}`
  const superUrl = inject('superUrl')
  await provision(superUrl, name, PASSWORDS)
  const url = (role: 'owner' | 'app' | 'auditor') => urlAs(superUrl, `baohao_${role}`, PASSWORDS[role], name)
  const owner = new pg.Client({ connectionString: url('owner') })
  await owner.connect()
  afterAll(async () => {
    await owner.end()
    const client = new pg.Client({ connectionString: superUrl })
    await client.connect()
    await client.query(`drop database ${name} with (force)`)
    await client.end()
  })
  return { name, superUrl, ownerUrl: url('owner'), appUrl: url('app'), auditorUrl: url('auditor'), owner }
}
