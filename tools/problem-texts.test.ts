import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import type { ErrorEntry } from '../server/platform/error.ts'

const root = join(import.meta.dirname, '..')

const declares = (file: string) =>
  file.endsWith('.ts') &&
  !file.endsWith('.test.ts') &&
  readFileSync(file, 'utf8').includes('= defineErrors({')

/** Every code some room declares, found by its call to `defineErrors`. */
async function declaredCodes(): Promise<string[]> {
  const files = readdirSync(join(root, 'server'), { recursive: true, encoding: 'utf8' })
    .map((name) => join(root, 'server', name))
    .filter(declares)
  const modules: Record<string, unknown>[] = await Promise.all(files.map((file) => import(file)))
  const catalogues = modules.flatMap((module) => Object.values(module).filter(isCatalogue))
  return [...new Set(catalogues.flatMap((catalogue) => Object.keys(catalogue)))].sort()
}

function isCatalogue(value: unknown): value is Record<string, ErrorEntry> {
  if (typeof value !== 'object' || value === null) return false
  const entries = Object.entries(value)
  return entries.length > 0 && entries.every(([key, entry]) => entry?.code === key && 'kind' in entry)
}

it('every problem the server may answer has its sentence for people', async () => {
  const codes = await declaredCodes()
  expect(codes).toContain('line-not-found')
  const texts: object = JSON.parse(readFileSync(join(root, 'i18n/zh-CN/problem.json'), 'utf8'))
  expect(codes.filter((code) => !(code in texts))).toEqual([])
})
