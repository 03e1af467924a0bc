import { randomBytes } from 'node:crypto'
import type { Book } from '../book.ts'
import { type Clock, utcTime } from '../clock.ts'
import { type Courier, createCourier } from '../courier.ts'
import { flipLastBit } from '../flip-last-bit.ts'
import { post, type Reception } from '../post.ts'
import type { Booking } from '../statement/booking.ts'
import { camtNotice } from '../statement/camt.ts'
import type { BankKey } from './key.ts'
import type { BankKnobs } from './knobs.ts'
import type { BankAccount, BankState, Entry, Notice } from './state.ts'

const minuteMs = 60_000
/** Waits between the sendings until the receiver answers 200. */
const waitsMs = [1, 5, 15, 60].map((minutes) => minutes * minuteMs)
const patienceMs = 10_000

/** Tells an account's owner of each booking at once, as a camt.054. */
export interface Notices extends Pick<Courier<Notice>, 'nextSendingAt' | 'resume' | 'stop'> {
  /** Resolves when the notice is on disk; without an address there is none. */
  announce(account: BankAccount, booking: Booking): Promise<void>
  /** Sends the notice of a booking again, outside its ladder. */
  repeat(accountId: string, reference: string, times: number): Promise<Reception[]>
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
}

export function createNotices(deps: NoticesDeps): Notices {
  const office: Office = { ...deps, stopping: new AbortController() }
  const { clock, state } = office
  const courier = createCourier<Notice>({
    ...office,
    records: state.notices,
    waitsMs,
    merchantOf: ({ accountId }) => accountId,
    // The stray beside a notice is a stranger's: an order that nobody placed is here a transfer, which is booked.
    knobsOf: (accountId) => {
      const knobs = deps.knobsOf(accountId)
      return { ...knobs, unknownOrder: knobs.forge }
    },
    nowFor: clock.now,
    post: (notice) => deliver(office, notice, false),
    isAcknowledged: ({ status }) => status === 200,
    postStray: (notice) => deliver(office, notice, true),
  })
  return {
    announce: async ({ id: accountId, notifyUrl: url }, { reference }) => {
      if (url === undefined) return
      const id = randomBytes(8).toString('hex')
      await courier.announce({ id, at: clock.now(), accountId, reference, url })
    },
    repeat: (accountId, reference, times) =>
      courier.repeat(
        (notice) => notice.accountId === accountId && notice.reference === reference,
        { times, concurrently: true, freshIds: false },
        (notice) => deliver(office, notice, false),
      ),
    nextSendingAt: courier.nextSendingAt,
    resume: courier.resume,
    stop: courier.stop,
  }
}

/** With the lies that the knobs ask for, told afresh at each sending: a knob turned back heals the next retry. */
async function deliver(office: Office, notice: Notice, forged: boolean): Promise<Reception> {
  const { clock, key, state, stopping } = office
  const account = state.accounts.get(notice.accountId)
  const told = state.booked.find(
    ({ accountId, booking }) => accountId === notice.accountId && booking.reference === notice.reference,
  )
  if (!account || !told) return { status: 0, body: 'nothing was booked' }
  const knobs = office.knobsOf(account.id)
  const now = clock.now() - knobs.noticeAgeMinutes * minuteMs + knobs.clockSkewSeconds * 1_000
  const body = camtNotice(asNamed(account, knobs), [asTold(told.booking, knobs)], {
    ...{ version: '08', id: notice.id, madeAt: `${utcTime(told.at).replace(' ', 'T')}Z` },
  })
  const signature = forged ? key.forge(`${now}`, body) : key.sign(`${now}`, body)
  const headers = {
    ...{ 'content-type': 'application/xml', 'bank-timestamp': `${now}` },
    'bank-signature': knobs.wrongSignature ? flipLastBit(signature) : signature,
  }
  return await post(notice.url, body, headers, patienceMs, stopping.signal)
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
