import { randomBytes, randomInt } from 'node:crypto'
import { deliver } from '../alipay/deliver.ts'
import type { Book } from '../book.ts'
import { type Clock, compactChinaTime } from '../clock.ts'
import { type Courier, createCourier } from '../courier.ts'
import { flipLastBit } from '../flip-last-bit.ts'
import type { Reception } from '../post.ts'
import type { Repetition } from '../repetition.ts'
import type { Authority, Signer } from './authority.ts'
import { noNotice, noticeFields } from './fields.ts'
import type { UnionPayKnobs } from './knobs.ts'
import { signFields } from './signature.ts'
import type { Entry, Notice, Transaction, UnionPayState } from './transaction.ts'

const minuteMs = 60_000
/** Waits between the sendings until the receiver answers 200. UnionPay publishes only that there are several. */
const waitsMs = [1, 2, 4, 15].map((minutes) => minutes * minuteMs)

export interface Notices extends Pick<Courier<Notice>, 'nextSendingAt' | 'resume' | 'stop'> {
  /** Resolves when the notice is on disk; `sent` resolves when its first sending is over. */
  announce(told: Transaction): Promise<{ sent: Promise<void> }>
  /** Sends the newest notice about the number again, outside its ladder. */
  repeat(queryId: string, how: Repetition): Promise<Reception[]>
  /** Sends word of the transaction under a stranger's certificate chain. */
  forge(told: Transaction, url: string): Promise<Reception>
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

interface Office extends NoticesDeps {
  stopping: AbortController
}

export function createNotices(deps: NoticesDeps): Notices {
  const office: Office = { ...deps, stopping: new AbortController() }
  const courier = createCourier<Notice>({
    ...office,
    records: office.state.notices,
    waitsMs,
    merchantOf: ({ merId }) => merId,
    post: (notice) => post(office, notice),
    isAcknowledged,
    postStray: (notice) => postStray(office, notice),
  })
  return {
    announce: async (told) =>
      told.backUrl.startsWith(noNotice)
        ? { sent: Promise.resolve() }
        : await courier.announce(noticeOf(told, office.nowFor(told.merId))),
    // A notice has no number of its own on the wire, so none can be fresh.
    repeat: (queryId, how) =>
      courier.repeat(
        (notice) => notice.queryId === queryId,
        how,
        (notice) => post(office, notice),
      ),
    forge: async (told, url) => {
      const stranger = await office.authority.stranger()
      return await deliver(url, signFields(noticeFields(told), stranger), office.stopping.signal)
    },
    nextSendingAt: courier.nextSendingAt,
    resume: courier.resume,
    stop: courier.stop,
  }
}

function noticeOf(told: Transaction, at: number): Notice {
  const { merId, queryId, backUrl: url } = told
  return { id: randomBytes(16).toString('hex'), at, merId, queryId, url, fields: noticeFields(told) }
}

/** The status alone counts; UnionPay reads no body. */
function isAcknowledged({ status }: Reception): boolean {
  return status === 200
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
