import { type Batcher, createBatcher } from '../platform/batcher.ts'
import type { Clock } from '../platform/clock.ts'
import { CommitUnknown, type Db, isConnectionLoss } from '../platform/db.ts'
import { failpoint } from '../platform/failpoint.ts'
import { newId } from '../platform/id.ts'
import type { Evidence } from './evidence.ts'
import { sendEvidence } from './evidence-store.ts'

export interface Recorder {
  /** Resolves once the evidence, or the same saying before it, is committed. */
  record(brand: string, evidence: Evidence): Promise<void>
  onEvidence(listener: (brand: string) => void): void
  /** Resolves when everything handed in so far is answered. */
  drained(): Promise<void>
}

/** The evidence inbox's way in: many notifications at once share one commit. */
export function createRecorder({ db, clock }: { readonly db: Db; readonly clock: Clock }): Recorder {
  const batchers = new Map<string, Batcher<Evidence, undefined>>()
  const listeners: ((brand: string) => void)[] = []

  async function write(brand: string, batch: readonly Evidence[]): Promise<undefined[]> {
    const nowMs = clock.instant()
    const rows = batch.map((evidence) => ({ ...evidence, id: newId(nowMs) }))
    await failpoint('payment.evidence-writing')
    // Sent with its commit, so that an acknowledgement waits for one round trip.
    await db.of(brand).tx(async (tx) => sendEvidence(tx, rows, nowMs))
    await failpoint('payment.evidence-committed')
    for (const listener of listeners) listener(brand)
    return batch.map(() => undefined)
  }

  function batcherOf(brand: string): Batcher<Evidence, undefined> {
    let batcher = batchers.get(brand)
    if (!batcher) {
      batcher = createBatcher<Evidence, undefined>({
        name: `evidence ${brand}`,
        maxBatch: 200,
        maxQueue: 4_000,
        run: (batch) => write(brand, batch),
        // A commit that may stand is safe to repeat: the second writing finds the first. Whoever sent it will.
        isOutage: (error) => error instanceof CommitUnknown || isConnectionLoss(error),
      })
      batchers.set(brand, batcher)
    }
    return batcher
  }

  return {
    record: (brand, evidence) => batcherOf(brand).submit(evidence),
    onEvidence: (listener) => void listeners.push(listener),
    async drained() {
      for (const batcher of batchers.values()) await batcher.drained()
    },
  }
}
