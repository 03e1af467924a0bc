import type { NotificationOutcome } from '../../port.ts'
import { traceInstant } from './beijing-time.ts'
import type { Chain } from './chain.ts'
import { signatureFault } from './signature.ts'
import { type Fields, moneyOf, verdictOf } from './wire.ts'

const LIMIT_BYTES = 64 * 1024

/**
 * Reads and verifies one back notice. UnionPay tells only of what went well; of the payments among it this makes evidence.
 * Refunds and voids are asked about. Amounts are not compared with the order here: a genuine notice of a wrong amount is
 * evidence too.
 */
export function verifyNotification(
  body: Buffer,
  merId: string,
  chain: Chain,
  nowMs: number,
): NotificationOutcome {
  const malformed = (reason: string) => ({ kind: 'refused', fault: 'malformed', reason }) as const
  const form = readForm(body)
  if (typeof form === 'string') return malformed(form)
  const fault = signatureFault(form, chain, nowMs)
  if (fault !== null) return { kind: 'refused', fault: 'signature', reason: fault }
  if (form.merId !== merId) return { kind: 'refused', fault: 'merchant', reason: `for ${form.merId}` }
  if (form.txnType !== '01' || verdictOf(form.respCode) !== 'well') return { kind: 'passing' }
  const money = moneyOf(form)
  const { orderId: number, signature: _, signPubKeyCert: _certificate, ...fields } = form
  if (money === null) return malformed('queryId, txnAmt or currencyCode')
  if (number === undefined) return malformed('orderId')
  return {
    kind: 'final',
    said: 'paid',
    // A notice has no number of its own: what it says is the same whenever it is said.
    id: `${money.transaction}/${form.respCode}`,
    number,
    refundNumber: null,
    money,
    atMs: traceInstant(form.traceTime, form.txnTime),
    raw: body,
    fields: { ...fields, orderId: number },
  }
}

/** A form's names and values, decoded once, in the one spelling UnionPay sends; else what is wrong with it. */
function readForm(body: Buffer): Fields | string {
  if (body.length === 0 || body.length > LIMIT_BYTES) return 'empty, or longer than 64 KiB'
  const text = body.toString('latin1')
  // Everything else comes escaped, so a byte outside (a BOM, a NUL, raw UTF-8) was not sent by UnionPay.
  if (!/^[\x21-\x7e]+$/.test(text)) return 'bytes that no form has'
  // RFC 3986 2.1 writes escapes in upper case: with one spelling each, no bit of the body is without meaning.
  if (/%(?![0-9A-F]{2})/.test(text)) return 'an escape that is none'
  const fields = new Map<string, string>()
  for (const pair of text.split('&')) {
    const [, name, value] = /^([A-Za-z0-9_]{1,64})=(.*)$/.exec(pair) ?? []
    if (name === undefined || value === undefined) return 'a pair that is none'
    if (fields.has(name)) return `two values of ${name}`
    try {
      fields.set(name, decodeURIComponent(value.replaceAll('+', ' ')))
    } catch {
      return `${name} is not UTF-8`
    }
  }
  return Object.fromEntries(fields)
}
