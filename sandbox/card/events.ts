import type { Book } from '../book.ts'
import type { Clock } from '../clock.ts'
import { type Courier, createCourier } from '../courier.ts'
import type { Reception } from '../post.ts'
import type { Repetition } from '../repetition.ts'
import { deliver, isAcknowledged } from './deliver.ts'
import { type CardEvent, type EventType, eventBody, signature, spoil, subjectOf } from './event.ts'
import type { CardMerchants } from './merchants.ts'
import { newId, newSessionId, newWebhookSecret } from './numbers.ts'
import type { Dispute, Refund, Session } from './payment.ts'
import { type ShapeDeps, sessionShape } from './shapes.ts'
import type { CardState, Entry } from './state.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs
/** Waits between sendings. The vendor says "up to three days, with exponential back-off" and keeps the steps to itself. */
const waitsMs = [5 * minuteMs, 30 * minuteMs, ...[2, 5, 10, 12, 12, 12, 12].map((hours) => hours * hourMs)]

/** The merchant's endpoint, told. */
export interface Events extends Pick<Courier<CardEvent>, 'nextSendingAt' | 'resume' | 'stop'> {
  /** Resolves when the event is on disk; `sent` resolves when its first sending is over. */
  announce(type: EventType, session: Session, about?: Refund | Dispute): Promise<{ sent: Promise<void> }>
  /** Sends the session's newest event again, outside its ladder; with `freshIds` each under an id of its own. */
  repeat(session: Session, how: Repetition): Promise<Reception[]>
  /** Sends `checkout.session.completed` as if paid, under a stranger's signature. */
  forge(session: Session): Promise<Reception>
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

interface Office extends EventsDeps {
  stopping: AbortController
}

export function createEvents(deps: EventsDeps): Events {
  const office: Office = { ...deps, stopping: new AbortController() }
  const courier = createCourier<CardEvent>({
    ...office,
    records: office.state.events,
    waitsMs,
    merchantOf: ({ account }) => account,
    knobsOf: office.merchants.knobs,
    post: ({ account, body }) => post(office, account, body),
    isAcknowledged,
    postStray: (event) => postStray(office, event),
  })
  return {
    announce: (type, session, about) => courier.announce(eventOf(office, type, session, about)),
    repeat: (session, how) =>
      courier.repeat(
        (event) => event.session === session.id,
        how,
        ({ account, body }) => {
          const event = { ...(JSON.parse(body) as object), id: newId('evt') }
          return post(office, account, JSON.stringify(event, null, 2))
        },
      ),
    forge: (session) => forge(office, session),
    nextSendingAt: courier.nextSendingAt,
    resume: courier.resume,
    stop: courier.stop,
  }
}

function eventOf(office: Office, type: EventType, session: Session, about?: Refund | Dispute): CardEvent {
  const { account } = session.order
  const at = office.nowFor(account)
  const { object, previous } = subjectOf(type, session, about, office)
  const id = newId('evt')
  const body = eventBody(id, type, at, object, previous)
  return { id, account, type, session: session.id, at, body }
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
