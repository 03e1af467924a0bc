import type { WriteStream } from 'node:tty'
import { monotonicMs } from '../platform/clock.ts'

const REDRAW_MS = 100
const LINE_EVERY_MS = 5_000
const BAR_WIDTH = 24
const ERASE_LINE = '\r\u001b[K'

/** How far something has come: `part` of 1, and how many of what are done. */
export interface Step {
  readonly part: number
  readonly done: number
}

export interface Progress {
  show(step: Step): void
  /** Takes the bar away. */
  end(): void
}

/** On a terminal one line that is drawn again; elsewhere a line every five seconds, for logs. */
export function createProgress(
  stream: Pick<WriteStream, 'write'> & { readonly isTTY?: boolean },
  unit: string,
  now: () => number = monotonicMs,
): Progress {
  const startedAt = now()
  let shownAt = startedAt
  return {
    show(step) {
      const nowMs = now()
      if (nowMs - shownAt < (stream.isTTY ? REDRAW_MS : LINE_EVERY_MS)) return
      shownAt = nowMs
      const text = inWords(step, nowMs - startedAt, unit)
      stream.write(stream.isTTY ? `${ERASE_LINE}${bar(step.part)} ${text}` : `${text}\n`)
    },
    end() {
      if (stream.isTTY) stream.write(ERASE_LINE)
    },
  }
}

function bar(part: number): string {
  const full = Math.min(BAR_WIDTH, Math.round(part * BAR_WIDTH))
  return `[${'█'.repeat(full)}${'·'.repeat(BAR_WIDTH - full)}]`
}

function inWords({ part, done }: Step, elapsedMs: number, unit: string): string {
  const perSecond = Math.round((done * 1000) / elapsedMs)
  const left = part > 0 ? `, ${clockTime((elapsedMs / part) * (1 - part))} left` : ''
  return `${Math.floor(part * 100)} %  ${inDigits(done)} ${unit}, ${inDigits(perSecond)} a second${left}`
}

function clockTime(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000))
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}

/** 1000000 as 1,000,000. */
export function inDigits(count: number): string {
  return count.toLocaleString('en')
}
