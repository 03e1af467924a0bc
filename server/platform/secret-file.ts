import { randomUUID } from 'node:crypto'
import { linkSync, mkdirSync, unlinkSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

/**
 * Makes a file of mode 0600 unless it is there already; whoever reads it finds all of it. Of several processes that start
 * at once the first one's text stands, for all of them.
 */
export function makeSecretFile(path: string, text: string): void {
  // The database's server runs as another user where ours is root, and must be able to pass through.
  mkdirSync(dirname(path), { recursive: true, mode: 0o711 })
  const draft = `${path}.${randomUUID()}`
  writeFileSync(draft, text, { mode: 0o600, flag: 'wx' })
  try {
    linkSync(draft, path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  } finally {
    unlinkSync(draft)
  }
}
