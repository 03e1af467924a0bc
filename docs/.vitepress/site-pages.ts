import { existsSync, statSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import type { MarkdownRenderer } from 'vitepress'

/** The repository: the site shows its documents where they stand, beside the code they describe. */
const root = join(import.meta.dirname, '../..')

/** Documents of the repository's root, of which README.md is the site's first page in other words. */
const OF_THE_PROJECT = /^(ARCHITECTURE|STYLE|ROADMAP|CHANGELOG)\.md$/

/** Where a document of the repository stands on the site. */
export function pageOf(file: string): string {
  if (OF_THE_PROJECT.test(file)) return `project/${file.toLowerCase()}`
  const [, rail] = /^sandbox\/([a-z-]+)\/README\.md$/.exec(file) ?? []
  if (rail !== undefined) return `rooms/sandbox-${rail}.md`
  const [, room] = /^(?:server\/)?([a-z-]+)\/README\.md$/.exec(file) ?? []
  if (room !== undefined && room !== 'examples' && !file.startsWith('docs/')) return `rooms/${room}.md`
  return file.replace(/^docs\//, '').replace(/(^|\/)README\.md$/, '$1index.md')
}

/** The site's address of what a document links to; undefined for what is no document: code, a licence, a folder. */
function addressOf(from: string, href: string): string | undefined {
  const [path = '', hash] = href.split('#')
  const target = relative(root, join(dirname(from), decodeURIComponent(path)))
  if (target === 'README.md') return '/'
  const at = join(root, target)
  const file = existsSync(at) && statSync(at).isDirectory() ? join(target, 'README.md') : target
  if (!file.endsWith('.md') || !existsSync(join(root, file))) return undefined
  return `/${pageOf(file)}${hash ? `#${hash}` : ''}`
}

interface PageEnvironment {
  readonly path: string
  readonly realPath?: string
}

/**
 * Links are written so that they lead somewhere in a clone. On the site they lead to the page of the same document, and
 * a link to code stands as its text.
 */
export function linkPages(md: MarkdownRenderer): void {
  md.core.ruler.push('baohao-pages', ({ tokens, env }) => {
    const { path, realPath = path } = env as PageEnvironment
    for (const { children } of tokens) {
      if (!children) continue
      let unlinked = false
      const kept = children.filter((token) => {
        if (token.type === 'link_close' && unlinked) {
          unlinked = false
          return false
        }
        const href = token.type === 'link_open' ? (token.attrGet('href') ?? '') : ''
        if (href === '' || /^([a-z]+:|#|\/)/.test(href)) return true
        const address = addressOf(realPath, href)
        if (address !== undefined) token.attrSet('href', address)
        else unlinked = true
        return address !== undefined
      })
      children.splice(0, children.length, ...kept)
    }
  })
}

/** On a phone a drawing is moved sideways in its paragraph (style.css), which the keyboard must reach as well. */
export function reachDrawings(md: MarkdownRenderer): void {
  md.core.ruler.push('baohao-drawings', ({ tokens }) => {
    for (const [at, { children }] of tokens.entries()) {
      const drawing = children?.find(
        (token) => token.type === 'image' && token.attrGet('src')?.endsWith('.svg'),
      )
      if (!drawing) continue
      const paragraph = tokens[at - 1]
      paragraph?.attrSet('tabindex', '0')
      paragraph?.attrSet('role', 'region')
      paragraph?.attrSet('aria-label', drawing.content)
    }
  })
}
