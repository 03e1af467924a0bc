import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { testDatabase } from '../../test/support/database.ts'
import { startFakeSmsc } from '../messaging/fake-smsc.ts'
import { isoInstant } from '../platform/clock.ts'
import { readConfig } from '../platform/config.ts'
import type { Env } from '../platform/config-settings.ts'
import { keepKeyProof } from '../platform/key-proof.ts'
import { type DoctorOptions, doctorCommand } from './doctor.ts'
import type { Finding } from './finding.ts'

const { appUrl, ownerUrl, db, owner } = await testDatabase()
const directory = mkdtempSync(join(tmpdir(), 'baohao-doctor-'))
const keyFile = join(directory, 'master-key')
writeFileSync(keyFile, '0123456789abcdef'.repeat(4), { mode: 0o600 })
afterAll(() => rmSync(directory, { recursive: true }))

async function examined(env: Env = {}, options: DoctorOptions = {}) {
  const all = {
    ...{
      DATABASE_URL: appUrl,
      BAOHAO_MASTER_KEY_FILE: keyFile,
      BAOHAO_DATA: directory,
      PORT: '0',
      BAOHAO_LOG: 'silent',
    },
    ...env,
  }
  const lines: string[] = []
  const well = await doctorCommand(readConfig(all, directory), all, { json: true, ...options }, (line) =>
    lines.push(line),
  )
  const { findings } = JSON.parse(lines.join('\n')) as { findings: Finding[] }
  const of = (area: Finding['area'], words: RegExp) => {
    const found = findings.filter((finding) => finding.area === area && words.test(finding.says))
    return found.map(({ state, todo }) => (todo === undefined ? state : `${state}: ${todo}`))
  }
  return { well, findings, of }
}

it('says what is well, and of all else what to do; the test server, which may lose commits, is no sound one', async () => {
  const { well, findings, of } = await examined()
  expect(well).toBe(false)
  expect(of('database', /it answers: PostgreSQL 18/)).toEqual(['ok'])
  expect(of('database', /every migration/)).toEqual(['ok'])
  expect(of('database', /can add to the books and not change/)).toEqual(['ok'])
  expect(of('database', /fsync is off/)).toEqual([expect.stringMatching(/^fail: Set fsync.*on/)])
  expect(of('disk', /GB free/)).toHaveLength(1)
  expect(of('disk', /reach the disk/)).toHaveLength(1)
  expect(of('clock', /differ by/)).toEqual(['ok'])
  expect(of('clock', /time zones/)).toEqual(['ok'])
  expect(of('keys', /mode 600/)).toEqual(['ok'])
  expect(of('ports', /is free/)).toEqual(['ok'])
  for (const { state, todo } of findings) expect(todo !== undefined).toBe(state !== 'ok')
})

it('knows the key that the database is used with', async () => {
  expect((await examined()).of('keys', /nothing is sealed yet/)).toEqual(['ok'])
  await keepKeyProof(db, Buffer.from('0123456789abcdef'.repeat(4), 'hex'))
  expect((await examined()).of('keys', /opens what this database has sealed/)).toEqual(['ok'])
  const other = join(directory, 'another-key')
  writeFileSync(other, 'f'.repeat(64), { mode: 0o600 })
  chmodSync(other, 0o644)
  const { of } = await examined({ BAOHAO_MASTER_KEY_FILE: other })
  expect(of('keys', /not the master key/)).toEqual([expect.stringMatching(/^fail: Bring back/)])
  expect(of('keys', /others can read it/)).toEqual([`fail: Run: chmod 600 ${other}`])
})

it('names rights that are too many, migrations that are missing, a database that is away', async () => {
  const asOwner = await examined({ DATABASE_URL: ownerUrl })
  expect(asOwner.of('database', /may change what is only to be added to: .*laika\.transfer/)).toEqual([
    expect.stringMatching(/^fail: Revoke/),
  ])
  await owner.query(`delete from platform.migration where schema = 'laika' and file = '0010_topup.sql'`)
  expect((await examined()).of('database', /1 migrations/)).toEqual(['fail: Run: baohao migrate'])
  await owner.query(`insert into platform.migration (schema, file) values ('laika', '0010_topup.sql')`)
  const away = await examined({ DATABASE_URL: 'postgres://baohao_app:never-shown@127.0.0.1:1/none' })
  expect(away.well).toBe(false)
  expect(away.of('database', /cannot be reached/)).toHaveLength(1)
  expect(JSON.stringify(away.findings)).not.toContain('never-shown')
})

it('a port that another program has is named, with what to do', async () => {
  const other = createServer((socket) => socket.destroy())
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
  const { port } = other.address() as { port: number }
  const { of } = await examined({ PORT: String(port) })
  expect(of('ports', new RegExp(`127.0.0.1:${port} cannot be listened on: EADDRINUSE`))).toEqual([
    expect.stringMatching(/^fail: End the program that uses it, or set PORT/),
  ])
  await new Promise((resolve) => other.close(resolve))
})

it('says how each brand is reached and reaches people; --connect tries it', async () => {
  const bare = await examined({ BAOHAO_SMS_LAIKO: 'smpp://a:b@127.0.0.1' })
  expect(bare.of('brands', /the brand laiko, which is not/)).toEqual(['warn: There are: laika, harbour.'])
  expect(bare.of('brands', /laika: no host name/)).toEqual([expect.stringMatching(/^fail/)])
  expect(bare.of('channels', /harbour: no SMS/)).toEqual(['fail: Set BAOHAO_SMS_HARBOUR.'])
  await owner.query(`insert into platform.brand_host (host, brand) values ('pay.laika.example', 'laika')`)
  const smsc = await startFakeSmsc()
  const set = {
    BAOHAO_ORIGIN_LAIKA: 'https://pay.laika.example',
    BAOHAO_SMS_LAIKA: `smpp://laika:secret@127.0.0.1:${smsc.channel.port}`,
    BAOHAO_MAIL_LAIKA: 'smtp://127.0.0.1:1',
  }
  const { of } = await examined(set, { connect: true })
  await smsc.stop()
  expect(of('brands', /laika: 1 host names/)).toEqual(['ok'])
  expect(of('brands', /laika: providers reach it at https/)).toEqual(['ok'])
  expect(of('channels', /laika: SMS lets us in/)).toEqual(['ok'])
  expect(of('channels', /laika: mail: ECONN|laika: mail: ESOCKET/)).toEqual([
    expect.stringMatching(/^fail: Look at BAOHAO_MAIL/),
  ])
})

it('tells a database nobody works on from one that is worked on, and proved books from unproved ones', async () => {
  const set = (name: string, value: unknown) =>
    owner.query(
      `insert into platform.setting (brand, name, value) values ('', $1, $2) on conflict (brand, name) do update set value = $2`,
      [name, JSON.stringify(value)],
    )
  const ago = (minutes: number) => isoInstant(performance.timeOrigin + performance.now() - minutes * 60_000)
  expect((await examined()).of('work', /nobody has worked on/)).toEqual(['warn: Start: baohao work'])
  expect((await examined()).of('work', /never proved/)).toHaveLength(1)
  await set('loops-turned', { heartbeat: ago(10), 'topup sweep laika': ago(10) })
  expect((await examined()).of('work', /nobody has worked for 10 min/)).toEqual(['fail: Start: baohao work'])
  await set('loops-turned', { heartbeat: ago(0), 'topup sweep laika': ago(500) })
  expect((await examined()).of('work', /not ended well for hours: topup sweep laika/)).toHaveLength(1)
  await set('fsck-last', { at: ago(60), violations: 0 })
  expect((await examined()).of('work', /every invariant to hold 60 min ago/)).toEqual(['ok'])
  await set('fsck-last', { at: ago(60), violations: 2 })
  expect((await examined()).of('work', /2 invariants broken/)).toEqual([expect.stringMatching(/^fail/)])
})
