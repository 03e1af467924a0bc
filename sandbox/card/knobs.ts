import type { Fields } from '../fields.ts'
import { quietRail, type RailKnobs, turnKnobs } from '../knobs.ts'

/** What a merchant's card gateway shall do wrong; as with Alipay's knobs, defaults do nothing wrong. */
export interface CardKnobs extends RailKnobs {
  notificationAgeMinutes: number
  wrongMerchant: boolean
  refund: string
  faultMethod: string
  notificationBeforeAnswer: boolean
}

export const quietCard: CardKnobs = {
  ...quietRail,
  notificationAgeMinutes: 0,
  wrongMerchant: false,
  refund: '',
  faultMethod: '',
  notificationBeforeAnswer: false,
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
