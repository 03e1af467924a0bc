import { setImmediate as nextTurn } from 'node:timers/promises'
import { type BatchFigures, batchFigures } from './batch-figures.ts'
import { monotonicMs } from './clock.ts'
import { defineErrors, refuse } from './error.ts'
import { currentScope, outsideScope } from './scope.ts'
import { isTraced, type OpenSpan, traced } from './trace.ts'

export const batcherErrors = defineErrors({
  overloaded: [
    'unavailable',
    'The queue is full; nothing was done. Try again shortly with the same key',
    { retryAfterSeconds: 1 },
  ],
})

export interface BatcherOptions<Command, Outcome> {
  /** As figures and traces name it: `settle laika`. */
  readonly name: string
  readonly maxBatch: number
  readonly maxQueue: number
  /** How many batches may be in flight at once; default 1. With more, those who wait are shared out among the lanes. */
  readonly lanes?: number
  /**
   * Commands of one shard wait for the same locks: a lane takes those of its own shards (the number modulo `lanes`) first,
   * so that lanes meet seldom, and others' rather than nothing.
   */
  readonly shardOf?: (command: Command) => number
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
  /** The span of whoever waits, where anything is traced. */
  readonly span: OpenSpan | undefined
}

/** What a batch is run with. */
type Run<Command, Outcome> = Pick<BatcherOptions<Command, Outcome>, 'name' | 'run' | 'isOutage'> & {
  readonly counted: BatchFigures
}

/** A queue shorter than this is not shared: two tiny batches cost more than one. */
const WORTH_SHARING = 32

/** Runs a batch, halving it while it fails, and answers everybody in it. */
async function runHalving<Command, Outcome>(
  options: Run<Command, Outcome>,
  batch: readonly Waiting<Command, Outcome>[],
): Promise<void> {
  const { name, run, counted } = options
  let outcomes: readonly Outcome[]
  const startedAt = monotonicMs()
  counted.size.observe(batch.length)
  try {
    const links = batch.flatMap(({ span }) => span ?? [])
    const attributes = { 'baohao.batch.size': batch.length }
    const commands = batch.map((w) => w.command)
    outcomes = await traced('internal', `batch ${name}`, attributes, () => run(commands), links)
    counted.seconds.observe((monotonicMs() - startedAt) / 1000)
  } catch (error) {
    counted.failed.add()
    if (batch.length === 1 || options.isOutage(error)) {
      for (const waiting of batch) waiting.reject(error)
      return
    }
    const middle = batch.length >> 1
    await runHalving(options, batch.slice(0, middle))
    await runHalving(options, batch.slice(middle))
    return
  }
  for (const [i, waiting] of batch.entries()) {
    // The batch stands already: to run it again would do it twice.
    if (outcomes.length === batch.length) waiting.resolve(outcomes[i] as Outcome)
    else waiting.reject(new Error('a batch must answer every command'))
  }
}

/**
 * Group commit for commands. A batch starts as soon as a lane is free, so an idle system answers at once and a
 * busy one makes larger batches: while one commits, the next fills.
 */
export function createBatcher<Command, Outcome>(
  options: BatcherOptions<Command, Outcome>,
): Batcher<Command, Outcome> {
  let queue: Waiting<Command, Outcome>[] = []
  const { lanes = 1, shardOf } = options
  const counted = batchFigures(options.name)
  const runOptions = { ...options, counted }
  const running = new Set<Promise<void>>()
  const open = new Set<number>()
  /** Submitted and not answered. */
  let outstanding = 0

  function takeBatch(lane: number): Waiting<Command, Outcome>[] {
    // With one lane's share in flight the others always find something to do, also while all who ask ask for one shard.
    const share = Math.max(WORTH_SHARING, Math.ceil(outstanding / lanes))
    const own = shardOf ? queue.filter(({ command }) => shardOf(command) % lanes === lane) : []
    const from = own.length >= WORTH_SHARING ? own : queue
    const batch = new Set(from.slice(0, Math.min(options.maxBatch, share)))
    queue = queue.filter((waiting) => !batch.has(waiting))
    counted.queue.set(queue.length)
    return [...batch]
  }

  async function runLane(lane: number): Promise<void> {
    // Begins after the current turn, so that callers of one turn share a batch.
    await Promise.resolve()
    while (queue.length > 0) {
      const batch = takeBatch(lane)
      await runHalving(runOptions, batch)
      outstanding -= batch.length
      // Whoever was just answered may ask again, and shares the next batch.
      await nextTurn()
    }
    // In the same turn as the last look at the queue: who submits next finds the lane closed and opens one.
    open.delete(lane)
    counted.lanes.set(open.size)
  }

  function openLane(): void {
    let lane = 0
    while (open.has(lane)) lane++
    open.add(lane)
    counted.lanes.set(open.size)
    // It serves all who wait, not the one who happened to come first.
    const run = outsideScope(() => runLane(lane)).finally(() => running.delete(run))
    running.add(run)
  }

  return {
    submit(command) {
      if (queue.length >= options.maxQueue) {
        counted.overloaded.add()
        return Promise.reject(refuse(batcherErrors.overloaded, { retryAfterSeconds: 1 }))
      }
      return new Promise((resolve, reject) => {
        const span = isTraced() ? currentScope()?.span : undefined
        outstanding++
        queue.push({ command, resolve, reject, span })
        counted.queue.set(queue.length)
        if (open.size < lanes && (open.size === 0 || queue.length >= WORTH_SHARING)) openLane()
      })
    },
    get queued() {
      return queue.length
    },
    async drained() {
      while (running.size > 0) await Promise.all(running)
    },
  }
}
