import { batcherErrors } from './batcher.ts'
import { refuse } from './error.ts'

export interface ReadBatcherOptions<Value> {
  /** Reads all of these keys, each named once, in one statement; a key that is nothing is missing from the answer. */
  readonly read: (keys: readonly string[]) => Promise<ReadonlyMap<string, Value>>
  readonly maxBatch: number
  /** Requests that may wait; beyond them `overloaded`. */
  readonly maxQueue: number
}

interface Waiting<Value> {
  readonly resolve: (value: Value | undefined) => void
  readonly reject: (error: unknown) => void
}

/**
 * One statement for all that is asked in one turn of the event loop, and for all that is asked while the last one runs.
 * What is read is never older than the question. A statement that fails fails for everybody who waits for it.
 */
export function createReadBatcher<Value>(
  options: ReadBatcherOptions<Value>,
): (key: string) => Promise<Value | undefined> {
  const asked = new Map<string, Waiting<Value>[]>()
  let waiting = 0
  let busy = false

  async function run(): Promise<void> {
    const keys = [...asked.keys()].slice(0, options.maxBatch)
    const batch = keys.map((key) => [key, asked.get(key) ?? []] as const)
    for (const [key, askers] of batch) {
      asked.delete(key)
      waiting -= askers.length
    }
    try {
      const found = await options.read(keys)
      for (const [key, askers] of batch) for (const asker of askers) asker.resolve(found.get(key))
    } catch (error) {
      for (const [, askers] of batch) for (const asker of askers) asker.reject(error)
    }
    if (waiting > 0) later()
    else busy = false
  }

  /** After what the sockets have brought in this turn, so that it is all read together. */
  function later(): void {
    busy = true
    setImmediate(() => void run())
  }

  return (key) => {
    if (waiting >= options.maxQueue)
      return Promise.reject(refuse(batcherErrors.overloaded, { retryAfterSeconds: 1 }))
    return new Promise((resolve, reject) => {
      const askers = asked.get(key)
      if (askers) askers.push({ resolve, reject })
      else asked.set(key, [{ resolve, reject }])
      waiting++
      if (!busy) later()
    })
  }
}
