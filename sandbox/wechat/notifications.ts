import type { Book } from '../book.ts'
import type { Clock } from '../clock.ts'
import { type Courier, createCourier } from '../courier.ts'
import { flipLastBit } from '../flip-last-bit.ts'
import type { Reception } from '../post.ts'
import type { Repetition } from '../repetition.ts'
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
const waitsMs = [
  ...[15, 15, 30].map((seconds) => seconds * secondMs),
  ...[3, 10, 20, 30, 30, 30, 60].map((minutes) => minutes * minuteMs),
  ...[3, 3, 3, 6, 6].map((hours) => hours * hourMs),
]

export interface Notifications extends Pick<Courier<Notification>, 'nextSendingAt' | 'resume' | 'stop'> {
  /** Resolves when the notification is on disk; `sent` resolves when its first sending is over. */
  announcePayment(deal: Deal): Promise<{ sent: Promise<void> }>
  announceRefund(deal: Deal, refund: Refund): Promise<{ sent: Promise<void> }>
  /** Sends the deal's newest notification again, outside its ladder; with `freshIds` each under an id of its own. */
  repeat(deal: Deal, how: Repetition): Promise<Reception[]>
  /** Sends a TRANSACTION.SUCCESS for the deal under a stranger's signature. */
  forge(deal: Deal, url: string): Promise<Reception>
  /** Sends the deal's newest notification under a SIGNTEST signature. */
  probe(deal: Deal): Promise<Reception | undefined>
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

interface Office extends NotificationsDeps {
  stopping: AbortController
}

export function createNotifications(deps: NotificationsDeps): Notifications {
  const office: Office = { ...deps, stopping: new AbortController() }
  const { merchants, keys, state } = office
  const courier = createCourier<Notification>({
    ...office,
    records: state.notifications,
    waitsMs,
    merchantOf: ({ mchId }) => mchId,
    knobsOf: merchants.knobs,
    post: (notification) => {
      const { mchId } = notification
      const spoil = merchants.knobs(mchId).wrongSignature ? flipLastBit : undefined
      return post(office, notification, keys.current(mchId), spoil)
    },
    isAcknowledged,
    postStray: (notification) => postStray(office, notification),
    before: async (notification) => {
      if (merchants.knobs(notification.mchId).signTest) await probe(office, notification)
    },
  })
  const announce = async (notification: Notification | undefined) =>
    notification ? await courier.announce(notification) : { sent: Promise.resolve() }
  const about =
    ({ dealId }: Deal) =>
    (notification: Notification) =>
      notification.dealId === dealId
  return {
    announcePayment: (deal) => announce(paymentNotice(office, deal)),
    announceRefund: (deal, refund) => announce(refundNotice(office, deal, refund)),
    repeat: (deal, how) =>
      courier.repeat(about(deal), how, (latest) =>
        post(office, { ...latest, id: newNotificationId() }, keys.current(latest.mchId)),
      ),
    forge: (deal, url) => forge(office, deal, url),
    probe: async (deal) => {
      const newest = courier.newest(about(deal))
      return newest && (await probe(office, newest))
    },
    nextSendingAt: courier.nextSendingAt,
    resume: courier.resume,
    stop: courier.stop,
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

async function forge(office: Office, deal: Deal, url: string): Promise<Reception> {
  const at = office.nowFor(deal.order.mchId)
  const paid: Deal = { ...deal, state: 'SUCCESS', paidAt: at, transactionId: newTransactionId(at) }
  const notice = paymentNotice(office, { ...paid, order: { ...deal.order, notifyUrl: url } })
  if (!notice) throw new Error(`There is no merchant ${deal.order.mchId}.`)
  // The stranger knows the serial number, which everybody may know, and not the key.
  const { serial } = office.keys.current(deal.order.mchId)
  return await post(office, notice, { serial, privateKey: await office.keys.stranger() })
}
