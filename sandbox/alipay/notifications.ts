import type { KeyObject } from 'node:crypto'
import type { Book } from '../book.ts'
import type { Clock } from '../clock.ts'
import type { Registry } from '../registry.ts'
import { deliver, isAcknowledged, type Reception } from './deliver.ts'
import { noticeFields, spoilFields } from './notice-fields.ts'
import { newNotifyId, newTradeNo } from './numbers.ts'
import type { PlatformKeys } from './platform-keys.ts'
import { signParams } from './signature.ts'
import type { AlipayState, Entry, Notice, NoticeRecord, Refund, Trade } from './trade.ts'

const minuteMs = 60_000
/** Waits between the eight sendings, about 25 hours in all. Source: Alipay, asynchronous notices. */
const ladderMs = [4, 10, 10, 60, 120, 360, 900].map((minutes) => minutes * minuteMs)
/** How long the knob `reorder` lets a notification wait for a successor. */
const reorderHoldMs = 5_000

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
      for (const record of office.state.notices.values()) {
        const rung = nextRung(record)
        if (rung === undefined) continue
        const wait = rung === 0 ? 0 : (ladderMs[rung - 1] ?? 0) * office.registry.retryScale()
        office.clock.after(wait, () => track(office, climb(office, record.notice, rung)))
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
  const fields = noticeFields(trade, merchant, notifyId, refund)
  const notice: Notice = { notifyId, appId, tradeNo: trade.tradeNo, url: notifyUrl, fields }
  await book.record({ kind: 'notice-made', at, notice })
  return { sent: new Promise((resolve) => begin(office, notice, resolve)) }
}

/** First the delay and the order that the knobs ask for, then the first rung; `done` is told when that is over. */
function begin(office: Office, notice: Notice, done: () => void): void {
  const { registry, clock } = office
  const knobs = registry.alipayKnobs(notice.appId)
  const go = (then?: () => void) =>
    track(
      office,
      climb(office, notice, 0).finally(() => {
        done()
        then?.()
      }),
    )
  const start = () => (knobs.reorder ? takeTurn(office, notice.appId, go) : go())
  if (knobs.delaySeconds === 0) start()
  else clock.after(knobs.delaySeconds * 1_000, start)
}

/** The knob `reorder`: a newcomer goes first, then the one that waited; alone, it waits a while for a newcomer. */
function takeTurn({ held, clock }: Office, appId: string, go: (then?: () => void) => void): void {
  const waiting = held.get(appId)
  held.delete(appId)
  if (waiting) {
    go(waiting)
    return
  }
  const callOff = clock.after(reorderHoldMs, () => {
    held.delete(appId)
    go()
  })
  held.set(appId, () => {
    callOff()
    go()
  })
}

/** One rung: the sending itself, the copies and the stray that the knobs add; then the wait for the next rung. */
async function climb(office: Office, notice: Notice, rung: number): Promise<void> {
  const { registry, book, clock, nowFor, stopping } = office
  const { appId, notifyId } = notice
  const knobs = registry.alipayKnobs(appId)
  if (stopping.signal.aborted) return
  if (knobs.dropAll) return await book.record({ kind: 'notice-dropped', at: nowFor(appId), notifyId })
  const extras = rung > 0 ? [] : Array.from({ length: knobs.duplicate }, () => send(office, notice))
  const stray = knobs.unknownOrder && rung === 0 ? postStray(office, notice) : undefined
  const receptions = await Promise.all([send(office, notice, rung), ...extras])
  await stray
  const wait = ladderMs[rung]
  if (stopping.signal.aborted || wait === undefined || receptions.some(isAcknowledged)) return
  clock.after(wait * registry.retryScale(), () => track(office, climb(office, notice, rung + 1)))
}

function track({ underWay }: Office, work: Promise<unknown>): void {
  const tracked = work
    .catch((error: unknown) => console.error('sandbox: a notification failed:', error))
    .finally(() => underWay.delete(tracked))
  underWay.add(tracked)
}

async function send(office: Office, notice: Notice, rung?: number): Promise<Reception> {
  const { registry, book, keys, nowFor, stopping } = office
  const { appId, notifyId } = notice
  const spoilt = registry.alipayKnobs(appId).wrongSignature
  const reception = await post(office, notice, keys.privateKey(appId), spoilt)
  if (stopping.signal.aborted) return reception
  await book.record({
    kind: 'notice-sent',
    notifyId,
    at: nowFor(appId),
    ...(rung === undefined ? {} : { rung }),
    status: reception.status,
    acknowledged: isAcknowledged(reception),
  })
  return reception
}

function post(office: Office, notice: Notice, key: KeyObject, spoilSignature: boolean): Promise<Reception> {
  const { registry, nowFor, stopping } = office
  const knobs = registry.alipayKnobs(notice.appId)
  const signed = signParams(spoilFields(notice.fields, knobs, nowFor(notice.appId)), key)
  if (spoilSignature) signed.sign = flipLastBit(signed.sign ?? '')
  return deliver(notice.url, signed, stopping.signal)
}

/** The knob `unknownOrder`: a well-signed notification of a trade that nobody made. */
function postStray(office: Office, notice: Notice): Promise<Reception> {
  const at = office.nowFor(notice.appId)
  const fields = {
    ...notice.fields,
    notify_id: newNotifyId(at),
    trade_no: newTradeNo(at),
    out_trade_no: `NOBODY${newTradeNo(at)}`,
  }
  return post(office, { ...notice, fields }, office.keys.privateKey(notice.appId), false)
}

async function repeat(office: Office, trade: Trade, how: Repetition): Promise<Reception[]> {
  const latest = newestNotice(office.state, trade.tradeNo)
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
  const fields = noticeFields({ ...trade, status: 'TRADE_SUCCESS', paidAt: at }, merchant, notifyId)
  const notice: Notice = { notifyId, appId, tradeNo: trade.tradeNo, url, fields }
  return await post(office, notice, await office.keys.strangerKey(), false)
}

function nextRung({ sendings, dropped }: NoticeRecord): number | undefined {
  const climbed = sendings.filter((sending) => sending.rung !== undefined).length
  const over = dropped || climbed > ladderMs.length || sendings.some((sending) => sending.acknowledged)
  return over ? undefined : climbed
}

function newestNotice(state: AlipayState, tradeNo: string): Notice | undefined {
  return [...state.notices.values()].findLast(({ notice }) => notice.tradeNo === tradeNo)?.notice
}

/** Still base64 of 256 bytes, but of another signature. */
function flipLastBit(signature: string): string {
  const bytes = Buffer.from(signature, 'base64')
  const last = bytes.length - 1
  bytes.writeUInt8(bytes.readUInt8(last) ^ 1, last)
  return bytes.toString('base64')
}
