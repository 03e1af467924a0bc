import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { enter } from '../platform/process-register.ts'
import { resetDemo } from './reset.ts'

let dataDir: string
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'reset-'))
})
afterEach(() => rmSync(dataDir, { recursive: true, force: true }))

function aDemo(): void {
  for (const path of ['postgres/cluster', 'postgres/attached', 'postgres/starting', 'sandbox/keys'])
    mkdirSync(join(dataDir, path), { recursive: true })
  for (const file of ['master-key', 'database-roles.json', 'ussd-keys.json', 'sandbox-partners.json'])
    writeFileSync(join(dataDir, file), 'x')
}

test('drops a demo whole', () => {
  aDemo()
  resetDemo(dataDir)
  expect(existsSync(dataDir)).toBe(false)
})

test('refuses while a process is attached to the database, and leaves everything', () => {
  aDemo()
  const ticket = enter(join(dataDir, 'postgres/attached'))
  expect(() => resetDemo(dataDir)).toThrow(`The demo is running (process ${process.pid})`)
  expect(existsSync(join(dataDir, 'master-key'))).toBe(true)
  ticket.withdraw()
  resetDemo(dataDir)
})

test('an operator’s data directory is not a demo’s, and nothing of it is dropped', () => {
  aDemo()
  rmSync(join(dataDir, 'sandbox-partners.json'))
  expect(() => resetDemo(dataDir)).toThrow('No demo lives in')
  expect(existsSync(join(dataDir, 'postgres/cluster'))).toBe(true)
})

test('what somebody else keeps there stays', () => {
  aDemo()
  writeFileSync(join(dataDir, 'notes.txt'), 'mine')
  resetDemo(dataDir)
  expect(existsSync(join(dataDir, 'notes.txt'))).toBe(true)
  expect(existsSync(join(dataDir, 'postgres'))).toBe(false)
})

test('a cluster kept elsewhere goes with its own home only', () => {
  aDemo()
  const elsewhere = mkdtempSync(join(tmpdir(), 'cluster-'))
  const home = join(dataDir, 'postgres')
  rmSync(join(home, 'cluster'), { recursive: true })
  symlinkSync(elsewhere, join(home, 'cluster'))
  writeFileSync(`${elsewhere}.home`, '/another/home')
  resetDemo(dataDir)
  expect(existsSync(elsewhere)).toBe(true)
  aDemo()
  rmSync(join(home, 'cluster'), { recursive: true })
  symlinkSync(elsewhere, join(home, 'cluster'))
  writeFileSync(`${elsewhere}.home`, home)
  resetDemo(dataDir)
  expect(existsSync(elsewhere)).toBe(false)
})

test('npm run reset-demo says what it did, and why it did not', () => {
  const run = () =>
    spawnSync(process.execPath, ['tools/reset-demo.ts'], {
      env: { ...process.env, BAOHAO_DATA: dataDir, DATABASE_URL: '' },
      encoding: 'utf8',
    })
  const nothing = run()
  expect(nothing.status).toBe(1)
  expect(nothing.stderr).toContain('No demo lives in')
  aDemo()
  const dropped = run()
  expect({ status: dropped.status, stderr: dropped.stderr }).toEqual({ status: 0, stderr: '' })
  expect(dropped.stdout).toContain('are dropped')
})
