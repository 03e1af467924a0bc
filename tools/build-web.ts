import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'

const root = join(import.meta.dirname, '..')
const SOURCES = ['web', 'contract', 'i18n', 'package-lock.json']
const TEXT = /\.(js|css|svg|html)$/

function* filesUnder(path: string): Generator<string> {
  if (statSync(path).isFile()) {
    yield path
    return
  }
  for (const name of readdirSync(path).sort()) {
    if (name !== 'dist' && name !== 'node_modules') yield* filesUnder(join(path, name))
  }
}

/** A hash of all that the pages are built from. */
export function sourceHash(): string {
  const hash = createHash('sha256')
  for (const source of SOURCES) {
    for (const file of filesUnder(join(root, source)))
      hash.update(file.slice(root.length)).update(readFileSync(file))
  }
  return hash.digest('hex')
}

/** Compressed copies beside the files, made once here and not at every request. */
async function compressDist(dist: string): Promise<void> {
  for (const file of [...filesUnder(join(dist, 'assets'))].filter((name) => TEXT.test(name))) {
    const bytes = readFileSync(file)
    writeFileSync(`${file}.gz`, await promisify(gzip)(bytes, { level: 9 }))
    const params = { [constants.BROTLI_PARAM_QUALITY]: 9, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length }
    writeFileSync(`${file}.br`, await promisify(brotliCompress)(bytes, { params }))
  }
}

/** Builds the pages into `dist` when what they are made from has changed; answers whether it did. */
export async function buildWeb(dist = join(root, 'web/dist')): Promise<boolean> {
  const stamp = join(dist, '.built-from')
  const hash = sourceHash()
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return false
  const vite = join(root, 'node_modules/vite/bin/vite.js')
  const env = { ...process.env, NODE_ENV: 'production' }
  const child = spawn(
    process.execPath,
    [vite, 'build', 'web', '--outDir', dist, '--emptyOutDir', '--logLevel', 'error'],
    {
      cwd: root,
      env,
      stdio: ['ignore', 2, 2],
    },
  )
  const code = await new Promise<number | null>((resolve) => child.once('exit', resolve))
  if (code !== 0) throw new Error(`the pages could not be built (vite build ended with ${code})`)
  await compressDist(dist)
  writeFileSync(stamp, hash)
  return true
}

if (process.argv[1] === import.meta.filename) await buildWeb()
