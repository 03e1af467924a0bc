import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { configPrintCommand } from './config-print.ts'

const directory = mkdtempSync(join(tmpdir(), 'baohao-config-print-'))
const keyFile = join(directory, 'master-key')
writeFileSync(keyFile, '0123456789abcdef'.repeat(4))
afterAll(() => rmSync(directory, { recursive: true }))

function printed(env: Readonly<Record<string, string>>) {
  const lines: string[] = []
  const usable = configPrintCommand(env, directory, (line) => lines.push(line))
  return { usable, text: lines.join('\n') }
}

it('prints what would be used, without the master key or a password', () => {
  const { usable, text } = printed({
    BAOHAO_MASTER_KEY_FILE: keyFile,
    DATABASE_URL: 'postgres://baohao_app:never-shown@db/baohao',
  })
  expect(usable).toBe(true)
  expect(text).toMatch(/^DATABASE_URL +postgres:\/\/baohao_app:\*\*\*@db\/baohao +environment$/m)
  expect(text).toMatch(/^PORT +3000 +default$/m)
  expect(text).not.toMatch(/never-shown|0123456789abcdef/)
})

it('prints what is wrong too, and that it would not start', () => {
  const { usable, text } = printed({ PORT: 'http', BAOHAO_DATUM: 'x' })
  expect(usable).toBe(false)
  expect(text).toMatch(/^PORT +http +environment$/m)
  expect(text).toContain('PORT must be a whole number')
  expect(text).toContain('BAOHAO_DATUM is not a setting of this version; BAOHAO_DATA is')
  expect(text).toContain('BAOHAO_MASTER_KEY_FILE must name a file')
})
