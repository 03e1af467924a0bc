import type { NotificationOutcome, OpenMerchant, TransactionAmount } from '../../port.ts'
import { parseChinaTime } from './china-time.ts'
import type { Gateway } from './gateway.ts'
import { parseYuan } from './yuan.ts'

type Fields = Readonly<Record<string, string>>
type Refused = Extract<NotificationOutcome, { kind: 'refused' }>

const LIMIT_BYTES = 64 * 1024
const TRANSACTION = /^[0-9A-Za-z]{1,64}$/
const NOTIFY_ID = /^[\x21-\x7e]{1,128}$/

function malformed(reason: string): Refused {
  return { kind: 'refused', fault: 'malformed', reason }
}

/**
 * Reads and verifies one asynchronous notification. Source: Alipay, asynchronous notice of `alipay.trade.page.pay` and its
 * kin. Amounts are not compared with the order here: a genuine notice of a wrong amount is evidence too.
 */
export function verifyNotification(
  body: Buffer,
  merchant: OpenMerchant,
  gateway: Gateway,
): NotificationOutcome {
  const form = readForm(body)
  if (typeof form === 'string') return malformed(form)
  const fault = signatureFault(form, gateway)
  if (fault) return { kind: 'refused', fault: 'signature', reason: fault }
  if (form.app_id !== merchant.id || form.seller_id !== merchant.seller) {
    return { kind: 'refused', fault: 'merchant', reason: `for ${form.app_id}, seller ${form.seller_id}` }
  }
  const { sign: _, ...fields } = form
  return readSaying(fields, body)
}

/** A form's names and values, decoded once, in the one spelling Alipay sends; else what is wrong with it. */
function readForm(body: Buffer): Fields | string {
  if (body.length === 0 || body.length > LIMIT_BYTES) return 'empty, or longer than 64 KiB'
  const text = body.toString('latin1')
  // Everything else comes escaped, so a byte outside (a BOM, a NUL, raw UTF-8) was not sent by Alipay.
  if (!/^[\x21-\x7e]+$/.test(text)) return 'bytes that no form has'
  // RFC 3986 2.1 writes escapes in upper case: with one spelling each, no bit of the body is without meaning.
  if (/%(?![0-9A-F]{2})/.test(text)) return 'an escape that is none'
  const fields = new Map<string, string>()
  for (const pair of text.split('&')) {
    const [, rawName, rawValue] = /^([A-Za-z0-9_]{1,64})=(.*)$/.exec(pair) ?? []
    if (rawName === undefined || rawValue === undefined) return 'a pair that is none'
    if (fields.has(rawName)) return `two values of ${rawName}`
    try {
      fields.set(rawName, decodeURIComponent(rawValue.replaceAll('+', ' ')))
    } catch {
      return `${rawName} is not UTF-8`
    }
    if (fields.get(rawName)?.includes('\0')) return `${rawName} holds a NUL`
  }
  return Object.fromEntries(fields)
}

/** Why the signature does not count; undefined when it does. Neither `sign` nor `sign_type` is under the signature. */
function signatureFault(form: Fields, gateway: Gateway): string | undefined {
  const { sign = '', sign_type: signType } = form
  // The SDK would follow the notification down to RSA with SHA-1.
  if (signType !== 'RSA2') return 'sign_type is not RSA2'
  // Base64 decoders pass over stray bits and letters.
  if (sign === '' || Buffer.from(sign, 'base64').toString('base64') !== sign) return 'sign is not base64'
  return gateway.genuine(form) ? undefined : 'not signed by Alipay'
}

function readSaying(fields: Fields, raw: Buffer): NotificationOutcome {
  const { notify_id: id = '', out_trade_no: number = '', trade_no: transaction = '' } = fields
  if (!NOTIFY_ID.test(id)) return malformed('notify_id')
  if (!TRANSACTION.test(transaction)) return malformed('trade_no')
  const said = saying(fields)
  if (said === 'passing') return { kind: 'passing' }
  if (said === null) return malformed(`trade_status ${fields.trade_status}`)
  const money = said === 'closed' ? null : readMoney(fields, transaction, said)
  if (money === undefined) return malformed(`amount of ${said}`)
  const at = said === 'paid' ? fields.gmt_payment : said === 'refunded' ? fields.gmt_refund : fields.gmt_close
  return {
    kind: 'final',
    said,
    id,
    number,
    refundNumber: said === 'refunded' ? (fields.out_biz_no ?? null) : null,
    money,
    atMs: parseChinaTime(at),
    raw,
    fields,
  }
}

/** TRADE_CLOSED is "never paid" only where no payment is named: a trade refunded in full is closed too. */
function saying(fields: Fields): 'paid' | 'closed' | 'refunded' | 'passing' | null {
  const refunded = fields.refund_fee !== undefined
  switch (fields.trade_status) {
    case 'WAIT_BUYER_PAY':
      return 'passing'
    case 'TRADE_SUCCESS':
    case 'TRADE_FINISHED':
      return refunded ? 'refunded' : 'paid'
    case 'TRADE_CLOSED':
      return refunded || fields.gmt_payment !== undefined ? 'refunded' : 'closed'
    default:
      return null
  }
}

/** `refund_fee` is the sum of all refunds so far. */
function readMoney(
  fields: Fields,
  transaction: string,
  said: 'paid' | 'refunded',
): TransactionAmount | undefined {
  const text = said === 'refunded' ? (fields.refund_fee ?? fields.total_amount) : fields.total_amount
  const amountMinor = parseYuan(text)
  const currency = fields.trans_currency ?? 'CNY'
  if (amountMinor === null || !/^[A-Z]{3}$/.test(currency)) return undefined
  return { transaction, amountMinor, currency }
}
