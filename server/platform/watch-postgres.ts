import { setTimeout as sleep } from 'node:timers/promises'
import type { EmbeddedPostgres } from './embedded-postgres.ts'
import type { Log } from './log.ts'
import { findPostmaster } from './postmaster.ts'

const LOOK_EVERY_MS = 500
const AGAIN_MS = { first: 1_000, most: 30_000 }

/** A server that is started again when it is gone. */
export interface WatchedPostgres {
  /** Ends our use of it; it stops with its last user. */
  stop(): Promise<void>
}

/**
 * Looks after the embedded server for as long as we use it: when its first process is gone, killed or stopped by somebody, it is
 * started again, with pauses that double while it cannot be. Of several processes one starts it and the others adopt it. What
 * was committed is there again; meanwhile statements fail as those of a database that is away.
 */
export function watchPostgres(
  first: EmbeddedPostgres,
  start: () => Promise<EmbeddedPostgres>,
  log: Log,
): WatchedPostgres {
  /** Each start enters the register of users once more. */
  const held = [first]
  const stopping = new AbortController()
  const pause = (ms: number) =>
    sleep(ms, undefined, { signal: stopping.signal, ref: false }).catch(() => undefined)

  async function startAgain(): Promise<void> {
    log.error('the embedded database is gone; it is started again')
    for (
      let againMs = AGAIN_MS.first;
      !stopping.signal.aborted;
      againMs = Math.min(2 * againMs, AGAIN_MS.most)
    ) {
      try {
        const started = await start()
        held.push(started)
        log.warn({ adopted: started.adopted }, 'the embedded database is there again')
        return
      } catch (error) {
        log.error({ err: error, againMs }, 'the embedded database could not be started')
      }
      await pause(againMs)
    }
  }

  async function watch(): Promise<void> {
    for (;;) {
      await pause(LOOK_EVERY_MS)
      if (stopping.signal.aborted) return
      if (!findPostmaster(first.dataDir)) await startAgain()
    }
  }

  const watching = watch()
  return {
    async stop() {
      stopping.abort()
      await watching
      for (const each of held) await each.stop()
    },
  }
}
