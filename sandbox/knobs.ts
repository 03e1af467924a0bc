import { BadRequest, type Fields } from './fields.ts'

/**
 * Fault knobs: what a merchant's Alipay, or a brand's SMSC, shall do wrong. Defaults do nothing wrong. A knob is a switch
 * (boolean), a count (whole number from 0) or a text (some with a fixed form).
 */
export interface AlipayKnobs {
  duplicate: number
  reorder: boolean
  delaySeconds: number
  dropAll: boolean
  wrongSignature: boolean
  forge: boolean
  notificationAgeMinutes: number
  notificationAmount: string
  paidAmount: string
  wrongSeller: boolean
  wrongApp: boolean
  unknownOrder: boolean
  paidAfterClose: boolean
  paidTwice: boolean
  fault: string
  faultMethod: string
  notFoundFirst: number
  finishedAfterSuccess: boolean
  refundRefused: boolean
  notificationBeforeAnswer: boolean
  payerCodeAnswer: string
  billsAtOnce: boolean
  billFault: string
  slowReceiverSeconds: number
  clockSkewSeconds: number
}

export const quietAlipay: AlipayKnobs = {
  duplicate: 0,
  reorder: false,
  delaySeconds: 0,
  dropAll: false,
  wrongSignature: false,
  forge: false,
  notificationAgeMinutes: 0,
  notificationAmount: '',
  paidAmount: '',
  wrongSeller: false,
  wrongApp: false,
  unknownOrder: false,
  paidAfterClose: false,
  paidTwice: false,
  fault: '',
  faultMethod: '',
  notFoundFirst: 0,
  finishedAfterSuccess: false,
  refundRefused: false,
  notificationBeforeAnswer: false,
  payerCodeAnswer: '',
  billsAtOnce: false,
  billFault: '',
  slowReceiverSeconds: 0,
  clockSkewSeconds: 0,
}

/** Knobs that take one of a few words; the empty one is quiet. */
export const knobChoices: Record<string, readonly string[]> = {
  fault: ['', 'http-500', 'time-out'],
  answerSignature: ['', 'wrong', 'probe'],
  refundOutcome: ['', 'ABNORMAL', 'CLOSED'],
  refund: ['', 'pending', 'failed'],
  answerCode: ['', '03', '04', '05'],
  payerCodeAnswer: ['', 'waiting', 'unknown'],
  billFault: ['', 'row-missing', 'row-extra', 'fen-off', 'wrong-hash'],
  statementFault: ['', 'row-missing', 'row-extra', 'fen-off'],
}

const alipayForms: Partial<Record<keyof AlipayKnobs, RegExp>> = {
  notificationAmount: /^(\d{1,9}\.\d\d)?$/,
  paidAmount: /^(\d{1,9}\.\d\d)?$/,
  faultMethod: /^(alipay\.[a-z.]+)?$/,
}

export interface SmscKnobs {
  throttle: number
  dropReceipts: boolean
  duplicateReceipts: number
  receiptDelaySeconds: number
  undeliverable: boolean
  refuseBind: boolean
}

export const quietSmsc: SmscKnobs = {
  throttle: 0,
  dropReceipts: false,
  duplicateReceipts: 0,
  receiptDelaySeconds: 0,
  undeliverable: false,
  refuseBind: false,
}

/** The knobs after a change; BadRequest names the first knob that does not exist or has a value of the wrong form. */
export function turnAlipayKnobs(current: AlipayKnobs, change: Fields): AlipayKnobs {
  return turnKnobs(quietAlipay, current, change, alipayForms)
}

export function turnSmscKnobs(current: SmscKnobs, change: Fields): SmscKnobs {
  return turnKnobs(quietSmsc, current, change, {})
}

/** For every rail: `forms` says which texts a knob takes, where not all. */
export function turnKnobs<Knobs extends object>(
  quiet: Knobs,
  current: Knobs,
  change: Fields,
  forms: Partial<Record<keyof Knobs, RegExp>>,
): Knobs {
  const { reset, ...named } = change
  const turned = { ...(reset === true ? quiet : current) } as Record<string, unknown>
  for (const [name, value] of Object.entries(named)) {
    if (!Object.hasOwn(quiet, name)) throw new BadRequest(`There is no knob "${name}".`)
    const knob = name as keyof Knobs
    const kind = typeof quiet[knob]
    if (typeof value !== kind) throw new BadRequest(`Knob "${name}" takes a ${kind}.`)
    if (kind === 'number' && !(Number.isSafeInteger(value) && (value as number) >= 0)) {
      throw new BadRequest(`Knob "${name}" takes a whole number from 0.`)
    }
    const unknownChoice = knobChoices[name]?.includes(value as string) === false
    if (unknownChoice || forms[knob]?.test(value as string) === false) {
      throw new BadRequest(`Knob "${name}" does not take "${value}".`)
    }
    turned[name] = value
  }
  return turned as Knobs
}
