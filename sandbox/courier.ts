import type { Book } from './book.ts'
import type { Clock } from './clock.ts'
import { depart } from './depart.ts'
import type { RailKnobs } from './knobs.ts'
import { createLadder, type Ladder } from './ladder.ts'
import type { NotificationEntry, NotificationRecord, Told } from './notification.ts'
import type { Reception } from './post.ts'
import type { Repetition } from './repetition.ts'

/** Brings a rail's notifications to its merchants, up the vendor's ladder, as the knobs of each merchant have it. */
export interface Courier<One extends Told> {
  /** Resolves when the notification is on disk; `sent` resolves when its first sending is over. */
  announce(notification: One): Promise<{ sent: Promise<void> }>
  /** The newest that `is` holds for. */
  newest(is: (notification: One) => boolean): One | undefined
  /** Sends the newest that `is` holds for again, outside its ladder; `afresh` does it under an id of its own. */
  repeat(
    is: (notification: One) => boolean,
    how: Repetition,
    afresh: (notification: One) => Promise<Reception>,
  ): Promise<Reception[]>
  /** When one that is not acknowledged goes out next, in milliseconds; undefined: never. */
  nextSendingAt(record: NotificationRecord<One>): number | undefined
  /** After a restart: takes up the ladder of every notification not yet acknowledged. */
  resume(): void
  /** Cuts off what is being sent and waits until nothing writes to the book any more. */
  stop(): Promise<void>
}

type CourierKnobs = Pick<RailKnobs, 'delaySeconds' | 'reorder' | 'dropAll' | 'duplicate' | 'unknownOrder'>

/** Where a rail differs from the others. */
export interface CourierDeps<One extends Told> {
  clock: Clock
  book: Book<NotificationEntry<One>>
  records: Map<string, NotificationRecord<One>>
  /** The vendor's waits between the sendings, in milliseconds. */
  waitsMs: readonly number[]
  retryScale(): number
  merchantOf(notification: One): string
  knobsOf(merchant: string): CourierKnobs
  /** The vendor's clock as this merchant sees it. */
  nowFor(merchant: string): number
  /** Posts it once, with the lies that the knobs ask for at that moment: a knob turned back heals the next retry. */
  post(notification: One): Promise<Reception>
  isAcknowledged(reception: Reception): boolean
  /** The knob `unknownOrder`: beside the first sending goes one, rightly signed, of an order that nobody placed. */
  postStray(notification: One): Promise<unknown>
  /** What goes before the first sending. */
  before?(notification: One): Promise<unknown>
  /** Aborted by `stop`; every posting heeds it. */
  stopping: AbortController
}

/** What is under way in this process, beside what the book knows. */
interface Office<One extends Told> extends CourierDeps<One> {
  ladder: Ladder
  underWay: Set<Promise<unknown>>
  /** The knob `reorder`: per merchant, what lets the waiting notification go. */
  held: Map<string, () => void>
}

export function createCourier<One extends Told>(deps: CourierDeps<One>): Courier<One> {
  const { clock, book, records, retryScale, stopping } = deps
  const ladder = createLadder(deps.waitsMs)
  const office = { ...deps, ladder, underWay: new Set<Promise<unknown>>(), held: new Map() }
  const newest = (is: (notification: One) => boolean) =>
    [...records.values()].findLast(({ notification }) => is(notification))?.notification
  return {
    announce: async (notification) => {
      await book.record({ kind: 'notification-made', notification })
      return { sent: new Promise((resolve) => begin(office, notification, resolve)) }
    },
    newest,
    repeat: async (is, how, afresh) => {
      const latest = newest(is)
      if (!latest) return []
      return await times(how, () => (how.freshIds ? afresh(latest) : send(office, latest)))
    },
    nextSendingAt: (record) => ladder.nextSendingAt(record, retryScale(), record.notification.at),
    resume: () => {
      for (const record of records.values()) {
        const rung = ladder.nextRung(record)
        if (rung === undefined) continue
        const wait = ladder.waitBefore(rung, retryScale())
        clock.after(wait, () => track(office, climb(office, record.notification, rung)))
      }
    },
    stop: async () => {
      stopping.abort()
      await Promise.all(office.underWay)
    },
  }
}

/** First the delay and the order that the knobs ask for, then the first rung; `done` is told when that is over. */
function begin<One extends Told>(office: Office<One>, notification: One, done: () => void): void {
  const merchant = office.merchantOf(notification)
  const go = (then?: () => void) =>
    track(
      office,
      climb(office, notification, 0).finally(() => {
        done()
        then?.()
      }),
    )
  depart(office, merchant, office.knobsOf(merchant), go)
}

/** One rung: the sending itself, and at the first what the knobs add to it; then the wait for the next rung. */
async function climb<One extends Told>(office: Office<One>, notification: One, rung: number): Promise<void> {
  const { ladder, stopping } = office
  const merchant = office.merchantOf(notification)
  const knobs = office.knobsOf(merchant)
  if (stopping.signal.aborted) return
  if (knobs.dropAll) {
    const { id } = notification
    return await office.book.record({ kind: 'notification-dropped', at: office.nowFor(merchant), id })
  }
  const first = rung === 0
  if (first) await office.before?.(notification)
  const copies = first ? Array.from({ length: knobs.duplicate }, () => send(office, notification)) : []
  const stray = first && knobs.unknownOrder ? office.postStray(notification) : undefined
  const receptions = await Promise.all([send(office, notification, rung), ...copies])
  await stray
  if (stopping.signal.aborted || ladder.isLast(rung) || receptions.some(office.isAcknowledged)) return
  const wait = ladder.waitBefore(rung + 1, office.retryScale())
  office.clock.after(wait, () => track(office, climb(office, notification, rung + 1)))
}

function track({ underWay }: { underWay: Set<Promise<unknown>> }, work: Promise<unknown>): void {
  const tracked = work
    .catch((error: unknown) => console.error('sandbox: a notification failed:', error))
    .finally(() => underWay.delete(tracked))
  underWay.add(tracked)
}

async function send<One extends Told>(
  office: Office<One>,
  notification: One,
  rung?: number,
): Promise<Reception> {
  const reception = await office.post(notification)
  if (office.stopping.signal.aborted) return reception
  await office.book.record({
    kind: 'notification-sent',
    id: notification.id,
    at: office.nowFor(office.merchantOf(notification)),
    ...(rung === undefined ? {} : { rung }),
    status: reception.status,
    acknowledged: office.isAcknowledged(reception),
  })
  return reception
}

async function times({ times, concurrently }: Repetition, again: () => Promise<Reception>) {
  if (concurrently) return await Promise.all(Array.from({ length: times }, again))
  const receptions: Reception[] = []
  for (let sent = 0; sent < times; sent += 1) receptions.push(await again())
  return receptions
}
