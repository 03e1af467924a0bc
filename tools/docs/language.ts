import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The languages of the documentation; every sentence that a generator writes is given in both. */
export const languages = ['en', 'zh-CN'] as const
export type Language = (typeof languages)[number]
export type Both = Readonly<Record<Language, string>>

export const root = join(import.meta.dirname, '../..')

/** Where a document of that language stands: `reference/postings.md`, `zh-CN/reference/postings.md`. */
export const documentOf = (language: Language, page: string): string =>
  `docs/${language === 'en' ? '' : `${language}/`}${page}`

/** A Markdown table; cells may hold Markdown, a pipe in them is escaped. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}

/** A text of the product's own catalogues, so that the documents use the words of the pages: `state.order.paid`. */
export function productText(language: Language, path: string): string {
  const [catalogue, ...keys] = path.split('.')
  const texts: unknown = JSON.parse(readFileSync(join(root, `i18n/${language}/${catalogue}.json`), 'utf8'))
  const found = keys.reduce<unknown>(
    (node, key) => (node as Record<string, unknown> | undefined)?.[key],
    texts,
  )
  if (typeof found !== 'string') throw new Error(`no text ${path} in ${language}`)
  return found
}

/** `4980` as `49.80`: the documents' examples are in currencies of two decimals. */
export function major(minor: bigint): string {
  const digits = minor.toString().padStart(3, '0')
  return `${digits.slice(0, -2)}.${digits.slice(-2)}`
}
