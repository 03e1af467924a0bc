import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { replaceFile } from './replace-file.ts'

const folder = await mkdtemp(join(tmpdir(), 'sandbox-file-'))
afterAll(() => rm(folder, { recursive: true }))

test('of many writings at once the last one asked for stays, and nothing is left beside it', async () => {
  const path = join(folder, 'keys.json')
  await Promise.all(Array.from({ length: 20 }, (_, i) => replaceFile(path, `${i}`)))
  expect(await readFile(path, 'utf8')).toBe('19')
  expect(await readdir(folder)).toEqual(['keys.json'])
})

test('a writing that fails says so and does not keep the next from going', async () => {
  const path = join(folder, 'later', 'keys.json')
  await expect(replaceFile(path, 'a')).rejects.toThrow('ENOENT')
  await mkdir(join(folder, 'later'))
  await replaceFile(path, 'b')
  expect(await readFile(path, 'utf8')).toBe('b')
})
