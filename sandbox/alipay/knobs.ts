import type { Fields } from '../fields.ts'
import { quietRail, type RailKnobs, turnKnobs } from '../knobs.ts'

/** What a merchant's Alipay shall do wrong. Amounts are yuan; empty is quiet. */
export interface AlipayKnobs extends RailKnobs {
  notificationAgeMinutes: number
  wrongSeller: boolean
  wrongApp: boolean
  faultMethod: string
  finishedAfterSuccess: boolean
  refundRefused: boolean
  notificationBeforeAnswer: boolean
  payerCodeAnswer: string
  billsAtOnce: boolean
}

export const quietAlipay: AlipayKnobs = {
  ...quietRail,
  notificationAgeMinutes: 0,
  wrongSeller: false,
  wrongApp: false,
  faultMethod: '',
  finishedAfterSuccess: false,
  refundRefused: false,
  notificationBeforeAnswer: false,
  payerCodeAnswer: '',
  billsAtOnce: false,
}

const forms: Partial<Record<keyof AlipayKnobs, RegExp>> = {
  notificationAmount: /^(\d{1,9}\.\d\d)?$/,
  paidAmount: /^(\d{1,9}\.\d\d)?$/,
  faultMethod: /^(alipay\.[a-z.]+)?$/,
}

/** The knobs after a change; BadRequest names the first knob that does not exist or has a value of the wrong form. */
export function turnAlipayKnobs(current: AlipayKnobs, change: Fields): AlipayKnobs {
  return turnKnobs(quietAlipay, current, change, forms)
}
