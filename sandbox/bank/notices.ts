import { randomBytes } from 'node:crypto'
import type { Book } from '../book.ts'
import { type Clock, utcTime } from '../clock.ts'
import { flipLastBit } from '../flip-last-bit.ts'
import { createLadder } from '../ladder.ts'
import { post, type Reception } from '../post.ts'
import type { Booking } from '../statement/booking.ts'
import { camtNotice } from '../statement/camt.ts'
import type { BankKey } from './key.ts'
import type { BankKnobs } from './knobs.ts'
import type { BankAccount, BankState, Entry, NoticeRecord } from './state.ts'

const minuteMs = 60_000
/** Waits between the sendings until the receiver answers 200. */
export const ladder = createLadder([1, 5, 15, 60].map((minutes) => minutes * minuteMs))
const patienceMs = 10_000

/** Tells an account's owner of each booking at once, as a camt.054. */
export interface Notices {
  /** Resolves when the notice is on disk; without an address there is none. */
  announce(account: BankAccount, booking: Booking): Promise<void>
  /** Sends the notice of a booking again, outside its ladder. */
  repeat(accountId: string, reference: string, times: number): Promise<Reception[]>
  /** After a restart: takes up the ladder of every notice not yet acknowledged. */
  resume(): void
  /** Cuts off what is being sent and waits until nothing writes to the book any more. */
  stop(): Promise<void>
}

export interface NoticesDeps {
  clock: Clock
  book: Book<Entry>
  state: BankState
  key: BankKey
  knobsOf(accountId: string): BankKnobs
  retryScale(): number
}

interface Office extends NoticesDeps {
  stopping: AbortController
  underWay: Set<Promise<unknown>>
  /** The knob `reorder`: per account, what lets the waiting notice go. */
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
    announce: async ({ id, notifyUrl }, booking) => {
      if (notifyUrl === undefined) return
      const noticeId = randomBytes(8).toString('hex')
      await office.book.record({
        ...{ kind: 'notice-made', noticeId, accountId: id, reference: booking.reference, url: notifyUrl },
      })
      const start = () => track(office, begin(office, id, noticeId))
      const { delaySeconds, reorder } = office.knobsOf(id)
      if (reorder && !office.held.has(id)) office.held.set(id, start)
      else if (delaySeconds === 0) start()
      else office.clock.after(delaySeconds * 1_000, start)
    },
    repeat: async (accountId, reference, times) => {
      const record = [...office.state.notices.values()].findLast(
        (each) => each.accountId === accountId && each.reference === reference,
      )
      return record ? await Promise.all(Array.from({ length: times }, () => send(office, record))) : []
    },
    resume: () => {
      for (const record of office.state.notices.values()) {
        const rung = ladder.nextRung(record)
        if (rung === undefined) continue
        const wait = ladder.waitBefore(rung, office.retryScale())
        office.clock.after(wait, () => track(office, climb(office, record.noticeId, rung)))
      }
    },
    stop: async () => {
      office.stopping.abort()
      await Promise.all(office.underWay)
    },
  }
}

/** The first sending; one that waits for a newer notice goes after it. */
async function begin(office: Office, accountId: string, noticeId: string): Promise<void> {
  await climb(office, noticeId, 0)
  const release = office.held.get(accountId)
  office.held.delete(accountId)
  release?.()
}

/** One rung: the sending itself, and the copies and the forgery that the knobs add; then the wait for the next rung. */
async function climb(office: Office, noticeId: string, rung: number): Promise<void> {
  const record = office.state.notices.get(noticeId)
  if (!record || office.stopping.signal.aborted) return
  const knobs = office.knobsOf(record.accountId)
  if (knobs.dropAll) return await office.book.record({ kind: 'notice-dropped', noticeId })
  const extras = rung > 0 ? [] : Array.from({ length: knobs.duplicate }, () => send(office, record))
  const forgery = knobs.forge && rung === 0 ? deliver(office, record, true) : undefined
  const receptions = await Promise.all([send(office, record, rung), ...extras])
  await forgery
  if (office.stopping.signal.aborted || ladder.isLast(rung) || receptions.some(isAcknowledged)) return
  const wait = ladder.waitBefore(rung + 1, office.retryScale())
  office.clock.after(wait, () => track(office, climb(office, noticeId, rung + 1)))
}

function isAcknowledged({ status }: Reception): boolean {
  return status === 200
}

function track({ underWay }: Office, work: Promise<unknown>): void {
  const tracked = work
    .catch((error: unknown) => console.error('sandbox: a notice of the bank failed:', error))
    .finally(() => underWay.delete(tracked))
  underWay.add(tracked)
}

async function send(office: Office, record: NoticeRecord, rung?: number): Promise<Reception> {
  const reception = await deliver(office, record, false)
  if (office.stopping.signal.aborted) return reception
  await office.book.record({
    ...{ kind: 'notice-sent', noticeId: record.noticeId, at: office.clock.now(), status: reception.status },
    ...(rung === undefined ? {} : { rung }),
    acknowledged: isAcknowledged(reception),
  })
  return reception
}

/** With the lies that the knobs ask for, told afresh at each sending: a knob turned back heals the next retry. */
async function deliver(office: Office, record: NoticeRecord, forged: boolean): Promise<Reception> {
  const { clock, key, state, stopping } = office
  const account = state.accounts.get(record.accountId)
  const told = state.booked.find(
    ({ accountId, booking }) => accountId === record.accountId && booking.reference === record.reference,
  )
  if (!account || !told) return { status: 0, body: 'nothing was booked' }
  const knobs = office.knobsOf(account.id)
  const now = clock.now() - knobs.noticeAgeMinutes * minuteMs + knobs.clockSkewSeconds * 1_000
  const body = camtNotice(asNamed(account, knobs), [asTold(told.booking, knobs)], {
    ...{ version: '08', id: record.noticeId, madeAt: `${utcTime(told.at).replace(' ', 'T')}Z` },
  })
  const signature = forged ? key.forge(`${now}`, body) : key.sign(`${now}`, body)
  const headers = {
    ...{ 'content-type': 'application/xml', 'bank-timestamp': `${now}` },
    'bank-signature': knobs.wrongSignature ? flipLastBit(signature) : signature,
  }
  return await post(record.url, body, headers, patienceMs, stopping.signal)
}

function asNamed(account: BankAccount, { wrongAccount, otherCurrency }: BankKnobs): BankAccount {
  const { number, currency } = account
  return {
    ...account,
    number: wrongAccount ? `9${number.slice(1)}` : number,
    currency: otherCurrency ? (currency === 'USD' ? 'EUR' : 'USD') : currency,
  }
}

function asTold(booking: Booking, { noticeAmount }: BankKnobs): Booking {
  return noticeAmount === '' ? booking : { ...booking, amountMinor: BigInt(noticeAmount.replace('.', '')) }
}
