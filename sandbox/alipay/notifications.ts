import type { KeyObject } from 'node:crypto'
import type { Book } from '../book.ts'
import type { Clock } from '../clock.ts'
import { type Courier, createCourier } from '../courier.ts'
import { flipLastBit } from '../flip-last-bit.ts'
import type { Reception } from '../post.ts'
import type { Registry } from '../registry.ts'
import type { Repetition } from '../repetition.ts'
import { deliver, isAcknowledged } from './deliver.ts'
import { notificationFields, spoilFields } from './notification-fields.ts'
import { newNotifyId, newTradeNo } from './numbers.ts'
import type { PlatformKeys } from './platform-keys.ts'
import { signParams } from './signature.ts'
import type { AlipayState, Entry, Notification, Refund, Trade } from './trade.ts'

const minuteMs = 60_000
/** Waits between the eight sendings, about 25 hours in all. Source: Alipay, asynchronous notifications. */
const waitsMs = [4, 10, 10, 60, 120, 360, 900].map((minutes) => minutes * minuteMs)

export interface Notifications extends Pick<Courier<Notification>, 'resume' | 'stop'> {
  /** Resolves when the notification is on disk; `sent` resolves when its first sending is over. */
  announce(trade: Trade, refund?: Refund): Promise<{ sent: Promise<void> }>
  /** Sends the trade's newest notification again, outside its ladder; with `freshIds` each under a notify_id of its own. */
  repeat(trade: Trade, how: Repetition): Promise<Reception[]>
  /** Sends a TRADE_SUCCESS for the trade under a stranger's signature. */
  forge(trade: Trade, url: string): Promise<Reception>
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

interface Office extends NotificationsDeps {
  stopping: AbortController
}

export function createNotifications(deps: NotificationsDeps): Notifications {
  const office: Office = { ...deps, stopping: new AbortController() }
  const { registry, keys, state } = office
  const courier = createCourier<Notification>({
    ...office,
    records: state.notifications,
    waitsMs,
    retryScale: registry.retryScale,
    merchantOf: ({ appId }) => appId,
    knobsOf: registry.alipayKnobs,
    post: (notification) => {
      const { appId } = notification
      return post(office, notification, keys.privateKey(appId), registry.alipayKnobs(appId).wrongSignature)
    },
    isAcknowledged,
    postStray: (notification) => postStray(office, notification),
  })
  return {
    announce: async (trade, refund) => {
      const made = notificationOf(office, trade, trade.order.notifyUrl, refund)
      return made ? await courier.announce(made) : { sent: Promise.resolve() }
    },
    repeat: (trade, how) =>
      courier.repeat(
        ({ tradeNo }) => tradeNo === trade.tradeNo,
        how,
        (latest) => {
          const fields = { ...latest.fields, notify_id: newNotifyId(office.nowFor(latest.appId)) }
          return post(office, { ...latest, fields }, keys.privateKey(latest.appId), false)
        },
      ),
    forge: async (trade, url) => {
      const { appId } = trade.order
      const paid: Trade = { ...trade, status: 'TRADE_SUCCESS', paidAt: office.nowFor(appId) }
      const made = notificationOf(office, paid, url)
      if (!made) throw new Error(`There is no merchant ${appId}.`)
      return await post(office, made, await keys.strangerKey(), false)
    },
    resume: courier.resume,
    stop: courier.stop,
  }
}

function notificationOf(
  { registry, nowFor }: Office,
  trade: Trade,
  url: string | undefined,
  refund?: Refund,
): Notification | undefined {
  const { appId } = trade.order
  const merchant = registry.merchant(appId)
  if (!url || !merchant) return undefined
  const at = nowFor(appId)
  const id = newNotifyId(at)
  const fields = notificationFields(trade, merchant, id, refund)
  return { id, at, appId, tradeNo: trade.tradeNo, url, fields }
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
