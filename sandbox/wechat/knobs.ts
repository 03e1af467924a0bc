import type { Fields } from '../fields.ts'
import { turnKnobs } from '../knobs.ts'

/** What a merchant's WeChat Pay shall do wrong. Amounts are fen in digits; empty is quiet. */
export interface WechatKnobs {
  duplicate: number
  reorder: boolean
  delaySeconds: number
  dropAll: boolean
  wrongSignature: boolean
  signTest: boolean
  forge: boolean
  notificationAgeMinutes: number
  notificationAmount: string
  paidAmount: string
  wrongMerchant: boolean
  wrongApp: boolean
  unknownOrder: boolean
  paidAfterClose: boolean
  paidTwice: boolean
  fault: string
  faultCall: string
  answerSignature: string
  notFoundFirst: number
  notificationBeforeAnswer: boolean
  userPaying: boolean
  refundOutcome: string
  refundSeconds: number
  billsAtOnce: boolean
  billFault: string
  slowReceiverSeconds: number
  clockSkewSeconds: number
}

export const quietWechat: WechatKnobs = {
  duplicate: 0,
  reorder: false,
  delaySeconds: 0,
  dropAll: false,
  wrongSignature: false,
  signTest: false,
  forge: false,
  notificationAgeMinutes: 0,
  notificationAmount: '',
  paidAmount: '',
  wrongMerchant: false,
  wrongApp: false,
  unknownOrder: false,
  paidAfterClose: false,
  paidTwice: false,
  fault: '',
  faultCall: '',
  answerSignature: '',
  notFoundFirst: 0,
  notificationBeforeAnswer: false,
  userPaying: false,
  refundOutcome: '',
  refundSeconds: 0,
  billsAtOnce: false,
  billFault: '',
  slowReceiverSeconds: 0,
  clockSkewSeconds: 0,
}

const fen = /^([1-9]\d{0,9})?$/
const forms: Partial<Record<keyof WechatKnobs, RegExp>> = {
  notificationAmount: fen,
  paidAmount: fen,
  faultCall:
    /^(native|h5|jsapi|app|codepay|query|close|reverse|refund|refund-query|tradebill|fundflowbill|download|certificates)?$/,
}

/** The knobs after a change; BadRequest names the first knob that does not exist or has a value of the wrong form. */
export function turnWechatKnobs(current: WechatKnobs, change: Fields): WechatKnobs {
  return turnKnobs(quietWechat, current, change, forms)
}
