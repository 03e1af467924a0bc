import type { Book } from '../book.ts'
import type { Clock } from '../clock.ts'
import { depart } from '../depart.ts'
import { createLadder } from '../ladder.ts'
import type { Reception } from '../post.ts'
import { deliver, isAcknowledged } from './deliver.ts'
import { type CardEvent, type EventType, eventBody, signature, spoil, subjectOf } from './event.ts'
import type { CardMerchants } from './merchants.ts'
import { newId, newSessionId, newWebhookSecret } from './numbers.ts'
import type { Dispute, Refund, Session } from './payment.ts'
import { type ShapeDeps, sessionShape } from './shapes.ts'
import type { CardState, Entry, EventRecord } from './state.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs
/** Waits between sendings. The vendor says "up to three days, with exponential back-off" and keeps the steps to itself. */
const ladder = createLadder([
  5 * minuteMs,
  30 * minuteMs,
  ...[2, 5, 10, 12, 12, 12, 12].map((hours) => hours * hourMs),
])

export interface Repetition {
  times: number
  concurrently: boolean
  freshIds: boolean
}

/** The merchant's endpoint, told. */
export interface Events {
  /** Resolves when the event is on disk; `sent` resolves when its first sending is over. */
  announce(type: EventType, session: Session, about?: Refund | Dispute): Promise<{ sent: Promise<void> }>
  /** Sends the session's newest event again, outside its ladder; with `freshIds` each under an id of its own. */
  repeat(session: Session, how: Repetition): Promise<Reception[]>
  /** Sends `checkout.session.completed` as if paid, under a stranger's signature. */
  forge(session: Session): Promise<Reception>
  /** When an event that is not acknowledged is sent next, in milliseconds at the present scale; undefined: never. */
  nextSendingAt(record: EventRecord): number | undefined
  /** After a restart: takes up the ladder of every event not yet acknowledged. */
  resume(): void
  /** Cuts off what is being sent and waits until nothing writes to the book any more. */
  stop(): Promise<void>
}

export interface EventsDeps extends ShapeDeps {
  clock: Clock
  merchants: CardMerchants
  book: Book<Entry>
  state: CardState
  retryScale(): number
  /** The vendor's clock as this merchant sees it. */
  nowFor(account: string): number
}

/** What is under way in this process, beside what the book knows. */
interface Office extends EventsDeps {
  stopping: AbortController
  underWay: Set<Promise<unknown>>
  /** The knob `reorder`: per account, what lets the waiting event go. */
  held: Map<string, () => void>
}

export function createEvents(deps: EventsDeps): Events {
  const office: Office = { ...deps, stopping: new AbortController(), underWay: new Set(), held: new Map() }
  return {
    announce: (type, session, about) => announce(office, type, session, about),
    repeat: (session, how) => repeat(office, session, how),
    forge: (session) => forge(office, session),
    nextSendingAt: (record) => ladder.nextSendingAt(record, office.retryScale(), record.event.at),
    resume: () => {
      for (const record of office.state.events.values()) {
        const rung = ladder.nextRung(record)
        if (rung === undefined) continue
        const wait = ladder.waitBefore(rung, office.retryScale())
        office.clock.after(wait, () => track(office, climb(office, record.event, rung)))
      }
    },
    stop: async () => {
      office.stopping.abort()
      await Promise.all(office.underWay)
    },
  }
}

async function announce(
  office: Office,
  type: EventType,
  session: Session,
  about?: Refund | Dispute,
): Promise<{ sent: Promise<void> }> {
  const { account } = session.order
  const at = office.nowFor(account)
  const { object, previous } = subjectOf(type, session, about, office)
  const id = newId('evt')
  const event = {
    id,
    account,
    type,
    session: session.id,
    at,
    body: eventBody(id, type, at, object, previous),
  }
  await office.book.record({ kind: 'event-made', event })
  return { sent: new Promise((resolve) => begin(office, event, resolve)) }
}

/** First the delay and the order that the knobs ask for, then the first rung; `done` is told when that is over. */
function begin(office: Office, event: CardEvent, done: () => void): void {
  const knobs = office.merchants.knobs(event.account)
  const go = (then?: () => void) =>
    track(
      office,
      climb(office, event, 0).finally(() => {
        done()
        then?.()
      }),
    )
  depart(office, event.account, knobs, go)
}

/** One rung: the sending itself, the copies and the stray that the knobs add; then the wait for the next rung. */
async function climb(office: Office, event: CardEvent, rung: number): Promise<void> {
  const { merchants, book, clock, nowFor, stopping } = office
  const { account, id } = event
  const knobs = merchants.knobs(account)
  if (stopping.signal.aborted) return
  if (knobs.dropAll) return await book.record({ kind: 'event-dropped', at: nowFor(account), id })
  const extras = rung > 0 ? [] : Array.from({ length: knobs.duplicate }, () => send(office, event))
  const stray = knobs.unknownOrder && rung === 0 ? postStray(office, event) : undefined
  const receptions = await Promise.all([send(office, event, rung), ...extras])
  await stray
  if (stopping.signal.aborted || ladder.isLast(rung) || receptions.some(isAcknowledged)) return
  clock.after(ladder.waitBefore(rung + 1, office.retryScale()), () =>
    track(office, climb(office, event, rung + 1)),
  )
}

function track({ underWay }: Office, work: Promise<unknown>): void {
  const tracked = work
    .catch((error: unknown) => console.error('sandbox: an event failed:', error))
    .finally(() => underWay.delete(tracked))
  underWay.add(tracked)
}

async function send(office: Office, event: CardEvent, rung?: number): Promise<Reception> {
  const { book, nowFor, stopping } = office
  const reception = await post(office, event.account, event.body)
  if (stopping.signal.aborted) return reception
  await book.record({
    kind: 'event-sent',
    id: event.id,
    at: nowFor(event.account),
    ...(rung === undefined ? {} : { rung }),
    status: reception.status,
    acknowledged: isAcknowledged(reception),
  })
  return reception
}

function post(office: Office, account: string, text: string, strange = false): Promise<Reception> {
  const { merchants, nowFor, stopping } = office
  const knobs = merchants.knobs(account)
  const url = merchants.find(account)?.webhookUrl ?? ''
  const body = spoil(text, knobs)
  const at = nowFor(account) - knobs.notificationAgeMinutes * minuteMs
  const secrets = strange ? [newWebhookSecret()] : merchants.webhookSecrets(account)
  const signed = signature(body, at, secrets)
  const header = knobs.wrongSignature
    ? signed.replaceAll(/(v1=[0-9a-f]{63})([0-9a-f])/g, (_, head, last) => `${head}${last === '0' ? 1 : 0}`)
    : signed
  return deliver(url, body, header, stopping.signal)
}

/** The knob `unknownOrder`: beside a session's event a well-signed one of a session that nobody made. */
async function postStray(office: Office, { account, type, body }: CardEvent): Promise<void> {
  if (!type.startsWith('checkout.session.')) return
  const event = JSON.parse(body) as { data: { object: object } }
  const id = newId('evt')
  const object = {
    ...event.data.object,
    id: newSessionId(),
    client_reference_id: `NOBODY${id.slice(-8)}`,
    payment_intent: newId('pi'),
  }
  await post(office, account, JSON.stringify({ ...event, id, data: { object } }, null, 2))
}

async function repeat(office: Office, session: Session, how: Repetition): Promise<Reception[]> {
  const latest = newest(office.state, session)
  if (!latest) return []
  const again = async () => {
    if (!how.freshIds) return await send(office, latest)
    const event = { ...(JSON.parse(latest.body) as object), id: newId('evt') }
    return await post(office, latest.account, JSON.stringify(event, null, 2))
  }
  if (how.concurrently) return await Promise.all(Array.from({ length: how.times }, again))
  const receptions: Reception[] = []
  for (let sent = 0; sent < how.times; sent += 1) receptions.push(await again())
  return receptions
}

async function forge(office: Office, session: Session): Promise<Reception> {
  const { account } = session.order
  const object = {
    ...sessionShape(session, office),
    payment_intent: newId('pi'),
    payment_status: 'paid',
    status: 'complete',
    url: null,
  }
  const body = eventBody(newId('evt'), 'checkout.session.completed', office.nowFor(account), object)
  return await post(office, account, body, true)
}

function newest(state: CardState, session: Session): CardEvent | undefined {
  return [...state.events.values()].findLast(({ event }) => event.session === session.id)?.event
}
