import type { Fields } from '../fields.ts'
import { turnKnobs } from '../knobs.ts'
import type { Words } from '../web/page.ts'

/** What an account's bank, or whoever pays into it, shall do wrong. Amounts are decimals of the account's currency. */
export interface BankKnobs {
  duplicate: number
  delaySeconds: number
  dropAll: boolean
  wrongSignature: boolean
  forge: boolean
  noticeAgeMinutes: number
  wrongAccount: boolean
  typo: boolean
  noReference: boolean
  paidAmount: string
  splitInTwo: boolean
  paidTwice: boolean
  returned: boolean
  bookedLater: boolean
  repeatNextDay: boolean
}

export const quietBank: BankKnobs = {
  duplicate: 0,
  delaySeconds: 0,
  dropAll: false,
  wrongSignature: false,
  forge: false,
  noticeAgeMinutes: 0,
  wrongAccount: false,
  typo: false,
  noReference: false,
  paidAmount: '',
  splitInTwo: false,
  paidTwice: false,
  returned: false,
  bookedLater: false,
  repeatNextDay: false,
}

const forms: Partial<Record<keyof BankKnobs, RegExp>> = { paidAmount: /^(\d{1,9}\.\d\d)?$/ }

/** The knobs after a change; BadRequest names the first knob that does not exist or has a value of the wrong form. */
export function turnBankKnobs(current: BankKnobs, change: Fields): BankKnobs {
  return turnKnobs(quietBank, current, change, forms)
}

/** What each knob does. */
export const bankKnobWords: Words<keyof BankKnobs> = {
  'zh-CN': {
    duplicate: '每条到账通知同时多发这么多次',
    delaySeconds: '每条到账通知的第一次发送推迟这么多秒',
    dropAll: '一条通知也不发，只有对账单知道',
    wrongSignature: '通知的签名是坏的（被拒收就按阶梯重发）',
    forge: '每笔入账都有外人用自己的密钥发来一条同样的通知',
    noticeAgeMinutes: '通知的时间戳早这么多分钟',
    wrongAccount: '通知写的是别人的账号，签名正确',
    typo: '付款人把附言里的最后一个字符写错',
    noReference: '付款人没写附言',
    paidAmount: '付款人实际转这个金额，如 49.79',
    splitInTwo: '付款人分两笔转',
    paidTwice: '付款人转了两遍',
    returned: '入账后银行立即冲正退回',
    bookedLater: '银行第二天才入账',
    repeatNextDay: '同一笔流水在第二天的对账单里再出现一次',
  },
  en: {
    duplicate: 'Every notice is sent this many more times at once.',
    delaySeconds: 'The first sending of every notice waits this long.',
    dropAll: 'No notice is ever sent; only statements tell.',
    wrongSignature: 'Notices carry a spoilt signature (and are retried while refused).',
    forge: 'With every booking a stranger sends the same notice under a key of their own.',
    noticeAgeMinutes: 'The time of a notice lies in the past.',
    wrongAccount: "Notices name somebody else's account, rightly signed.",
    typo: 'The payer gets the last sign of the reference wrong.',
    noReference: 'The payer writes nothing.',
    paidAmount: 'The payer really transfers this amount, e.g. 49.79.',
    splitInTwo: 'The payer transfers in two parts.',
    paidTwice: 'The payer transfers twice.',
    returned: 'The bank takes the booking back at once.',
    bookedLater: 'The bank books it on the next day.',
    repeatNextDay: "The same booking stands on the next day's statement once more.",
  },
}
