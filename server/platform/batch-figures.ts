import { type Counter, figures, type Gauge, type Histogram, SECONDS } from './figures.ts'

/** What is counted of one batcher; those of one name are one. */
export interface BatchFigures {
  readonly queue: Gauge
  readonly lanes: Gauge
  readonly size: Histogram
  readonly seconds: Histogram
  readonly failed: Counter
  readonly overloaded: Counter
}

const BY_BATCHER = ['batcher']
const SIZES = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000]
const LASTING = 'How long a batch takes, from its first statement to its commit.'
const FAILED = 'Batches rolled back, and the halves of halved ones that were.'

const queue = figures.gauge('baohao_batcher_queue', 'Commands that wait for a batch.', BY_BATCHER)
const lanes = figures.gauge('baohao_batcher_lanes', 'Batches in flight.', BY_BATCHER)
const size = figures.histogram('baohao_batch_size', 'Commands in a batch.', SIZES, BY_BATCHER)
const seconds = figures.histogram('baohao_batch_seconds', LASTING, SECONDS, BY_BATCHER)
const failed = figures.counter('baohao_batches_failed_total', FAILED, BY_BATCHER)
const overloaded = figures.counter(
  'baohao_batcher_overloaded_total',
  'Commands turned away because the queue was full.',
  BY_BATCHER,
)

export function batchFigures(name: string): BatchFigures {
  return {
    queue: queue.of(name),
    lanes: lanes.of(name),
    size: size.of(name),
    seconds: seconds.of(name),
    failed: failed.of(name),
    overloaded: overloaded.of(name),
  }
}
