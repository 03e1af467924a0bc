import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Sandbox } from '../start.ts'

/** Key files by their names, as the first sandboxes of this process made them: making one takes longer than most tests. */
const kept = new Map<string, string>()

/** Starts a sandbox on an empty data directory with the keys of those before it, and keeps what it had to make. */
export async function startWithKeptKeys(dataDir: string, start: () => Promise<Sandbox>): Promise<Sandbox> {
  const folder = join(dataDir, 'keys')
  await mkdir(folder, { mode: 0o700 })
  for (const [name, text] of kept) await writeFile(join(folder, name), text, { mode: 0o600 })
  const sandbox = await start()
  for (const name of await readdir(folder)) {
    if (!kept.has(name)) kept.set(name, await readFile(join(folder, name), 'utf8'))
  }
  return sandbox
}
