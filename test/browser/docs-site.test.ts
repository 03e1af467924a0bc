import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join } from 'node:path'
import { promisify } from 'node:util'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { namedPages } from '../../docs/.vitepress/navigation.ts'
import { axeCheck, launchBrowser, screenshot } from '../support/browser.ts'

const root = join(import.meta.dirname, '../..')
const cache = join(root, 'node_modules/.cache')
mkdirSync(cache, { recursive: true })
const site = mkdtempSync(join(cache, 'docs-site-'))

const TYPES: Readonly<Record<string, string>> = {
  ...{ '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml' },
  ...{ '.png': 'image/png', '.json': 'application/json' },
}
const server = createServer(({ url = '/' }, reply) => {
  const path = decodeURIComponent(new URL(url, 'http://site').pathname)
  const file = join(site, path.endsWith('/') ? `${path}index.html` : path)
  if (!file.startsWith(site) || !existsSync(file)) return void reply.writeHead(404).end()
  reply.writeHead(200, { 'content-type': TYPES[extname(file)] ?? 'application/octet-stream' })
  reply.end(readFileSync(file))
})

let browser: Browser
let origin: string
beforeAll(async () => {
  const vitepress = join(root, 'node_modules/vitepress/bin/vitepress.js')
  const building = promisify(execFile)(process.execPath, [vitepress, 'build', 'docs', '--outDir', site], {
    cwd: root,
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  browser = await launchBrowser()
  await building
})
afterAll(async () => {
  await browser?.close()
  server.close()
  rmSync(site, { recursive: true, force: true })
})

/** Links to a heading that its page does not have; the site's own check looks at pages only. */
function brokenAnchors(site: string): readonly string[] {
  const pages = readdirSync(site, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.html'),
  )
  const html = new Map(pages.map((page) => [`/${page}`, readFileSync(join(site, page), 'utf8')]))
  return [...html].flatMap(([page, text]) =>
    [...text.matchAll(/href="(\/[^"#]*)?#([^"]+)"/g)]
      .map(([, target = page, anchor = '']) => [target, decodeURIComponent(anchor)] as const)
      .filter(([target, anchor]) => !html.get(target)?.includes(`id="${anchor}"`))
      .map(([target, anchor]) => `${page} leads to ${target}#${anchor}`),
  )
}

/** Markdown that stayed as it was written, which happens to bold Chinese that ends in its own mark. */
function marksLeft(site: string): readonly string[] {
  return readdirSync(site, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.html'))
    .filter((file) =>
      /\*\*/.test(readFileSync(join(site, file), 'utf8').replace(/<(code|pre|script)[\s\S]*?<\/\1>/g, '')),
    )
}

it('has a page for each name in its sidebars, and no link on them is dead', () => {
  for (const page of namedPages) {
    const file = page.endsWith('/') ? `${page}index.html` : `${page}.html`
    expect(existsSync(join(site, file)), file).toBe(true)
  }
  expect(brokenAnchors(site)).toEqual([])
})

it('shows Markdown as what it means, and takes nothing from elsewhere', () => {
  const html = readFileSync(join(site, 'concepts/ledger.html'), 'utf8')
  expect(html).toMatch(/29\.88<\/td>/)
  expect(html).not.toMatch(/(?:src|href)="https?:\/\/(?:fonts|cdn|unpkg)/)
  expect(marksLeft(site)).toEqual([])
})

/** A page of each kind: the first, a drawing, pictures, made tables, commands, code of the repository. */
const kinds = [
  '',
  'concepts/top-up.html',
  'guides/first-top-up.html',
  'reference/policies.html',
  'operating/first-day.html',
]
const pages = [
  ...kinds,
  ...kinds.map((page) => `zh-CN/${page}`),
  'reference/commands.html',
  'adr/',
  'rooms/topup.html',
]

async function open(path: string, colorScheme: 'light' | 'dark' = 'light'): Promise<Page> {
  const page = await browser.newPage({
    viewport: { width: 1280, height: 900 },
    colorScheme,
    reducedMotion: 'reduce',
  })
  const errors: string[] = []
  page.on('pageerror', (error) => errors.push(String(error)))
  page.on('response', (answer) => answer.ok() || errors.push(`${answer.status()} ${answer.url()}`))
  await page.goto(`${origin}/${path}`, { waitUntil: 'load' })
  await page.locator('.VPNavBarSearch button').waitFor()
  expect(errors).toEqual([])
  return page
}

describe.each(pages)('/%s', (path) => {
  it('is without a finding of axe on a desk, on a phone and in the dark', async () => {
    const page = await open(path)
    expect(await axeCheck(page)).toEqual([])
    await page.emulateMedia({ colorScheme: 'dark' })
    await page.locator('html.dark').waitFor()
    await page.setViewportSize({ width: 390, height: 844 })
    expect(await axeCheck(page)).toEqual([])
    await screenshot(page, `docs-${path.replaceAll(/\W+/g, '-')}`)
    await page.close()
  })
})

describe.each([
  ['en', '', 'Search', 'idempotency'],
  ['zh-CN', 'zh-CN/', '搜索', '原路退回'],
])('the search in %s', (_, path, name, words) => {
  it('is found by its name, and finds what it is asked for', async () => {
    const page = await open(path)
    await page.getByRole('button', { name, exact: true }).click()
    await page.locator('#localsearch-input').fill(words)
    await page.locator('.VPLocalSearchBox .result').first().waitFor()
    await page.close()
  })
})
