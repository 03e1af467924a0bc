import { rename, writeFile } from 'node:fs/promises'

/** The writing of each file that is under way. */
const underWay = new Map<string, Promise<void>>()

/**
 * Writes a file (0600) so that readers see the old one or the new one, never half of one. Of two writings at once the later call is
 * the one that stays.
 */
export async function replaceFile(path: string, content: string): Promise<void> {
  const before = underWay.get(path) ?? Promise.resolve()
  const writing = before
    .catch(() => undefined)
    .then(async () => {
      await writeFile(`${path}.new`, content, { mode: 0o600, flush: true })
      await rename(`${path}.new`, path)
    })
  underWay.set(path, writing)
  try {
    await writing
  } finally {
    if (underWay.get(path) === writing) underWay.delete(path)
  }
}
