import { monotonicMs } from './platform/clock.ts'

/** What runs until it is told to end. */
export interface Ending {
  /** Ends in order: no new work, what is begun is answered, then everything is closed. */
  stop(): Promise<void>
  /** For how long, at most, requests are still taken before that: a load balancer must have looked. */
  readonly drainSeconds: number
  /** Says that the time is up. */
  late(): void
}

/** Beside draining, the end takes no longer than this: whoever started us would kill us anyway. */
export const STOP_SECONDS = 30

/** One Ctrl-C arrives up to three times: from the terminal, from npm and from whoever started us. */
const ONE_WISH_MS = 1_000

/**
 * Runs until told to end: by a signal, or by the end of the parent that spawned us with a channel. A signal more than a second
 * later ends the process at once, with 1; what was committed stands either way.
 */
export async function runUntilEnded(
  exit: (code: number) => never,
  start: () => Promise<Ending>,
  fail: (error: unknown) => never,
): Promise<void> {
  const starting = start()
  let endingSinceMs: number | undefined
  const end = () => {
    if (endingSinceMs !== undefined) {
      if (monotonicMs() - endingSinceMs > ONE_WISH_MS) exit(1)
      return
    }
    endingSinceMs = monotonicMs()
    void starting.then((running) => endInTime(running, exit)).catch(fail)
  }
  process.on('SIGINT', end)
  process.on('SIGTERM', end)
  if (process.connected) process.once('disconnect', () => endingSinceMs === undefined && end())
  await starting
  if (process.connected) process.send?.('ready')
}

async function endInTime(running: Ending, exit: (code: number) => never): Promise<never> {
  const deadline = setTimeout(
    () => {
      running.late()
      exit(1)
    },
    (running.drainSeconds + STOP_SECONDS) * 1000,
  )
  await running.stop()
  clearTimeout(deadline)
  exit(0)
}
