import { setTimeout as sleep } from 'node:timers/promises'

type Action = 'crash' | 'throw' | 'hang'
interface Armed {
  remaining: number
  readonly action: Action
}

const armed = new Map<string, Armed>()
const HANG_MS = 60_000

/**
 * Arms failpoints from `FAILPOINT=name:count:crash|throw|hang[,...]`: the count-th arrival acts.
 * Refused in production by `config.ts`.
 */
export function armFailpoints(text: string): void {
  for (const part of text.split(',').filter(Boolean)) {
    const [name, count, action] = part.split(':')
    if (!name || !/^[1-9]\d*$/.test(count ?? '') || !['crash', 'throw', 'hang'].includes(action ?? '')) {
      throw new Error(`FAILPOINT is written name:count:crash|throw|hang, not "${part}"`)
    }
    armed.set(name, { remaining: Number.parseInt(count as string, 10), action: action as Action })
  }
}

export function disarmFailpoints(): void {
  armed.clear()
}

/** A named place where a test may make the process crash, throw or hang. Costs one map look-up when nothing is armed. */
export async function failpoint(name: string): Promise<void> {
  if (armed.size === 0) return
  const point = armed.get(name)
  if (!point || --point.remaining !== 0) return
  switch (point.action) {
    case 'crash':
      process.kill(process.pid, 'SIGKILL')
      await sleep(HANG_MS)
      return
    case 'throw':
      throw new Error(`failpoint ${name}`)
    case 'hang':
      await sleep(HANG_MS)
  }
}
