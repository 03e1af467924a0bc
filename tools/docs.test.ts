import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { namedPages } from '../docs/.vitepress/navigation.ts'
import { pageOf } from '../docs/.vitepress/site-pages.ts'
import { orderStates } from '../server/topup/top-up.ts'
import { madeDocuments } from './docs/documents.ts'
import { type Language, languages, productText, root } from './docs/language.ts'
import { readTree } from './tidy/tree.ts'

const made = await madeDocuments()
if (process.env.UPDATE_SNAPSHOT) {
  for (const [path, text] of made) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
}
const documents = readTree().filter(({ path }) => path.endsWith('.md'))
const inLanguage = (folder: string) =>
  documents.filter(({ path }) => path.startsWith(folder)).map(({ path }) => path.slice(folder.length))

it('every document that follows from code is as the code makes it today', () => {
  for (const [path, text] of made) {
    const file = join(root, path)
    expect(existsSync(file) ? readFileSync(file, 'utf8') : '', path).toBe(text)
  }
})

it.each(['concepts/', 'guides/'])('everything in %s is told in both languages', (folder) => {
  expect(inLanguage(`docs/zh-CN/${folder}`)).toEqual(inLanguage(`docs/${folder}`))
  expect(inLanguage(`docs/${folder}`)).not.toEqual([])
})

it('a page of operating tells the same commands in both languages', () => {
  const blocks = (text: string) => text.match(/^```sh\n[\s\S]*?^```$/gm)
  for (const page of inLanguage('docs/zh-CN/operating/')) {
    const [chinese = '', english = ''] = ['docs/zh-CN/operating/', 'docs/operating/'].map(
      (folder) => documents.find(({ path }) => path === folder + page)?.text,
    )
    expect(blocks(chinese), page).toEqual(blocks(english))
  }
})

/** What documents tell people to type: each `baohao` command of a shell block with its options. */
function commandsIn(
  text: string,
): readonly { readonly words: string; readonly options: readonly string[] }[] {
  const blocks = [...text.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, block = '']) => block)
  const calls = blocks
    .flatMap((block) => block.replace(/\\\n/g, ' ').split('\n'))
    .flatMap((line) => [...line.matchAll(/(?<![\w/])baohao ((?:[a-z-]+ )*[a-z-]+)([^|&>;]*)/g)])
  return calls.map(([, words = '', rest = '']) => ({
    words,
    options: [...rest.matchAll(/(?<= )--[a-z-]+/g)].map(([option]) => option),
  }))
}

it('every command that a document tells people to type is one, with options it takes', () => {
  const help = new Map(
    readFileSync(join(root, 'docs/reference/commands.md'), 'utf8')
      .split('\n## baohao ')
      .slice(1)
      .map((section) => [section.split('\n')[0] ?? '', section] as const),
  )
  const typed = documents.flatMap(({ path, text }) => commandsIn(text).map((call) => ({ path, ...call })))
  expect(typed.length).toBeGreaterThan(10)
  for (const { path, words, options } of typed) {
    const parts = words.split(' ')
    const names = parts.map((_, i) => parts.slice(0, parts.length - i).join(' '))
    const section = names.map((name) => help.get(name)).find((text) => text !== undefined)
    expect(section, `${path}: baohao ${words}`).toBeDefined()
    for (const option of options) expect(section, `${path}: baohao ${words} ${option}`).toContain(option)
  }
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
  const listed = /^adr\//
  const named = new Set(namedPages)
  expect([...pages].filter((page) => !first.test(page) && !listed.test(page) && !named.has(page))).toEqual([])
})

describe.each(languages)('the drawing of an order’s states in %s', (language: Language) => {
  const drawing = readFileSync(join(root, `docs/concepts/drawings/${language}/top-up.svg`), 'utf8')
  const words = [...drawing.matchAll(/>([^<]+)<\/text>/g)].map(([, text]) => text)
  const ways = [...drawing.matchAll(/data-way="([a-z-]+) ([a-z-]+)"/g)].map(([, from, to]) => `${from} ${to}`)
  const machine = Object.entries(orderStates.states).flatMap(([from, { to }]) =>
    to.map((next) => `${from} ${next}`),
  )

  it('has every state by its words and every way, where passing through paid at once is drawn by its parts', () => {
    for (const state of Object.keys(orderStates.states)) {
      expect(words).toContain(state)
      expect(words).toContain(productText(language, `state.order.${state}`))
    }
    const throughPaid = ways
      .filter((way) => way.startsWith('paid '))
      .flatMap((way) => ['awaiting-payment', 'expired'].map((from) => way.replace('paid', from)))
    expect([...ways, ...throughPaid].sort()).toEqual(machine.sort())
  })
})
