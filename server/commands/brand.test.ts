import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { emptyDatabase } from '../../test/support/empty-database.ts'
import type { Config } from '../platform/config.ts'
import { brandCreateCommand, brandListCommand, brandTemplateCommand, brandUpdateCommand } from './brand.ts'

const database = await emptyDatabase()
const directory = mkdtempSync(join(tmpdir(), 'baohao-brand-'))
afterAll(() => rmSync(directory, { recursive: true, force: true }))

const config: Config = {
  ...{ mode: 'production', dataDir: directory, host: '127.0.0.1', port: 0, masterKey: Buffer.alloc(32) },
  ...{ databaseUrl: database.appUrl, databaseAdminUrl: database.ownerUrl, secureOrigin: true },
  ...{ logLevel: 'silent', failpoints: '', trustedProxies: 0, drainSeconds: 0, metrics: undefined },
}

/** What a command said. */
async function said(run: (say: (line: string) => void) => Promise<void> | void): Promise<string> {
  const lines: string[] = []
  await run((line) => lines.push(line))
  return lines.join('\n')
}

const template = JSON.parse(await said((say) => brandTemplateCommand('harbour', say))) as object
function fileOf(changes: object): string {
  const path = join(directory, 'brand.json')
  writeFileSync(path, JSON.stringify({ ...template, ...changes }))
  return path
}
const create = (changes: object, host: readonly string[] = []) =>
  said((say) => brandCreateCommand(config, fileOf(changes), { host }, say))
const update = (changes: object, host: readonly string[] = []) =>
  said((say) => brandUpdateCommand(config, fileOf(changes), { host }, say))

test('a brand is made in an empty database, from the template as it is', async () => {
  expect(await create({}, ['PAY.acme.example'])).toMatch(
    /^The brand acme is made: \d+ migrations, its books are open\./,
  )
  const list = await said((say) => brandListCommand(config, false, say))
  expect(list).toBe('acme  Harbour Mobile (demo)  GBP  use-it-or-lose-it 1  pay.acme.example')
  const { rows } = await database.owner.query(
    `select (select count(*) from acme.account)::int > 20 as accounts, (select key from acme.receipt_series) as series,
            (select string_agg(act, ',') from acme.audit) as acts`,
  )
  expect(rows).toEqual([{ accounts: true, series: 'HB-W', acts: 'brand created' }])
})

test('made again it stays as it is, with one more host if one is named', async () => {
  expect(await create({}, ['www.acme.example'])).toMatch(
    /^The brand acme is here already, with these facts\./,
  )
  expect(await said((say) => brandListCommand(config, false, say))).toContain(
    'pay.acme.example, www.acme.example',
  )
})

test('with other facts it is refused, and says which', async () => {
  await expect(create({ accent: '#0b6e4f' })).rejects.toThrow('/accent: is "#1d4e89", in the file "#0b6e4f"')
})

test('what may change is changed, what money was made by is not', async () => {
  expect(await update({ accent: '#0b6e4f' })).toBe(
    '/accent: was "#1d4e89", is "#0b6e4f"\nProcesses that run see it when they start again: serve and work.',
  )
  expect(await update({ accent: '#0b6e4f' })).toBe('Nothing of acme has changed.')
  await expect(update({ receiptPrefix: 'XX' })).rejects.toThrow('/receiptPrefix: is "HB", in the file "XX"')
  await expect(update({ key: 'other' })).rejects.toThrow('There is no brand other yet')
})

test('a host leads to one brand', async () => {
  await expect(create({ key: 'second' }, ['pay.acme.example'])).rejects.toThrow(
    'pay.acme.example leads to acme',
  )
  await expect(create({ key: 'second' }, ['https://pay.example'])).rejects.toThrow('--host is a name such as')
  expect(await said((say) => brandListCommand(config, false, say))).not.toContain('second')
})

test('a policy that is not there, or in another currency, is told with those there are', async () => {
  await expect(create({ policy: { preset: 'none', version: 1 } })).rejects.toThrow(
    /\/policy: there is no policy none 1; there are .*china-keep 1/,
  )
  await expect(create({ policy: { preset: 'china-keep', version: 1 } })).rejects.toThrow(
    '/policy: the amounts of china-keep are in CNY, those of the brand in GBP',
  )
})

test('without the owner of the database nothing is begun', async () => {
  const poor: Config = { ...config, databaseAdminUrl: undefined }
  const path = fileOf({ key: 'third' })
  await expect(said((say) => brandCreateCommand(poor, path, {}, say))).rejects.toThrow(
    'Set DATABASE_ADMIN_URL',
  )
})
