import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A file of the repository: its path from the root, with slashes, and its text. */
export interface TreeFile {
  readonly path: string
  readonly text: string
}

export const root = join(import.meta.dirname, '../..')

/** Made by installing, building, running and measuring; never part of the repository. */
const MADE = new Set(['.git', '.data', 'node_modules', 'dist', '.temp', 'coverage'])
/** A configuration as Vite bundles it beside itself, for as long as it takes to load it. */
const FLEETING = /\.log$|\.timestamp-[\w-]+\.mjs$/
const BINARY = /\.(png|jpg|webp|gif|ico|ttf|otf|woff2?|zip|pdf)$/

/** Every file below the root that a person wrote, with its text; empty for pictures and fonts. */
export function readTree(directory = root, prefix = ''): TreeFile[] {
  return readdirSync(directory, { withFileTypes: true }).flatMap((entry): TreeFile[] => {
    const path = prefix + entry.name
    if (MADE.has(entry.name) || FLEETING.test(entry.name)) return []
    if (entry.isDirectory()) return readTree(join(directory, entry.name), `${path}/`)
    if (!entry.isFile()) return []
    return [{ path, text: BINARY.test(path) ? '' : readFileSync(join(directory, entry.name), 'utf8') }]
  })
}

/** Tests and what only tests use: they may name the outside world as it is, and say times as constants. */
export function isTest(path: string): boolean {
  return /\.test\.tsx?$|-fixture\.ts$|^test\/|^sandbox\/testing\/|(^|\/)(fake|arbitrary)-[a-z-]+\.ts$/.test(
    path,
  )
}
