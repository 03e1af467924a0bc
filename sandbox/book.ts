import { open, readFile } from 'node:fs/promises'

/** An append-only file of JSON lines: what the sandbox knows is exactly the sum of these lines. */
export interface Book<Entry> {
  /**
   * Applies the entry at once and resolves when it is on disk. Callers answer the outside world only after that, so a
   * killed sandbox has never promised anything its book does not hold.
   */
  record(entry: Entry): Promise<void>
  /** Waits until everything recorded is on disk, then closes the file. */
  close(): Promise<void>
}

/**
 * Opens the book at `path`, replays it through `apply`, and keeps it open for appending. A torn last line (a kill in the
 * middle of a write, never acknowledged) is cut off; damage anywhere else is refused with the line's number.
 */
export async function openBook<Entry>(path: string, apply: (entry: Entry) => void): Promise<Book<Entry>> {
  const { entries, wholeBytes } = await read<Entry>(path)
  for (const entry of entries) apply(entry)
  const file = await open(path, 'a', 0o600)
  await file.truncate(wholeBytes)
  let waiting: { line: string; resolve: () => void; reject: (error: unknown) => void }[] = []
  let writing: Promise<void> | undefined

  // One sync serves every line that arrived while the last one ran: a burst of 32 payments costs two syncs, not 32.
  async function write(): Promise<void> {
    while (waiting.length > 0) {
      const batch = waiting
      waiting = []
      try {
        await file.appendFile(batch.map((item) => item.line).join(''))
        await file.datasync()
        for (const item of batch) item.resolve()
      } catch (error) {
        for (const item of batch) item.reject(error)
      }
    }
    writing = undefined
  }

  return {
    record: (entry) => {
      apply(entry)
      return new Promise<void>((resolve, reject) => {
        waiting.push({ line: `${JSON.stringify(entry)}\n`, resolve, reject })
        writing ??= write()
      })
    },
    close: async () => {
      await writing
      await file.close()
    },
  }
}

/** Every whole entry of the book at `path`, oldest first, also while it is being written; an absent file is an empty book. */
export async function readBook<Entry>(path: string): Promise<Entry[]> {
  return (await read<Entry>(path)).entries
}

async function read<Entry>(path: string): Promise<{ entries: Entry[]; wholeBytes: number }> {
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return Buffer.alloc(0)
    throw error
  })
  const wholeBytes = bytes.lastIndexOf(0x0a) + 1
  const lines = bytes.subarray(0, wholeBytes).toString('utf8').split('\n').slice(0, -1)
  const entries = lines.map((line, index) => {
    try {
      return JSON.parse(line) as Entry
    } catch {
      throw new Error(`${path} is damaged at line ${index + 1}: it is not JSON.`)
    }
  })
  return { entries, wholeBytes }
}
