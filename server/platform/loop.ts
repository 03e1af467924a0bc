import { setTimeout as sleep } from 'node:timers/promises'
import type { Log } from './log.ts'

export interface Loop {
  /** Resolves when the round under way is over; no other begins. */
  stop(): Promise<void>
}

/** Runs `round` again and again with a pause between; a round that fails is logged and the next one comes. */
export function startLoop(name: string, pauseMs: number, round: () => Promise<unknown>, log: Log): Loop {
  const stopping = new AbortController()
  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      await round().catch((error: unknown) => log.error({ err: error, loop: name }, 'a round failed'))
      await sleep(pauseMs, undefined, { signal: stopping.signal }).catch(() => undefined)
    }
  }
  const running = run()
  return {
    async stop() {
      stopping.abort()
      await running
    },
  }
}
