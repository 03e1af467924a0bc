import { execFile } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, expect, it } from 'vitest'
import { makeSecretFile } from './secret-file.ts'

const root = mkdtempSync(join(tmpdir(), 'baohao-secret-'))
afterAll(() => rmSync(root, { recursive: true }))

it('a secret file is for its owner’s eyes, in a directory that can only be passed through', () => {
  const path = join(root, 'data', 'secret')
  makeSecretFile(path, 'first')
  expect(readFileSync(path, 'utf8')).toBe('first')
  expect(statSync(path).mode & 0o777).toBe(0o600)
  expect(statSync(join(root, 'data')).mode & 0o777).toBe(0o711)
})

it('that is there already is left alone, and nothing is left beside it', () => {
  const path = join(root, 'data', 'secret')
  makeSecretFile(path, 'second')
  expect(readFileSync(path, 'utf8')).toBe('first')
  expect(readdirSync(join(root, 'data'))).toEqual(['secret'])
})

it('made by several processes at once is one for all of them, and whole', async () => {
  const path = join(root, 'raced', 'secret')
  const script = `
    import { readFileSync } from 'node:fs'
    import { makeSecretFile } from ${JSON.stringify(join(import.meta.dirname, 'secret-file.ts'))}
    makeSecretFile(${JSON.stringify(path)}, String(process.pid).padStart(10_000, '0'))
    console.log(readFileSync(${JSON.stringify(path)}, 'utf8'))`
  const run = promisify(execFile)
  const read = await Promise.all(
    [1, 2, 3].map(() => run(process.execPath, ['--input-type=module', '-e', script])),
  )
  const texts = new Set(read.map(({ stdout }) => stdout.trim()))
  expect(texts.size).toBe(1)
  expect([...texts][0]).toHaveLength(10_000)
})

it('that cannot be made says so', () => {
  expect(() => makeSecretFile(join(root, 'data', 'secret', 'below'), 'x')).toThrow(/ENOTDIR|EEXIST/)
})
