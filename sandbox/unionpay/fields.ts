import { chinaTime, compactChinaTime, parseChinaTime } from '../clock.ts'
import { Refusal, responseWords } from './response.ts'
import type { Order, Transaction, UnionPayMerchant } from './transaction.ts'

/**
 * Every field name of UnionPay's online gateway 5.1.0 that the sandbox reads or writes. UnionPay gives its specification to
 * its merchants alone; these are the names that public kits and merchants' own code agree upon.
 */
export type Fields = Record<string, string>

const minuteMs = 60_000
/** `txnTime` must be the time of sending; how much off is too much is not published. */
const timeWindowMs = 60 * minuteMs
/** An order without `payTimeout` stays payable this long. */
const longestLifeMs = 24 * 60 * minuteMs

/** `YYYYMMDDhhmmss`, Beijing time. */
export function parseTime(digits: string): number | undefined {
  if (!/^\d{14}$/.test(digits)) return undefined
  const [, y, mo, d, h, mi, s] = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/.exec(digits) ?? []
  return parseChinaTime(`${y}-${mo}-${d} ${h}:${mi}:${s}`)
}

function need(fields: Fields, name: string, form: RegExp): string {
  const value = fields[name]
  if (value === undefined || value === '') throw new Refusal('13', name)
  if (!form.test(value)) throw new Refusal('10', name)
  return value
}

/** Who asks for what; known before the signature is checked. */
export function readWho(fields: Fields): { merId: string; txnType: string } {
  return { merId: need(fields, 'merId', /^\d{15}$/), txnType: need(fields, 'txnType', /^\d\d$/) }
}

/** What is the same in all requests. Throws Refusal. */
export function checkCommon(fields: Fields, merchant: UnionPayMerchant, now: number): void {
  need(fields, 'version', /^5\.1\.0$/)
  need(fields, 'encoding', /^utf-8$/i)
  need(fields, 'signMethod', /^01$/)
  if (need(fields, 'certId', /^\d{1,40}$/) !== merchant.certId) throw new Refusal('11', 'certId')
  need(fields, 'signature', /^[A-Za-z0-9+/]+=*$/)
  need(fields, 'txnSubType', /^\d\d$/)
  need(fields, 'bizType', /^\d{6}$/)
  need(fields, 'accessType', /^0$/)
  // A query names the time of what it asks about.
  if (fields.txnType === '00') return
  const sentAt = parseTime(need(fields, 'txnTime', /^\d{14}$/))
  if (sentAt === undefined || Math.abs(sentAt - now) > timeWindowMs) throw new Refusal('10', 'txnTime')
}

const orderIdForm = /^[A-Za-z0-9]{8,40}$/
const amountForm = /^[1-9]\d{0,11}$/
const urlForm = /^https?:\/\/\S{1,240}$/
/** Says that nobody wants to be told. */
export const noNotice = 'http://www.specialUrl.com'

/** The order in a form to the cashier (txnType 01). Throws Refusal. */
export function readOrder(fields: Fields, now: number): Order {
  need(fields, 'channelType', /^0[78]$/)
  need(fields, 'currencyCode', /^156$/)
  const timeout = fields.payTimeout ? parseTime(fields.payTimeout) : now + longestLifeMs
  if (timeout === undefined) throw new Refusal('10', 'payTimeout')
  const subject = /commodityName=([^&}]*)/.exec(fields.riskRateInfo ?? '')?.[1] ?? fields.orderDesc
  return {
    merId: need(fields, 'merId', /./),
    orderId: need(fields, 'orderId', orderIdForm),
    txnTime: need(fields, 'txnTime', /./),
    amountMinor: need(fields, 'txnAmt', amountForm),
    backUrl: need(fields, 'backUrl', urlForm),
    expiresAt: timeout,
    ...(fields.frontUrl ? { frontUrl: need(fields, 'frontUrl', urlForm) } : {}),
    ...(subject ? { subject } : {}),
    ...(fields.reqReserved ? { reqReserved: fields.reqReserved } : {}),
  }
}

export interface ReturnRequest {
  orderId: string
  txnTime: string
  amountMinor: bigint
  origQryId: string
  backUrl: string
  reqReserved?: string
}

/** A refund (04) or a void (31). Throws Refusal. */
export function readReturn(fields: Fields): ReturnRequest {
  return {
    orderId: need(fields, 'orderId', orderIdForm),
    txnTime: need(fields, 'txnTime', /./),
    amountMinor: BigInt(need(fields, 'txnAmt', amountForm)),
    origQryId: need(fields, 'origQryId', /^\d{21}$/),
    backUrl: need(fields, 'backUrl', urlForm),
    ...(fields.reqReserved ? { reqReserved: fields.reqReserved } : {}),
  }
}

/** A query by the merchant's number and its time, both as they were sent; or by queryId alone. Throws Refusal. */
export function readQuery(fields: Fields): { queryId: string } | { orderId: string; txnTime: string } {
  if (fields.queryId) return { queryId: fields.queryId }
  return {
    orderId: need(fields, 'orderId', orderIdForm),
    txnTime: need(fields, 'txnTime', /^\d{14}$/),
  }
}

/** The day of a settlement file, `MMDD`. Throws Refusal. */
export function readFileRequest(fields: Fields): string {
  need(fields, 'fileType', /^00$/)
  return need(fields, 'settleDate', /^(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])$/)
}

/** What every answer gives back of its question, with the code. */
export function answerFields(asked: Fields, code: string, words = responseWords(code)): Fields {
  const echoed = [
    'accessType',
    'bizType',
    'encoding',
    'merId',
    'orderId',
    'signMethod',
    'txnSubType',
    'txnTime',
  ]
  const back = Object.fromEntries(echoed.flatMap((name) => (asked[name] ? [[name, asked[name]]] : [])))
  return { ...back, txnType: asked.txnType ?? '', version: '5.1.0', respCode: code, respMsg: words }
}

/** The merchant's day ends at 23:00: what comes later is settled with the next. */
export function settleDay(at: number): string {
  return chinaTime(at + 60 * minuteMs).slice(0, 10)
}

/** A transaction as notices, front returns and queries tell it. */
export function tellFields(told: Transaction): Fields {
  const { kind, amountMinor, at, card } = told
  return {
    accNo: card.accNo,
    accessType: '0',
    bizType: '000201',
    currencyCode: '156',
    encoding: 'utf-8',
    merId: told.merId,
    orderId: told.orderId,
    ...(told.origQryId ? { origQryId: told.origQryId } : {}),
    payCardType: card.payCardType,
    payType: card.payType,
    queryId: told.queryId,
    ...(told.reqReserved ? { reqReserved: told.reqReserved } : {}),
    settleAmt: `${amountMinor}`,
    settleCurrencyCode: '156',
    settleDate: settleDay(at).slice(5).replace('-', ''),
    signMethod: '01',
    traceNo: told.traceNo,
    traceTime: compactChinaTime(at).slice(4),
    txnAmt: `${amountMinor}`,
    txnSubType: kind === '01' ? '01' : '00',
    txnTime: told.txnTime,
    txnType: kind,
    version: '5.1.0',
  }
}

/** A notice, or a front return. */
export function noticeFields(told: Transaction): Fields {
  return { ...tellFields(told), respCode: told.respCode, respMsg: responseWords(told.respCode) }
}

/** The answer to a query that found something: the question went well, and `origRespCode` is what it found. */
export function foundFields(told: Transaction, origCode: string): Fields {
  const { settleDate, settleAmt, queryId, traceNo, traceTime, ...rest } = tellFields(told)
  const settled =
    origCode === '00' ? { settleDate, settleAmt, queryId, traceNo, traceTime } : { settleAmt: '0' }
  return {
    ...rest,
    ...settled,
    issuerIdentifyMode: '0',
    origRespCode: origCode,
    origRespMsg: responseWords(origCode),
    respCode: '00',
    respMsg: responseWords('00'),
  } as Fields
}
