import { randomBytes, randomInt } from 'node:crypto'
import { deliver } from '../alipay/deliver.ts'
import type { Book } from '../book.ts'
import { type Clock, compactChinaTime } from '../clock.ts'
import { depart } from '../depart.ts'
import { flipLastBit } from '../flip-last-bit.ts'
import { createLadder } from '../ladder.ts'
import type { Reception } from '../post.ts'
import type { Authority, Signer } from './authority.ts'
import { noNotice, noticeFields } from './fields.ts'
import type { UnionPayKnobs } from './knobs.ts'
import { signFields } from './signature.ts'
import type { Entry, Notice, Transaction, UnionPayState } from './transaction.ts'

const minuteMs = 60_000
/** Waits between the sendings until the receiver answers 200. UnionPay publishes only that there are several. */
export const ladder = createLadder([1, 2, 4, 15].map((minutes) => minutes * minuteMs))

export interface Repetition {
  times: number
  concurrently: boolean
}

export interface Notices {
  /** Resolves when the notice is on disk; `sent` resolves when its first sending is over. */
  announce(told: Transaction): Promise<{ sent: Promise<void> }>
  /** Sends the newest notice about the number again, outside its ladder. */
  repeat(queryId: string, how: Repetition): Promise<Reception[]>
  /** Sends word of the transaction under a stranger's certificate chain. */
  forge(told: Transaction, url: string): Promise<Reception>
  /** After a restart: takes up the ladder of every notice not yet acknowledged. */
  resume(): void
  /** Cuts off what is being sent and waits until nothing writes to the book any more. */
  stop(): Promise<void>
}

export interface NoticesDeps {
  clock: Clock
  book: Book<Entry>
  state: UnionPayState
  authority: Authority
  knobsOf(merId: string): UnionPayKnobs
  /** UnionPay's clock as this merchant sees it. */
  nowFor(merId: string): number
  retryScale(): number
}

/** What is under way in this process, beside what the book knows. */
interface Office extends NoticesDeps {
  stopping: AbortController
  underWay: Set<Promise<unknown>>
  /** The knob `reorder`: per merchant, what lets the waiting notice go. */
  held: Map<string, () => void>
}

export function createNotices(deps: NoticesDeps): Notices {
  const office: Office = {
    ...deps,
    stopping: new AbortController(),
    underWay: new Set(),
    held: new Map(),
  }
  return {
    announce: (told) => announce(office, told),
    repeat: (queryId, how) => repeat(office, queryId, how),
    forge: async (told, url) => {
      const stranger = await office.authority.stranger()
      return await deliver(url, signFields(noticeFields(told), stranger), office.stopping.signal)
    },
    resume: () => {
      for (const record of office.state.notices.values()) {
        const rung = ladder.nextRung(record)
        if (rung === undefined) continue
        const wait = ladder.waitBefore(rung, office.retryScale())
        office.clock.after(wait, () => track(office, climb(office, record.notice, rung)))
      }
    },
    stop: async () => {
      office.stopping.abort()
      await Promise.all(office.underWay)
    },
  }
}

async function announce(office: Office, told: Transaction): Promise<{ sent: Promise<void> }> {
  if (told.backUrl.startsWith(noNotice)) return { sent: Promise.resolve() }
  const { merId, queryId, backUrl: url } = told
  const noticeId = randomBytes(16).toString('hex')
  const notice: Notice = { noticeId, merId, queryId, url, fields: noticeFields(told) }
  await office.book.record({ kind: 'notice-made', at: office.nowFor(merId), notice })
  return { sent: new Promise((resolve) => begin(office, notice, resolve)) }
}

/** First the delay and the order that the knobs ask for, then the first rung; `done` is told when that is over. */
function begin(office: Office, notice: Notice, done: () => void): void {
  const knobs = office.knobsOf(notice.merId)
  const go = (then?: () => void) =>
    track(
      office,
      climb(office, notice, 0).finally(() => {
        done()
        then?.()
      }),
    )
  depart(office, notice.merId, knobs, go)
}

/** One rung: the sending itself, the copies and the stray that the knobs add; then the wait for the next rung. */
async function climb(office: Office, notice: Notice, rung: number): Promise<void> {
  const { book, clock, stopping, knobsOf, nowFor, retryScale } = office
  const { merId, noticeId } = notice
  const knobs = knobsOf(merId)
  if (stopping.signal.aborted) return
  if (knobs.dropAll) return await book.record({ kind: 'notice-dropped', at: nowFor(merId), noticeId })
  const extras = rung > 0 ? [] : Array.from({ length: knobs.duplicate }, () => send(office, notice))
  const stray = knobs.unknownOrder && rung === 0 ? postStray(office, notice) : undefined
  const receptions = await Promise.all([send(office, notice, rung), ...extras])
  await stray
  if (stopping.signal.aborted || ladder.isLast(rung) || receptions.some(isAcknowledged)) return
  clock.after(ladder.waitBefore(rung + 1, retryScale()), () => track(office, climb(office, notice, rung + 1)))
}

/** The status alone counts; UnionPay reads no body. */
function isAcknowledged({ status }: Reception): boolean {
  return status === 200
}

function track({ underWay }: Office, work: Promise<unknown>): void {
  const tracked = work
    .catch((error: unknown) => console.error('sandbox: a notice failed:', error))
    .finally(() => underWay.delete(tracked))
  underWay.add(tracked)
}

async function send(office: Office, notice: Notice, rung?: number): Promise<Reception> {
  const reception = await post(office, notice)
  if (office.stopping.signal.aborted) return reception
  await office.book.record({
    kind: 'notice-sent',
    noticeId: notice.noticeId,
    at: office.nowFor(notice.merId),
    ...(rung === undefined ? {} : { rung }),
    status: reception.status,
    acknowledged: isAcknowledged(reception),
  })
  return reception
}

/** With the lies a merchant's knobs ask for, told afresh at each sending: a knob turned back heals the next retry. */
async function post(office: Office, { merId, url, fields }: Notice): Promise<Reception> {
  const knobs = office.knobsOf(merId)
  const told = { ...fields }
  if (knobs.notificationAmount !== '') told.txnAmt = told.settleAmt = knobs.notificationAmount
  if (knobs.wrongMerchant) told.merId = '777999999999999'
  const signed = signFields(told, await signerFor(office, knobs))
  if (knobs.wrongSignature) signed.signature = flipLastBit(signed.signature ?? '')
  return await deliver(url, signed, office.stopping.signal)
}

async function signerFor({ authority }: Office, knobs: UnionPayKnobs): Promise<Signer> {
  return knobs.merchantSigns ? await authority.merchantSigner() : authority.signer()
}

/** The knob `unknownOrder`: a well-signed notice of an order that nobody placed. */
async function postStray(office: Office, notice: Notice): Promise<Reception> {
  const digits = compactChinaTime(office.nowFor(notice.merId))
  const queryId = `44${digits.slice(2)}${`${randomInt(10_000_000)}`.padStart(7, '0')}`
  const fields = { ...notice.fields, orderId: `NOBODY${digits}${randomInt(1_000)}`, queryId }
  return await deliver(notice.url, signFields(fields, office.authority.signer()), office.stopping.signal)
}

async function repeat(office: Office, queryId: string, how: Repetition): Promise<Reception[]> {
  const newest = [...office.state.notices.values()].findLast(
    ({ notice }) => notice.queryId === queryId,
  )?.notice
  if (!newest) return []
  if (how.concurrently) {
    return await Promise.all(Array.from({ length: how.times }, () => send(office, newest)))
  }
  const receptions: Reception[] = []
  for (let sent = 0; sent < how.times; sent += 1) receptions.push(await send(office, newest))
  return receptions
}
