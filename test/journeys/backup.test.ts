import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { idFromWire } from '../../contract/id.ts'
import { brandPresets } from '../../server/brand/index.ts'
import { backupCommand, restoreCommand } from '../../server/commands/backup.ts'
import { seedDemo } from '../../server/demo/seed.ts'
import { buildHouse } from '../../server/house.ts'
import { migrateBrands } from '../../server/new-brand.ts'
import { createClock } from '../../server/platform/clock.ts'
import { readConfig } from '../../server/platform/config.ts'
import { createDb } from '../../server/platform/db.ts'
import { openLocalDatabase } from '../../server/platform/local-database.ts'
import { createLog } from '../../server/platform/log.ts'
import { restoreBackup } from '../../server/platform/restore-backup.ts'
import { LauncherScratch } from '../support/launcher.ts'

const scratch = new LauncherScratch()
const dataDir = scratch.fresh()
const config = readConfig({ BAOHAO_MODE: 'test', BAOHAO_DATA: dataDir }, scratch.directory)
const log = createLog('silent')
const database = await openLocalDatabase(dataDir, log)
await migrateBrands(database.ownerUrl, brandPresets)
const house = await buildHouse({
  ...{ databaseUrl: database.appUrl, clock: createClock(), log, masterKey: config.masterKey, demo: true },
  ...{ strict: true, secureOrigin: false, trustedProxies: 0, portBrands: new Map(), formTargets: [] },
  channels: () => ({ sms: null, email: null }),
  originOf: () => 'http://127.0.0.1',
})
await seedDemo(house)
const http = await house.http()
const apiKey = await house.db.of('laika').tx(async (tx) => {
  const { id } = await house.dealers.createDealer(tx, { name: '顺达通讯', commissionBp: 200 })
  await house.dealers.loadFloat(tx, { dealer: id, amountMinor: 10n ** 10n, from: 'opening' })
  const key = { name: 'till', scopes: ['topup:write'], dealer: id, actor: 'test' }
  return (await house.identity.createApiKey(tx, key)).text
})
const numbers = (
  await house.db
    .of('laika')
    .query<{ msisdn: string }>(
      `select msisdn from {{brand}}.line_clock where stage_told = 'active' order by msisdn limit 200`,
    )
).map(({ msisdn }) => msisdn)

afterAll(async () => {
  await http.close()
  await house.close()
  await database.stop()
  scratch.remove()
})

const acknowledged: string[] = []
let sold = 0
let selling = true
async function till(): Promise<void> {
  while (selling) {
    const answer = await http.inject({
      method: 'POST',
      url: '/v1/agent/top-ups',
      headers: {
        authorization: `Bearer ${apiKey}`,
        'idempotency-key': `"${randomBytes(16).toString('hex')}"`,
      },
      payload: { msisdn: numbers[sold++ % numbers.length], amount: FIVE, confirmDuplicate: true },
    })
    if (answer.statusCode === 201) acknowledged.push(idFromWire(answer.json().id) as string)
  }
}
const FIVE = { amountMinor: '5000', currency: 'CNY' }

const said: string[] = []
const say = (line: string) => void said.push(line)
const directory = scratch.fresh('backups')
mkdirSync(directory)

test('a backup taken under load restores elsewhere: every invariant holds, and nothing acknowledged before is missing', async () => {
  const tills = Promise.all([till(), till(), till(), till()])
  await expect.poll(() => acknowledged.length, { timeout: 30_000 }).toBeGreaterThan(50)
  const before = [...acknowledged]
  await backupCommand(config, directory, say)
  const meanwhile = acknowledged.length - before.length
  selling = false
  await tills
  expect(meanwhile).toBeGreaterThan(0)
  const [name] = readdirSync(directory)
  const file = join(directory, name as string)
  expect(name).toMatch(/^baohao-\d{8}T\d{6}Z\.tar\.gz$/)
  expect(statSync(file).mode & 0o777).toBe(0o600)
  expect(said.join('\n')).toMatch(/read back and whole[\s\S]*The master key is not in it/)
  expect(readFileSync(file).includes(readFileSync(join(dataDir, 'master-key')))).toBe(false)

  const restored = scratch.fresh('restored')
  expect(await restoreCommand(config, file, restored, say)).toBe(true)
  expect(said.join('\n')).toContain('every invariant holds')
  expect(existsSync(join(restored, 'master-key'))).toBe(false)
  const copy = await openLocalDatabase(restored, log)
  const db = createDb({ url: copy.appUrl, connections: 1, log, applicationName: 'restored' })
  const rows = await db
    .of('laika')
    .query<{ id: string }>('select id from {{brand}}.top_up where id = any($1::uuid[])', [`{${before}}`])
  await db.close()
  await copy.stop()
  expect(rows).toHaveLength(before.length)

  await expect(restoreBackup(file, restored)).rejects.toThrow('is not empty')
  const damaged = scratch.fresh('damaged.tar.gz')
  const bytes = readFileSync(file)
  const middle = bytes.length >> 1
  bytes.writeUInt8(bytes.readUInt8(middle) ^ 0x10, middle)
  writeFileSync(damaged, bytes)
  const nowhere = scratch.fresh('nowhere')
  await expect(restoreBackup(damaged, nowhere)).rejects.toThrow(/cannot be read|is damaged/)
  await expect(restoreBackup(join(directory, 'none'), nowhere)).rejects.toThrow('There is no backup')
  expect(existsSync(nowhere)).toBe(false)
})

test('it overwrites nothing, and an operator’s own server is left to its own tools', async () => {
  const file = join(directory, 'kept')
  writeFileSync(file, 'kept')
  await expect(backupCommand(config, file, say)).rejects.toThrow('is there already')
  expect(readFileSync(file, 'utf8')).toBe('kept')
  const own = { ...config, databaseUrl: 'postgres://baohao_app@db/baohao' }
  await expect(backupCommand(own, file, say)).rejects.toThrow('its own tools')
  const empty = { ...config, dataDir: scratch.fresh() }
  await expect(backupCommand(empty, file, say)).rejects.toThrow('There is no embedded database')
  rmSync(file)
})
