import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { testDatabase } from '../../test/support/database.ts'
import { schemaSnapshot } from '../../test/support/schema-snapshot.ts'

const FILE = join(import.meta.dirname, '../../migrations/schema.snapshot.txt')
const { owner } = await testDatabase()

it('the schema is the one in migrations/schema.snapshot.txt', async () => {
  const snapshot = await schemaSnapshot(owner, 'laika')
  if (process.env.UPDATE_SNAPSHOT === '1') writeFileSync(FILE, snapshot)
  expect(snapshot).toBe(readFileSync(FILE, 'utf8'))
})

it('every brand has the same', async () => {
  expect(await schemaSnapshot(owner, 'harbour')).toBe(await schemaSnapshot(owner, 'laika'))
})

it.each([
  'alter table laika.account alter column currency type varchar(3)',
  'alter table laika.account alter column subject drop default',
  'alter table laika.account alter column kind drop not null',
  'alter table laika.account drop constraint account_floor',
  'alter table laika.account set (fillfactor = 90)',
  'alter table laika.transfer add column extra text',
  'drop index laika.transfer_pending_of',
  'create index extra on laika.transfer (posting)',
  'drop view laika.entry',
  'grant delete on laika.transfer to baohao_app',
  'grant update (amount) on laika.transfer to baohao_app',
  'revoke select on laika.account from baohao_auditor',
  'create sequence laika.extra',
  'create function laika.extra() returns int language sql as $$ select 1 $$',
  'alter table platform.setting drop constraint setting_pkey',
])('a change is seen: %s', async (change) => {
  const before = await schemaSnapshot(owner, 'laika')
  await owner.query('begin')
  await owner.query(change)
  const after = await schemaSnapshot(owner, 'laika')
  await owner.query('rollback')
  expect(after).not.toBe(before)
})
