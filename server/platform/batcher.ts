import { defineErrors, refuse } from './error.ts'

export const batcherErrors = defineErrors({
  overloaded: ['unavailable', 'The queue is full; nothing was done. Try again shortly with the same key'],
})

export interface BatcherOptions<Command, Outcome> {
  readonly maxBatch: number
  readonly maxQueue: number
  /**
   * Does a whole batch in one transaction and answers one outcome per command, in order. A throw means nothing of the
   * batch stands: the batch is halved until the poison command fails alone.
   */
  readonly run: (commands: readonly Command[]) => Promise<readonly Outcome[]>
  /** True for failures that no command is to blame for (the database is gone): the whole batch fails at once. */
  readonly isOutage: (error: unknown) => boolean
}

export interface Batcher<Command, Outcome> {
  /** Resolves after commit. Rejects with `overloaded` when the queue is full. */
  submit(command: Command): Promise<Outcome>
  readonly queued: number
  /** Resolves when everything submitted so far is answered. */
  drained(): Promise<void>
}

interface Waiting<Command, Outcome> {
  readonly command: Command
  readonly resolve: (outcome: Outcome) => void
  readonly reject: (error: unknown) => void
}

/**
 * Group commit for commands. A batch starts as soon as none is in flight, so an idle system answers at once and a
 * busy one makes larger batches: while one commits, the next fills.
 */
export function createBatcher<Command, Outcome>(
  options: BatcherOptions<Command, Outcome>,
): Batcher<Command, Outcome> {
  let queue: Waiting<Command, Outcome>[] = []
  let running: Promise<void> | undefined

  async function runHalving(batch: readonly Waiting<Command, Outcome>[]): Promise<void> {
    try {
      const outcomes = await options.run(batch.map((w) => w.command))
      if (outcomes.length !== batch.length) throw new Error('a batch must answer every command')
      for (const [i, waiting] of batch.entries()) waiting.resolve(outcomes[i] as Outcome)
    } catch (error) {
      if (batch.length === 1 || options.isOutage(error)) {
        for (const waiting of batch) waiting.reject(error)
        return
      }
      const middle = batch.length >> 1
      await runHalving(batch.slice(0, middle))
      await runHalving(batch.slice(middle))
    }
  }

  async function runAll(): Promise<void> {
    while (queue.length > 0) {
      const batch = queue.slice(0, options.maxBatch)
      queue = queue.slice(options.maxBatch)
      await runHalving(batch)
    }
    running = undefined
  }

  return {
    submit(command) {
      if (queue.length >= options.maxQueue) {
        return Promise.reject(refuse(batcherErrors.overloaded, { retryAfterSeconds: 1 }))
      }
      return new Promise((resolve, reject) => {
        queue.push({ command, resolve, reject })
        // Begins after the current turn, so that callers of one turn share a batch.
        running ??= Promise.resolve().then(runAll)
      })
    },
    get queued() {
      return queue.length
    },
    async drained() {
      while (running) await running
    },
  }
}
