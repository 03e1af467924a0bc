import { hash } from 'node:crypto'
import type { Readable } from 'node:stream'
import { idToWire } from '../../contract/id.ts'
import type { Brand } from '../brand/index.ts'
import type { Principal } from '../identity/index.ts'
import { refuse } from '../platform/error.ts'
import { type EventStream, openEventStream } from '../platform/event-stream.ts'
import type { TopUpsDeps } from './deps.ts'
import { topUpErrors } from './errors.ts'
import type { Listening } from './listening.ts'
import { expectsNews, followsCredit, viewOrder } from './order-view.ts'
import type { PaceOf } from './pace.ts'
import { isOpen } from './pay.ts'
import { type ReadOrder, readAround, showTo } from './shown-order.ts'
import { readOrders } from './store.ts'
import type { TopUp } from './top-up.ts'
import { createWaker } from './waker.ts'

/** Orders told live: one stream a page, no database connection for any of them. */
export interface Live {
  /**
   * The events of an order for its caller: its view at once, unless `lastEventId` names it, and whenever it has changed, then
   * `end` when nothing more will come. Throws `streams-of-session` and `streams-full`; the page then asks instead.
   */
  open(brand: Brand, caller: Principal, order: TopUp, lastEventId: string | null): Promise<Readable>
  /** Ends every stream; browsers come back to whoever serves then. */
  close(): void
}

export interface LiveLimits {
  /** Browsers keep six connections to a host over HTTP/1.1, and the pages need some of them. */
  readonly perSession: number
  readonly perProcess: number
}

type LiveDeps = TopUpsDeps & {
  readonly listening: Listening
  readonly pace: PaceOf
  readonly limits?: LiveLimits
}

const LIMITS: LiveLimits = { perSession: 3, perProcess: 1_000 }
const RETRY_MS = 2_000
const BEAT_MS = 15_000
/** A session is looked up when a stream begins, hence none lasts longer. */
const LONGEST_MS = 5 * 60_000
const TICK_MS = 250
/** When an order is read again although nobody gave notice of it. */
const PAUSE_MS = {
  /** Its message is on its way, or the network is about to be told; neither gives notice. */
  arriving: 1_000,
  /** No notice can be heard. */
  deaf: 2_000,
  /** The provider must know that the page listens. */
  paying: 5_000,
  /** A notice may have been lost, or a person is to decide, who gives none. */
  still: 15_000,
}

interface Watch {
  readonly brand: Brand
  readonly caller: Principal
  readonly order: string
  readonly stream: EventStream
  readonly openedAtMs: number
  /** Settles with the first look. */
  readonly begun: PromiseWithResolvers<void>
  /** The event last sent, or that the page says it has. */
  shownId: string | null
  /** What the last view was made of. */
  mark: string
  lookAtMs: number
  beatAtMs: number
}

/** What this process calls the changes of a brand's orders. */
export function topicOf(brand: string): string {
  return `orders/${brand}`
}

export function createLive(deps: LiveDeps): Live {
  const { clock, notices, brands, limits = LIMITS } = deps
  const watches = new Set<Watch>()
  const rounds = createWaker((key) => look(deps, dueOf(key), drop), deps.log)
  let timer: NodeJS.Timeout | undefined
  let hearing = false

  const of = (key: string) => [...watches].filter(({ brand }) => brand.key === key)
  const dueOf = (key: string) => of(key).filter(({ lookAtMs }) => lookAtMs <= clock.instant())

  function lookSoon(key: string, concerns: (watch: Watch) => boolean): void {
    const concerned = of(key).filter(concerns)
    for (const watch of concerned) watch.lookAtMs = 0
    if (concerned.length > 0) rounds.wake(key)
  }

  function hear(): void {
    if (hearing) return
    hearing = true
    for (const { key } of brands.all) {
      notices?.hear(topicOf(key), {
        heard: (ids) => lookSoon(key, ({ order }) => ids === 'many' || ids.includes(order)),
        missed: () => lookSoon(key, () => true),
      })
    }
  }

  function drop(watch: Watch): void {
    watches.delete(watch)
    watch.stream.end()
    // Who is still waiting for the first look gets what there is: an end.
    watch.begun.resolve()
    if (watches.size > 0) return
    clearInterval(timer)
    timer = undefined
  }

  function tick(): void {
    const nowMs = clock.instant()
    for (const watch of watches) if (!isAlive(watch, nowMs)) drop(watch)
    for (const { key } of brands.all) if (dueOf(key).length > 0) rounds.wake(key)
  }

  return {
    async open(brand, caller, { id: order }, lastEventId) {
      admit(caller, watches, limits)
      hear()
      const watch = begin({ brand, caller, order }, lastEventId, clock.instant())
      watches.add(watch)
      watch.stream.body.once('close', () => drop(watch))
      timer ??= setInterval(tick, TICK_MS).unref()
      // Read with whoever else begins now, and in turn with every later look, so that no older view follows a newer one.
      rounds.wake(brand.key)
      try {
        await watch.begun.promise
        return watch.stream.body
      } catch (error) {
        drop(watch)
        throw error
      }
    },
    close() {
      for (const watch of watches) drop(watch)
    },
  }
}

function admit(
  { session }: Principal,
  watches: ReadonlySet<Watch>,
  { perSession, perProcess }: LiveLimits,
): void {
  const own = [...watches].filter(({ caller }) => caller.session === session)
  if (own.length >= perSession) throw refuse(topUpErrors['streams-of-session'])
  if (watches.size >= perProcess)
    throw refuse(topUpErrors['streams-full'], { retryAfterSeconds: RETRY_MS / 1_000 })
}

function begin(
  what: Pick<Watch, 'brand' | 'caller' | 'order'>,
  lastEventId: string | null,
  nowMs: number,
): Watch {
  return {
    ...what,
    stream: openEventStream(RETRY_MS),
    openedAtMs: nowMs,
    begun: Promise.withResolvers<void>(),
    shownId: lastEventId,
    mark: '',
    lookAtMs: 0,
    beatAtMs: nowMs + BEAT_MS,
  }
}

/** Beats when it is time; false when the stream has lasted long enough, or its reader has not taken the beat before. */
function isAlive(watch: Watch, nowMs: number): boolean {
  if (nowMs >= watch.openedAtMs + LONGEST_MS) return false
  if (nowMs < watch.beatAtMs) return true
  watch.beatAtMs = nowMs + BEAT_MS
  if (watch.stream.beat()) return true
  watch.stream.body.destroy()
  return false
}

/** Reads the orders of these streams at once and sends what has changed. */
async function look(deps: LiveDeps, due: readonly Watch[], drop: (watch: Watch) => void): Promise<void> {
  const [first] = due
  if (!first) return
  const { brand } = first
  const nowMs = deps.clock.instant()
  // Set before reading: a notice that comes meanwhile is of what this look may not see.
  for (const watch of due) watch.lookAtMs = nowMs + PAUSE_MS.still
  try {
    const db = deps.db.of(brand.key)
    const read = await readAround(deps, brand, await readOrders(db, [...new Set(due.map((w) => w.order))]))
    const byId = new Map(read.map((around) => [around.order.id, around]))
    for (const watch of due) {
      const around = byId.get(watch.order)
      // Orders move to the account that its guest logs in to.
      if (around?.order.caller !== watch.caller.id) drop(watch)
      else await tell(deps, watch, around, drop)
      watch.begun.resolve()
    }
    await deps.listening(brand, read)
  } catch (error) {
    for (const watch of due) watch.begun.reject(error)
    throw error
  }
}

async function tell(
  deps: LiveDeps,
  watch: Watch,
  around: ReadOrder,
  drop: (watch: Watch) => void,
): Promise<void> {
  const { clock, db, pace, notices } = deps
  const { brand, caller, stream } = watch
  const mark = hash('sha256', JSON.stringify(around, digits), 'base64url')
  if (mark !== watch.mark) {
    const [shown] = await showTo(deps, db.of(brand.key), caller, [around])
    if (!shown) return
    const data = JSON.stringify(viewOrder(brand, shown, await pace(brand.key)))
    const id = `${idToWire(around.order.id)}-${hash('sha256', data, 'base64url').slice(0, 16)}`
    if (id !== watch.shownId) stream.send({ name: 'order', id, data })
    watch.mark = mark
    watch.shownId = id
  }
  const nowMs = clock.instant()
  if (!expectsNews(around, nowMs)) {
    stream.end({ name: 'end', data: '{}' })
    drop(watch)
    return
  }
  watch.lookAtMs = Math.min(watch.lookAtMs, nowMs + pauseOf(around, notices?.listening() === true, nowMs))
}

const digits = (_key: string, value: unknown) => (typeof value === 'bigint' ? value.toString() : value)

function pauseOf(around: ReadOrder, hears: boolean, nowMs: number): number {
  const { order, attempts } = around
  if (order.state === 'credited') return followsCredit(around, nowMs) ? PAUSE_MS.arriving : PAUSE_MS.still
  if (!hears) return PAUSE_MS.deaf
  return attempts.some(isOpen) ? PAUSE_MS.paying : PAUSE_MS.still
}
