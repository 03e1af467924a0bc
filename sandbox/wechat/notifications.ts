import type { Book } from '../book.ts'
import type { Clock } from '../clock.ts'
import { depart } from '../depart.ts'
import { flipLastBit } from '../flip-last-bit.ts'
import { createLadder } from '../ladder.ts'
import type { Reception } from '../post.ts'
import type { Deal, Entry, Notification, Refund, WechatState } from './deal.ts'
import { deliver, isAcknowledged } from './deliver.ts'
import type { WechatKnobs } from './knobs.ts'
import type { WechatMerchants } from './merchants.ts'
import { newNotificationId, newTransactionId } from './numbers.ts'
import type { WechatPlatformKeys } from './platform-keys.ts'
import { refundResourceOf, transactionOf } from './resource.ts'
import { probeSignature, type SigningKey, sealResource, signedHeaders } from './signature.ts'
import { readJson, writeJson } from './wire-json.ts'
import { wireTime } from './wire-time.ts'

const secondMs = 1_000
const minuteMs = 60 * secondMs
const hourMs = 60 * minuteMs
/** Waits between the sixteen sendings, about 24 hours in all. Source: WeChat Pay, callbacks. */
export const ladder = createLadder([
  ...[15, 15, 30].map((seconds) => seconds * secondMs),
  ...[3, 10, 20, 30, 30, 30, 60].map((minutes) => minutes * minuteMs),
  ...[3, 3, 3, 6, 6].map((hours) => hours * hourMs),
])

export interface Repetition {
  times: number
  concurrently: boolean
  freshIds: boolean
}

export interface Notifications {
  /** Resolves when the notification is on disk; `sent` resolves when its first sending is over. */
  announcePayment(deal: Deal): Promise<{ sent: Promise<void> }>
  announceRefund(deal: Deal, refund: Refund): Promise<{ sent: Promise<void> }>
  /** Sends the deal's newest notification again, outside its ladder; with `freshIds` each under an id of its own. */
  repeat(deal: Deal, how: Repetition): Promise<Reception[]>
  /** Sends a TRANSACTION.SUCCESS for the deal under a stranger's signature. */
  forge(deal: Deal, url: string): Promise<Reception>
  /** Sends the deal's newest notification under a SIGNTEST signature. */
  probe(deal: Deal): Promise<Reception | undefined>
  /** After a restart: takes up the ladder of every notification not yet acknowledged. */
  resume(): void
  /** Cuts off what is being sent and waits until nothing writes to the book any more. */
  stop(): Promise<void>
}

export interface NotificationsDeps {
  clock: Clock
  merchants: WechatMerchants
  keys: WechatPlatformKeys
  book: Book<Entry>
  state: WechatState
  retryScale(): number
  /** WeChat Pay's clock as this merchant sees it. */
  nowFor(mchId: string): number
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
    announcePayment: (deal) => announce(office, paymentNotice(office, deal)),
    announceRefund: (deal, refund) => announce(office, refundNotice(office, deal, refund)),
    repeat: (deal, how) => repeat(office, deal, how),
    forge: (deal, url) => forge(office, deal, url),
    probe: async (deal) => {
      const newest = newestNotification(office.state, deal.dealId)
      return newest && (await probe(office, newest))
    },
    resume: () => {
      for (const record of office.state.notifications.values()) {
        const rung = ladder.nextRung(record)
        if (rung === undefined) continue
        const wait = ladder.waitBefore(rung, office.retryScale())
        office.clock.after(wait, () => track(office, climb(office, record.notification, rung)))
      }
    },
    stop: async () => {
      office.stopping.abort()
      await Promise.all(office.underWay)
    },
  }
}

function paymentNotice(office: Office, deal: Deal): Notification | undefined {
  const { mchId, notifyUrl } = deal.order
  const merchant = office.merchants.find(mchId)
  if (!notifyUrl || !merchant) return undefined
  return {
    id: newNotificationId(),
    mchId,
    dealId: deal.dealId,
    url: notifyUrl,
    eventType: 'TRANSACTION.SUCCESS',
    summary: '支付成功',
    at: office.nowFor(mchId),
    originalType: 'transaction',
    plain: writeJson(transactionOf(deal, merchant)),
  }
}

const refundSummary = {
  SUCCESS: '退款成功',
  ABNORMAL: '退款异常',
  CLOSED: '退款关闭',
  PROCESSING: '退款处理中',
}

function refundNotice(office: Office, deal: Deal, refund: Refund): Notification | undefined {
  const { mchId } = deal.order
  const url = refund.notifyUrl ?? office.merchants.find(mchId)?.refundNotifyUrl
  if (!url) return undefined
  return {
    id: newNotificationId(),
    mchId,
    dealId: deal.dealId,
    url,
    eventType: `REFUND.${refund.status}`,
    summary: refundSummary[refund.status],
    at: office.nowFor(mchId),
    originalType: 'refund',
    plain: writeJson(refundResourceOf(deal, refund)),
  }
}

async function announce(
  office: Office,
  notification: Notification | undefined,
): Promise<{ sent: Promise<void> }> {
  if (!notification) return { sent: Promise.resolve() }
  await office.book.record({ kind: 'notification-made', at: notification.at, notification })
  return { sent: new Promise((resolve) => begin(office, notification, resolve)) }
}

/** First the delay and the order that the knobs ask for, then the first rung; `done` is told when that is over. */
function begin(office: Office, notification: Notification, done: () => void): void {
  const knobs = office.merchants.knobs(notification.mchId)
  const go = (then?: () => void) =>
    track(
      office,
      climb(office, notification, 0).finally(() => {
        done()
        then?.()
      }),
    )
  depart(office, notification.mchId, knobs, go)
}

/** One rung: the probe, the copies and the stray that the knobs add, and the sending itself; then the wait for the next rung. */
async function climb(office: Office, notification: Notification, rung: number): Promise<void> {
  const { merchants, book, clock, nowFor, stopping } = office
  const { mchId, id } = notification
  const knobs = merchants.knobs(mchId)
  if (stopping.signal.aborted) return
  if (knobs.dropAll) return await book.record({ kind: 'notification-dropped', at: nowFor(mchId), id })
  if (knobs.signTest && rung === 0) await probe(office, notification)
  const extras = rung > 0 ? [] : Array.from({ length: knobs.duplicate }, () => send(office, notification))
  const stray = knobs.unknownOrder && rung === 0 ? postStray(office, notification) : undefined
  const receptions = await Promise.all([send(office, notification, rung), ...extras])
  await stray
  if (stopping.signal.aborted || ladder.isLast(rung) || receptions.some(isAcknowledged)) return
  const wait = ladder.waitBefore(rung + 1, office.retryScale())
  clock.after(wait, () => track(office, climb(office, notification, rung + 1)))
}

function track({ underWay }: Office, work: Promise<unknown>): void {
  const tracked = work
    .catch((error: unknown) => console.error('sandbox: a notification failed:', error))
    .finally(() => underWay.delete(tracked))
  underWay.add(tracked)
}

async function send(office: Office, notification: Notification, rung?: number): Promise<Reception> {
  const { merchants, book, keys, nowFor, stopping } = office
  const { mchId, id } = notification
  const spoil = merchants.knobs(mchId).wrongSignature ? flipLastBit : undefined
  const reception = await post(office, notification, keys.current(mchId), spoil)
  if (stopping.signal.aborted) return reception
  await book.record({
    kind: 'notification-sent',
    id,
    at: nowFor(mchId),
    ...(rung === undefined ? {} : { rung }),
    status: reception.status,
    acknowledged: isAcknowledged(reception),
  })
  return reception
}

/** Sealed and signed afresh at each sending, under the same id; `spoil` turns the signature into another. */
async function post(
  office: Office,
  notification: Notification,
  key: SigningKey,
  spoil: (signature: string) => string = (signature) => signature,
): Promise<Reception> {
  const { merchants, nowFor, stopping } = office
  const { mchId, originalType } = notification
  const knobs = merchants.knobs(mchId)
  const apiV3Key = merchants.find(mchId)?.apiV3Key
  if (apiV3Key === undefined) throw new Error(`There is no merchant ${mchId}.`)
  const body = JSON.stringify({
    id: notification.id,
    create_time: wireTime(notification.at),
    resource_type: 'encrypt-resource',
    event_type: notification.eventType,
    summary: notification.summary,
    resource: {
      original_type: originalType,
      ...sealResource(spoilPlain(notification.plain, knobs), originalType, apiV3Key),
    },
  })
  const at = nowFor(mchId) - knobs.notificationAgeMinutes * minuteMs
  const headers = signedHeaders(body, key, at)
  headers['wechatpay-signature'] = spoil(headers['wechatpay-signature'] ?? '')
  return await deliver(notification.url, body, headers, stopping.signal)
}

/** The lies a merchant's knobs ask for, told afresh at each sending: a knob turned back heals the next retry. */
function spoilPlain(plain: string, knobs: WechatKnobs): string {
  const { notificationAmount, wrongMerchant, wrongApp } = knobs
  if (notificationAmount === '' && !wrongMerchant && !wrongApp) return plain
  const resource = readJson(plain) as Record<string, unknown>
  const { amount } = resource as { amount: Record<string, unknown> }
  if (notificationAmount !== '') amount.total = BigInt(notificationAmount)
  if (wrongMerchant) resource.mchid = '1999999999'
  if (wrongApp && resource.appid !== undefined) resource.appid = 'wxffffffffffffffff'
  return writeJson(resource)
}

async function probe(office: Office, notification: Notification): Promise<Reception> {
  const { keys, book, nowFor, stopping } = office
  const { mchId, id } = notification
  const reception = await post(office, notification, keys.current(mchId), probeSignature)
  if (stopping.signal.aborted) return reception
  const { status } = reception
  const refused = status >= 400
  await book.record({ kind: 'probe-sent', at: nowFor(mchId), id, status, refused })
  return reception
}

/** The knob `unknownOrder`: a well-signed notification of an order that nobody placed. */
function postStray(office: Office, notification: Notification): Promise<Reception> {
  const at = office.nowFor(notification.mchId)
  const resource = readJson(notification.plain) as Record<string, unknown>
  const stray = { ...resource, transaction_id: newTransactionId(at), out_trade_no: `NOBODY${at}` }
  const told = { ...notification, id: newNotificationId(), plain: writeJson(stray) }
  return post(office, told, office.keys.current(notification.mchId))
}

async function repeat(office: Office, deal: Deal, how: Repetition): Promise<Reception[]> {
  const latest = newestNotification(office.state, deal.dealId)
  if (!latest) return []
  const again = async () =>
    how.freshIds
      ? await post(office, { ...latest, id: newNotificationId() }, office.keys.current(latest.mchId))
      : await send(office, latest)
  if (how.concurrently) return await Promise.all(Array.from({ length: how.times }, again))
  const receptions: Reception[] = []
  for (let sent = 0; sent < how.times; sent += 1) receptions.push(await again())
  return receptions
}

async function forge(office: Office, deal: Deal, url: string): Promise<Reception> {
  const at = office.nowFor(deal.order.mchId)
  const paid: Deal = { ...deal, state: 'SUCCESS', paidAt: at, transactionId: newTransactionId(at) }
  const notice = paymentNotice(office, { ...paid, order: { ...deal.order, notifyUrl: url } })
  if (!notice) throw new Error(`There is no merchant ${deal.order.mchId}.`)
  // The stranger knows the serial number, which everybody may know, and not the key.
  const { serial } = office.keys.current(deal.order.mchId)
  return await post(office, notice, { serial, privateKey: await office.keys.stranger() })
}

function newestNotification(state: WechatState, dealId: string): Notification | undefined {
  return [...state.notifications.values()].findLast(({ notification }) => notification.dealId === dealId)
    ?.notification
}
