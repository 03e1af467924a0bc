import type { Log } from '../platform/log.ts'

/** So many rounds in a row are a throng. */
const A_THRONG = 3

/** Rounds that are woken, each for a key. */
export interface Waker {
  /** However often a key is woken during its round, it has one more. */
  wake(key: string): void
  /** Resolves when nobody is awake any more. */
  drained(): Promise<void>
}

/**
 * Who comes alone is seen to at once. `gather`, where a round costs much beside what each who waits for it costs: waited for in a
 * throng, where round follows on round, so that more share the next.
 */
export function createWaker(
  round: (key: string) => Promise<unknown>,
  log: Log,
  gather?: () => Promise<unknown>,
): Waker {
  const awake = new Map<string, { again: boolean; done: Promise<void> }>()

  async function run(key: string, state: { again: boolean }): Promise<void> {
    for (let rounds = 1; state.again; rounds++) {
      state.again = false
      await round(key).catch((error: unknown) =>
        log.error({ err: error, brand: key }, 'a woken round failed'),
      )
      if (gather && state.again && rounds >= A_THRONG) await gather()
    }
    awake.delete(key)
  }

  return {
    wake(key) {
      const already = awake.get(key)
      if (already) {
        already.again = true
        return
      }
      const state = { again: true, done: Promise.resolve() }
      awake.set(key, state)
      state.done = run(key, state)
    },
    async drained() {
      await Promise.all([...awake.values()].map(({ done }) => done))
    },
  }
}
