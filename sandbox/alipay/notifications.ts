import type { KeyObject } from 'node:crypto'
import type { Book } from '../book.ts'
import type { Clock } from '../clock.ts'
import { depart } from '../depart.ts'
import { flipLastBit } from '../flip-last-bit.ts'
import { createLadder } from '../ladder.ts'
import type { Reception } from '../post.ts'
import type { Registry } from '../registry.ts'
import { deliver, isAcknowledged } from './deliver.ts'
import { notificationFields, spoilFields } from './notification-fields.ts'
import { newNotifyId, newTradeNo } from './numbers.ts'
import type { PlatformKeys } from './platform-keys.ts'
import { signParams } from './signature.ts'
import type { AlipayState, Entry, Notification, Refund, Trade } from './trade.ts'

const minuteMs = 60_000
/** Waits between the eight sendings, about 25 hours in all. Source: Alipay, asynchronous notifications. */
const ladder = createLadder([4, 10, 10, 60, 120, 360, 900].map((minutes) => minutes * minuteMs))

export interface Repetition {
  times: number
  concurrently: boolean
  freshIds: boolean
}

export interface Notifications {
  /** Resolves when the notification is on disk; `sent` resolves when its first sending is over. */
  announce(trade: Trade, refund?: Refund): Promise<{ sent: Promise<void> }>
  /** Sends the trade's newest notification again, outside its ladder; with `freshIds` each under a notify_id of its own. */
  repeat(trade: Trade, how: Repetition): Promise<Reception[]>
  /** Sends a TRADE_SUCCESS for the trade under a stranger's signature. */
  forge(trade: Trade, url: string): Promise<Reception>
  /** After a restart: takes up the ladder of every notification not yet acknowledged. */
  resume(): void
  /** Cuts off what is being sent and waits until nothing writes to the book any more. */
  stop(): Promise<void>
}

export interface NotificationsDeps {
  clock: Clock
  registry: Registry
  keys: PlatformKeys
  book: Book<Entry>
  state: AlipayState
  /** Alipay's clock as this merchant sees it. */
  nowFor(appId: string): number
}

/** What is under way in this process, beside what the book knows. */
interface Office extends NotificationsDeps {
  stopping: AbortController
  underWay: Set<Promise<unknown>>
  /** The knob `reorder`: per merchant, what lets the waiting notification go. */
  held: Map<string, () => void>
}

export function createNotifications(deps: NotificationsDeps): Notifications {
  const office: Office = {
    ...deps,
    stopping: new AbortController(),
    underWay: new Set(),
    held: new Map(),
  }
  return {
    announce: (trade, refund) => announce(office, trade, refund),
    repeat: (trade, how) => repeat(office, trade, how),
    forge: (trade, url) => forge(office, trade, url),
    resume: () => {
      for (const record of office.state.notifications.values()) {
        const rung = ladder.nextRung(record)
        if (rung === undefined) continue
        const wait = ladder.waitBefore(rung, office.registry.retryScale())
        office.clock.after(wait, () => track(office, climb(office, record.notification, rung)))
      }
    },
    stop: async () => {
      office.stopping.abort()
      await Promise.all(office.underWay)
    },
  }
}

async function announce(office: Office, trade: Trade, refund?: Refund): Promise<{ sent: Promise<void> }> {
  const { registry, book, nowFor } = office
  const { appId, notifyUrl } = trade.order
  const merchant = registry.merchant(appId)
  if (!notifyUrl || !merchant) return { sent: Promise.resolve() }
  const at = nowFor(appId)
  const notifyId = newNotifyId(at)
  const fields = notificationFields(trade, merchant, notifyId, refund)
  const notification: Notification = { notifyId, appId, tradeNo: trade.tradeNo, url: notifyUrl, fields }
  await book.record({ kind: 'notification-made', at, notification })
  return { sent: new Promise((resolve) => begin(office, notification, resolve)) }
}

/** First the delay and the order that the knobs ask for, then the first rung; `done` is told when that is over. */
function begin(office: Office, notification: Notification, done: () => void): void {
  const knobs = office.registry.alipayKnobs(notification.appId)
  const go = (then?: () => void) =>
    track(
      office,
      climb(office, notification, 0).finally(() => {
        done()
        then?.()
      }),
    )
  depart(office, notification.appId, knobs, go)
}

/** One rung: the sending itself, the copies and the stray that the knobs add; then the wait for the next rung. */
async function climb(office: Office, notification: Notification, rung: number): Promise<void> {
  const { registry, book, clock, nowFor, stopping } = office
  const { appId, notifyId } = notification
  const knobs = registry.alipayKnobs(appId)
  if (stopping.signal.aborted) return
  if (knobs.dropAll) return await book.record({ kind: 'notification-dropped', at: nowFor(appId), notifyId })
  const extras = rung > 0 ? [] : Array.from({ length: knobs.duplicate }, () => send(office, notification))
  const stray = knobs.unknownOrder && rung === 0 ? postStray(office, notification) : undefined
  const receptions = await Promise.all([send(office, notification, rung), ...extras])
  await stray
  if (stopping.signal.aborted || ladder.isLast(rung) || receptions.some(isAcknowledged)) return
  const wait = ladder.waitBefore(rung + 1, registry.retryScale())
  clock.after(wait, () => track(office, climb(office, notification, rung + 1)))
}

function track({ underWay }: Office, work: Promise<unknown>): void {
  const tracked = work
    .catch((error: unknown) => console.error('sandbox: a notification failed:', error))
    .finally(() => underWay.delete(tracked))
  underWay.add(tracked)
}

async function send(office: Office, notification: Notification, rung?: number): Promise<Reception> {
  const { registry, book, keys, nowFor, stopping } = office
  const { appId, notifyId } = notification
  const spoilt = registry.alipayKnobs(appId).wrongSignature
  const reception = await post(office, notification, keys.privateKey(appId), spoilt)
  if (stopping.signal.aborted) return reception
  await book.record({
    kind: 'notification-sent',
    notifyId,
    at: nowFor(appId),
    ...(rung === undefined ? {} : { rung }),
    status: reception.status,
    acknowledged: isAcknowledged(reception),
  })
  return reception
}

function post(
  office: Office,
  notification: Notification,
  key: KeyObject,
  spoilSignature: boolean,
): Promise<Reception> {
  const { registry, nowFor, stopping } = office
  const knobs = registry.alipayKnobs(notification.appId)
  const signed = signParams(spoilFields(notification.fields, knobs, nowFor(notification.appId)), key)
  if (spoilSignature) signed.sign = flipLastBit(signed.sign ?? '')
  return deliver(notification.url, signed, stopping.signal)
}

/** The knob `unknownOrder`: a well-signed notification of a trade that nobody made. */
function postStray(office: Office, notification: Notification): Promise<Reception> {
  const at = office.nowFor(notification.appId)
  const fields = {
    ...notification.fields,
    notify_id: newNotifyId(at),
    trade_no: newTradeNo(at),
    out_trade_no: `NOBODY${newTradeNo(at)}`,
  }
  return post(office, { ...notification, fields }, office.keys.privateKey(notification.appId), false)
}

async function repeat(office: Office, trade: Trade, how: Repetition): Promise<Reception[]> {
  const latest = newestNotification(office.state, trade.tradeNo)
  if (!latest) return []
  const again = async () => {
    if (!how.freshIds) return await send(office, latest)
    const notifyId = newNotifyId(office.nowFor(latest.appId))
    const fields = { ...latest.fields, notify_id: notifyId }
    return await post(office, { ...latest, fields }, office.keys.privateKey(latest.appId), false)
  }
  if (how.concurrently) return await Promise.all(Array.from({ length: how.times }, again))
  const receptions: Reception[] = []
  for (let sent = 0; sent < how.times; sent += 1) receptions.push(await again())
  return receptions
}

async function forge(office: Office, trade: Trade, url: string): Promise<Reception> {
  const { appId } = trade.order
  const merchant = office.registry.merchant(appId)
  if (!merchant) throw new Error(`There is no merchant ${appId}.`)
  const at = office.nowFor(appId)
  const notifyId = newNotifyId(at)
  const fields = notificationFields({ ...trade, status: 'TRADE_SUCCESS', paidAt: at }, merchant, notifyId)
  const notification: Notification = { notifyId, appId, tradeNo: trade.tradeNo, url, fields }
  return await post(office, notification, await office.keys.strangerKey(), false)
}

function newestNotification(state: AlipayState, tradeNo: string): Notification | undefined {
  return [...state.notifications.values()].findLast(({ notification }) => notification.tradeNo === tradeNo)
    ?.notification
}
