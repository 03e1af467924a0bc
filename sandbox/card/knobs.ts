import type { Fields } from '../fields.ts'
import { turnKnobs } from '../knobs.ts'

/** What a merchant's card gateway shall do wrong; as with Alipay's knobs, defaults do nothing wrong. */
export interface CardKnobs {
  duplicate: number
  reorder: boolean
  delaySeconds: number
  dropAll: boolean
  wrongSignature: boolean
  forge: boolean
  notificationAgeMinutes: number
  notificationAmount: string
  paidAmount: string
  wrongMerchant: boolean
  unknownOrder: boolean
  paidAfterClose: boolean
  paidTwice: boolean
  refund: string
  fault: string
  faultMethod: string
  notFoundFirst: number
  notificationBeforeAnswer: boolean
  slowReceiverSeconds: number
  clockSkewSeconds: number
  billFault: string
}

export const quietCard: CardKnobs = {
  duplicate: 0,
  reorder: false,
  delaySeconds: 0,
  dropAll: false,
  wrongSignature: false,
  forge: false,
  notificationAgeMinutes: 0,
  notificationAmount: '',
  paidAmount: '',
  wrongMerchant: false,
  unknownOrder: false,
  paidAfterClose: false,
  paidTwice: false,
  refund: '',
  fault: '',
  faultMethod: '',
  notFoundFirst: 0,
  notificationBeforeAnswer: false,
  slowReceiverSeconds: 0,
  clockSkewSeconds: 0,
  billFault: '',
}

const forms: Partial<Record<keyof CardKnobs, RegExp>> = {
  // The bill has no hash of its own that could be wrong.
  billFault: /^(row-missing|row-extra|fen-off)?$/,
  // Minor units, as on this wire.
  notificationAmount: /^([1-9]\d{0,7})?$/,
  paidAmount: /^([1-9]\d{0,7})?$/,
  faultMethod: /^(\/v1\/[a-z_/]+)?$/,
}

/** The knobs after a change; BadRequest names the first knob that does not exist or has a value of the wrong form. */
export function turnCardKnobs(current: CardKnobs, change: Fields): CardKnobs {
  return turnKnobs(quietCard, current, change, forms)
}
