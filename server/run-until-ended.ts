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

/**
 * Runs until told to end: by a signal, or by the end of the parent that spawned us with a channel. A second signal ends the
 * process at once, with 1; what was committed stands either way.
 */
export async function runUntilEnded(
  start: () => Promise<Ending>,
  fail: (error: unknown) => never,
): Promise<void> {
  const starting = start()
  let ending = false
  const end = () => {
    if (ending) process.exit(1)
    ending = true
    void starting.then(endInTime).catch(fail)
  }
  process.on('SIGINT', end)
  process.on('SIGTERM', end)
  if (process.connected) process.once('disconnect', () => !ending && end())
  await starting
  if (process.connected) process.send?.('ready')
}

async function endInTime(running: Ending): Promise<never> {
  const deadline = setTimeout(
    () => {
      running.late()
      process.exit(1)
    },
    (running.drainSeconds + STOP_SECONDS) * 1000,
  )
  await running.stop()
  clearTimeout(deadline)
  process.exit(0)
}
