import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { namedPages } from '../docs/.vitepress/navigation.ts'
import { pageOf } from '../docs/.vitepress/site-pages.ts'
import { orderStates } from '../server/topup/top-up.ts'
import { madeDocuments } from './docs/documents.ts'
import { type Language, languages, root } from './docs/language.ts'
import { readTree } from './tidy/tree.ts'

const documents = readTree().filter(({ path }) => path.endsWith('.md'))
const inLanguage = (folder: string) =>
  documents.filter(({ path }) => path.startsWith(folder)).map(({ path }) => path.slice(folder.length))

it('every document that follows from code is as the code makes it today', async () => {
  for (const [path, text] of await madeDocuments()) {
    const file = join(root, path)
    if (process.env.UPDATE_SNAPSHOT) {
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(file, text)
    }
    expect(existsSync(file) ? readFileSync(file, 'utf8') : '', path).toBe(text)
  }
})

it.each(['concepts/', 'guides/'])('everything in %s is told in both languages', (folder) => {
  expect(inLanguage(`docs/zh-CN/${folder}`)).toEqual(inLanguage(`docs/${folder}`))
  expect(inLanguage(`docs/${folder}`)).not.toEqual([])
})

it('the sidebars lead to pages, and to every page of the site', () => {
  const pages = new Set(
    documents.map(({ path }) =>
      pageOf(path)
        .replace(/(^|\/)index\.md$/, '$1')
        .replace(/\.md$/, ''),
    ),
  )
  expect(namedPages.filter((page) => !pages.has(page))).toEqual([])
  const first = /^(zh-CN\/)?$|^README$/
  const listed = /^adr\/|^examples\//
  const named = new Set(namedPages)
  expect([...pages].filter((page) => !first.test(page) && !listed.test(page) && !named.has(page))).toEqual([])
})

describe.each(languages)('the drawing of an order’s states in %s', (language: Language) => {
  const drawing = readFileSync(join(root, `docs/concepts/drawings/${language}/top-up.svg`), 'utf8')
  const ways = [...drawing.matchAll(/data-way="([a-z-]+) ([a-z-]+)"/g)].map(([, from, to]) => `${from} ${to}`)
  const machine = Object.entries(orderStates.states).flatMap(([from, { to }]) =>
    to.map((next) => `${from} ${next}`),
  )

  it('has every state and every way, where passing through paid at once is drawn by its parts', () => {
    for (const state of Object.keys(orderStates.states)) expect(drawing).toContain(`>${state}<`)
    const throughPaid = ways
      .filter((way) => way.startsWith('paid '))
      .flatMap((way) => ['awaiting-payment', 'expired'].map((from) => way.replace('paid', from)))
    expect([...ways, ...throughPaid].sort()).toEqual(machine.sort())
  })
})

it('the site is built, and no link on it is dead', async () => {
  const cache = join(root, 'node_modules/.cache')
  mkdirSync(cache, { recursive: true })
  const out = mkdtempSync(join(cache, 'docs-site-'))
  try {
    const vitepress = join(root, 'node_modules/vitepress/bin/vitepress.js')
    await promisify(execFile)(process.execPath, [vitepress, 'build', 'docs', '--outDir', out], { cwd: root })
    for (const page of namedPages) {
      const file = page.endsWith('/') ? `${page}index.html` : `${page}.html`
      expect(existsSync(join(out, file)), file).toBe(true)
    }
    const html = readFileSync(join(out, 'concepts/ledger.html'), 'utf8')
    expect(html).toContain('29.88')
    expect(html).not.toMatch(/(?:src|href)="https?:\/\/(?:fonts|cdn|unpkg)/)
  } finally {
    rmSync(out, { recursive: true, force: true })
  }
}, 120_000)
