import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Manifest } from 'vite'
import { type Language, languages } from '../web/language/language.ts'

/** The most a phone may have to fetch before the number field takes input: gzipped JavaScript and CSS, in bytes. */
export const firstLoadLimit = 150_000

export interface FirstLoad {
  /** Paths below web/dist, each once. */
  readonly files: readonly { readonly file: string; readonly gzipBytes: number }[]
  readonly gzipBytes: number
}

/** What `/` fetches first in one language, by Vite's manifest: the entry, all it imports, its style, that language's texts. */
export function firstLoad(dist: string, language: Language): FirstLoad {
  const manifest: Manifest = JSON.parse(readFileSync(join(dist, '.vite/manifest.json'), 'utf8'))
  const files = new Set<string>()
  const take = (key: string) => {
    const chunk = manifest[key]
    if (!chunk) throw new Error(`${key} is not in the manifest`)
    if (files.has(chunk.file)) return
    files.add(chunk.file)
    for (const style of chunk.css ?? []) files.add(style)
    for (const imported of chunk.imports ?? []) take(imported)
  }
  const texts = Object.keys(manifest).find((key) => manifest[key]?.name === `texts-${language}`)
  if (!texts) throw new Error(`the texts of ${language} are not one file of the build`)
  take('index.html')
  take(texts)
  const sized = [...files].sort().map((file) => ({
    file,
    gzipBytes: gzipSync(readFileSync(join(dist, file)), { level: 9 }).length,
  }))
  return { files: sized, gzipBytes: sized.reduce((sum, { gzipBytes }) => sum + gzipBytes, 0) }
}

if (import.meta.main) {
  const dist = join(import.meta.dirname, '../web/dist')
  for (const language of languages) {
    const { files, gzipBytes } = firstLoad(dist, language)
    for (const { file, gzipBytes: size } of files) process.stdout.write(`${language}  ${size}\t${file}\n`)
    process.stdout.write(`${language}  ${gzipBytes} of at most ${firstLoadLimit} bytes\n`)
    if (gzipBytes > firstLoadLimit) process.exitCode = 1
  }
}
