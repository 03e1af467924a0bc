import type { Fields } from '../fields.ts'
import { quietRail, type RailKnobs, turnKnobs } from '../knobs.ts'

/** What a merchant's WeChat Pay shall do wrong. Amounts are fen in digits; empty is quiet. */
export interface WechatKnobs extends RailKnobs {
  signTest: boolean
  notificationAgeMinutes: number
  wrongMerchant: boolean
  wrongApp: boolean
  faultCall: string
  answerSignature: string
  notificationBeforeAnswer: boolean
  userPaying: boolean
  refundOutcome: string
  refundSeconds: number
  billsAtOnce: boolean
}

export const quietWechat: WechatKnobs = {
  ...quietRail,
  signTest: false,
  notificationAgeMinutes: 0,
  wrongMerchant: false,
  wrongApp: false,
  faultCall: '',
  answerSignature: '',
  notificationBeforeAnswer: false,
  userPaying: false,
  refundOutcome: '',
  refundSeconds: 0,
  billsAtOnce: false,
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
