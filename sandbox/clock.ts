/**
 * The sandbox's time. Every other file asks this one, so that a test can see which instants and waits exist and so that
 * stopping the sandbox leaves no timer behind.
 */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number
  /** Runs `act` once after `delayMs`; returns a function that calls it off. Waits of months are allowed. */
  after(delayMs: number, act: () => void): () => void
  /** Calls off every wait, and every one asked for later. */
  stop(): void
}

/** Node fires at once when asked to wait longer than this, so longer waits are taken in steps. */
const longestTimerMs = 2_000_000_000

/** `now` is the machine's own time unless a test brings another. */
export function createClock(now: () => number = Date.now): Clock {
  const waiting = new Set<() => void>()
  let stopped = false

  function after(delayMs: number, act: () => void): () => void {
    if (stopped) return () => undefined
    let left = Math.max(0, delayMs)
    let timer: NodeJS.Timeout
    const callOff = () => {
      clearTimeout(timer)
      waiting.delete(callOff)
    }
    const step = () => {
      const wait = Math.min(left, longestTimerMs)
      left -= wait
      timer = setTimeout(() => {
        if (left > 0) return step()
        waiting.delete(callOff)
        act()
      }, wait)
    }
    waiting.add(callOff)
    step()
    return callOff
  }

  return {
    now,
    after,
    stop: () => {
      stopped = true
      for (const callOff of [...waiting]) callOff()
    },
  }
}

/** `yyyy-MM-dd HH:mm:ss` in UTC. */
export function utcTime(instant: number): string {
  return new Date(instant).toISOString().slice(0, 19).replace('T', ' ')
}

const chinaOffsetMs = 8 * 3_600_000

/** `yyyy-MM-dd HH:mm:ss` in GMT+8, the only form of time on Alipay's wire. */
export function chinaTime(instant: number): string {
  return utcTime(instant + chinaOffsetMs)
}

/** `yyyyMMddHHmmss` in GMT+8, the head of trade numbers and notification ids. */
export function compactChinaTime(instant: number): string {
  return chinaTime(instant).replace(/[^0-9]/g, '')
}

/** Reads `yyyy-MM-dd HH:mm:ss` as GMT+8; undefined unless it names a real moment in exactly that form. */
export function parseChinaTime(text: string): number | undefined {
  if (!/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(text)) return undefined
  const instant = Date.parse(`${text.replace(' ', 'T')}Z`) - chinaOffsetMs
  return Number.isNaN(instant) || chinaTime(instant) !== text ? undefined : instant
}
