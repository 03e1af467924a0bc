import type { Brand } from './brand.ts'

export interface HotlineNow {
  readonly open: boolean
  /** When that ends, in milliseconds since 1970; null: it never does. */
  readonly changesAtMs: number | null
}

const MINUTE_MS = 60_000
/** A week and a day: hours that repeat by the week have changed within it, or never do. */
const LOOK_AHEAD_MINUTES = 8 * 24 * 60

/**
 * Whether somebody answers at a moment, and until when. Walks the clock of the hotline's zone from one edge of its hours to
 * the next, so that a day with a changed clock is right too.
 */
export function hotlineAt({ zone, open: hours }: Brand['hotline'], nowMs: number): HotlineNow {
  const spans = hours.map(({ days, from, to }) => ({ days, from: minutesOf(from), to: minutesOf(to) }))
  const isOpen = (atMs: number) => {
    const { weekday, minute } = wallClock(zone, atMs)
    return spans.some(({ days, from, to }) => days.includes(weekday) && minute >= from && minute < to)
  }
  const open = isOpen(nowMs)
  const edges = [...new Set([0, ...spans.flatMap(({ from, to }) => [from, to % (24 * 60)])])]
  for (let atMs = nowMs, ahead = 0; ahead < LOOK_AHEAD_MINUTES; ) {
    const { minute } = wallClock(zone, atMs)
    const wait = Math.min(...edges.map((edge) => (edge > minute ? edge - minute : edge + 24 * 60 - minute)))
    const edgeMs = Math.floor(atMs / MINUTE_MS) * MINUTE_MS + wait * MINUTE_MS
    if (isOpen(edgeMs) !== open) return { open, changesAtMs: firstMinute(atMs, edgeMs, isOpen, open) }
    ahead += wait
    atMs = edgeMs
  }
  return { open, changesAtMs: null }
}

/** An edge that a changed clock moved is found by halving; without one the first try is it. */
function firstMinute(
  fromMs: number,
  changedMs: number,
  isOpen: (atMs: number) => boolean,
  open: boolean,
): number {
  if (isOpen(changedMs - MINUTE_MS) === open) return changedMs
  let before = Math.floor(fromMs / MINUTE_MS)
  let after = changedMs / MINUTE_MS
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2)
    if (isOpen(middle * MINUTE_MS) === open) before = middle
    else after = middle
  }
  return after * MINUTE_MS
}

function minutesOf(time: string): number {
  const [hour = '', minute = ''] = time.split(':')
  return Number.parseInt(hour, 10) * 60 + Number.parseInt(minute, 10)
}

const WEEKDAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']

/** What a clock on the wall shows: the day of the week (1 is Monday) and the minute of the day. */
function wallClock(zone: string, atMs: number): { readonly weekday: number; readonly minute: number } {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(atMs)
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.find((one) => one.type === type)?.value ?? ''
  return {
    weekday: WEEKDAYS.indexOf(part('weekday')) + 1,
    minute: Number.parseInt(part('hour'), 10) * 60 + Number.parseInt(part('minute'), 10),
  }
}
