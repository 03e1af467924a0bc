import { setTimeout as sleep } from 'node:timers/promises'
import { monotonicMs } from './clock.ts'
import { isConnectionLoss } from './db.ts'
import { figures } from './figures.ts'
import type { Log } from './log.ts'
import { outsideScope } from './scope.ts'

export interface Loop {
  /** Resolves when the round under way is over; no other begins. */
  stop(): Promise<void>
}

const rounds = figures.counter('baohao_loop_rounds_total', 'Rounds of a loop that ended well.', ['loop'])
const failures = figures.counter('baohao_loop_failures_total', 'Rounds of a loop that failed.', ['loop'])
const lasted = figures.gauge('baohao_loop_round_seconds', 'How long the last round took.', ['loop'])

const turned = new Set<string>()

/** The loops of this process of which a round ended well since this was asked last. */
export function loopsTurned(): string[] {
  const names = [...turned]
  turned.clear()
  return names
}

/** Runs `round` again and again with a pause between; a round that fails is logged and the next one comes. */
export function startLoop(name: string, pauseMs: number, round: () => Promise<unknown>, log: Log): Loop {
  const stopping = new AbortController()
  const [well, badly, seconds] = [rounds.of(name), failures.of(name), lasted.of(name)]
  async function turn(): Promise<void> {
    const startedAt = monotonicMs()
    try {
      await round()
      well.add()
      turned.add(name)
    } catch (error) {
      badly.add()
      // An outage is told by whoever holds the connections; each loop's stack beside it would tell nothing more.
      if (isConnectionLoss(error)) log.warn({ loop: name }, 'a round found the database away')
      else log.error({ err: error, loop: name }, 'a round failed')
    }
    seconds.set((monotonicMs() - startedAt) / 1000)
  }
  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      await turn()
      await sleep(pauseMs, undefined, { signal: stopping.signal }).catch(() => undefined)
    }
  }
  const running = outsideScope(run)
  return {
    async stop() {
      stopping.abort()
      await running
    },
  }
}
