import type { Charge, Presentation, RefundCall, TransactionAmount } from '../../port.ts'
import { beijingTime, timeOf } from './beijing-time.ts'

/**
 * Field names and fixed values of UnionPay's online gateway 5.1.0, all in this file: UnionPay gives its specification to its
 * merchants alone, and these are from public secondary sources. Amounts are fen in digits, times `YYYYMMDDhhmmss` of Beijing.
 */
export type Fields = Readonly<Record<string, string>>

/** Who we are in every request. */
export interface Identity {
  readonly merId: string
  /** Serial number of our certificate, decimal. */
  readonly certId: string
}

/** Tells UnionPay that no notice is wanted. */
const NO_NOTICE = 'http://www.specialUrl.com'

function request(
  { merId, certId }: Identity,
  txnType: string,
  txnSubType: string,
  bizType = '000201',
): Fields {
  return {
    version: '5.1.0',
    encoding: 'utf-8',
    certId,
    signMethod: '01',
    txnType,
    txnSubType,
    bizType,
    accessType: '0',
    merId,
  }
}

/** A payment's form for the payer's browser. */
export function chargeFields(who: Identity, charge: Charge, shown: Presentation): Fields {
  // What reads the field takes it apart at these characters.
  const subject = shown.subject.replaceAll(/[&={}[\]"'<>]/g, ' ').slice(0, 64)
  return {
    ...request(who, '01', '01'),
    channelType: charge.scene === 'wap' ? '08' : '07',
    orderId: charge.number,
    txnTime: timeOf(charge.number),
    txnAmt: charge.amountMinor.toString(),
    currencyCode: '156',
    payTimeout: beijingTime(charge.expiresAtMs),
    frontUrl: shown.returnUrl,
    backUrl: shown.notifyUrl,
    riskRateInfo: `{commodityName=${subject}}`,
  }
}

/** A question about a payment or a refund of ours: the number and its time, as they were sent. */
export function queryFields(who: Identity, number: string, txnTime = timeOf(number)): Fields {
  return { ...request(who, '00', '00'), orderId: number, txnTime }
}

/** A refund; it is asked about, so no notice of it is wanted. */
export function refundFields(who: Identity, call: RefundCall): Fields {
  return {
    ...request(who, '04', '00'),
    channelType: '07',
    orderId: call.number,
    txnTime: beijingTime(call.sentAtMs),
    txnAmt: call.amountMinor.toString(),
    origQryId: call.transaction,
    backUrl: NO_NOTICE,
  }
}

/** The settlement file of a day, `YYYY-MM-DD`; the wire carries no year. */
export function fileFields(who: Identity, day: string, nowMs: number): Fields {
  return {
    ...request(who, '76', '01', '000000'),
    txnTime: beijingTime(nowMs),
    fileType: '00',
    settleDate: day.slice(5).replace('-', ''),
  }
}

/** `well`: done. `open`: under way or not known, a query tells. `failed`: for the reason the code gives. */
export type Verdict = 'well' | 'open' | 'failed'

/** Of `respCode` in a notice and `origRespCode` in an answer. A6 is "well, with a flaw": the money moved. */
export function verdictOf(code: string | undefined): Verdict {
  if (code === '00' || code === 'A6') return 'well'
  return code === undefined || ['03', '04', '05'].includes(code) ? 'open' : 'failed'
}

/** What a payment moved, under UnionPay's own number for it; null when a part is missing or of another form. */
export function moneyOf(fields: Fields): TransactionAmount | null {
  const { queryId = '', txnAmt = '', currencyCode } = fields
  if (!/^[0-9A-Za-z]{1,32}$/.test(queryId) || !/^[1-9]\d{0,11}$/.test(txnAmt) || currencyCode !== '156')
    return null
  return { transaction: queryId, amountMinor: BigInt(txnAmt), currency: 'CNY' }
}
