import type { Fields } from '../fields.ts'
import { turnKnobs } from '../knobs.ts'
import type { Words } from '../web/page.ts'

/** What an account's bank, or whoever pays into it, shall do wrong. Amounts are decimals of the account's currency. */
export interface BankKnobs {
  duplicate: number
  reorder: boolean
  delaySeconds: number
  dropAll: boolean
  wrongSignature: boolean
  forge: boolean
  noticeAgeMinutes: number
  clockSkewSeconds: number
  wrongAccount: boolean
  noticeAmount: string
  otherCurrency: boolean
  typo: boolean
  noReference: boolean
  paidAmount: string
  splitInTwo: boolean
  paidTwice: boolean
  unknownOrder: boolean
  returned: boolean
  sentBack: boolean
  bookedLater: boolean
  repeatNextDay: boolean
  statementFault: string
}

export const quietBank: BankKnobs = {
  duplicate: 0,
  reorder: false,
  delaySeconds: 0,
  dropAll: false,
  wrongSignature: false,
  forge: false,
  noticeAgeMinutes: 0,
  clockSkewSeconds: 0,
  wrongAccount: false,
  noticeAmount: '',
  otherCurrency: false,
  typo: false,
  noReference: false,
  paidAmount: '',
  splitInTwo: false,
  paidTwice: false,
  unknownOrder: false,
  returned: false,
  sentBack: false,
  bookedLater: false,
  repeatNextDay: false,
  statementFault: '',
}

const forms: Partial<Record<keyof BankKnobs, RegExp>> = {
  noticeAmount: /^(\d{1,9}\.\d\d)?$/,
  paidAmount: /^(\d{1,9}\.\d\d)?$/,
}

/** The knobs after a change; BadRequest names the first knob that does not exist or has a value of the wrong form. */
export function turnBankKnobs(current: BankKnobs, change: Fields): BankKnobs {
  return turnKnobs(quietBank, current, change, forms)
}

/** What each knob does. */
export const bankKnobWords: Words<keyof BankKnobs> = {
  'zh-CN': {
    duplicate: '每条到账通知同时多发这么多次',
    reorder: '每条到账通知等下一条来了再发，先发后来的（最多等 5 秒）',
    delaySeconds: '每条到账通知的第一次发送推迟这么多秒',
    dropAll: '一条通知也不发，只有对账单知道',
    wrongSignature: '通知的签名是坏的（被拒收就按阶梯重发）',
    forge: '每笔入账都有外人用自己的密钥发来一条同样的通知',
    noticeAgeMinutes: '通知的时间戳早这么多分钟',
    clockSkewSeconds: '银行的时钟快这么多秒（体现在通知的时间戳上）',
    wrongAccount: '通知写的是别人的账号，签名正确',
    noticeAmount: '通知写的是这个金额，如 49.79，签名正确；对账单无误',
    otherCurrency: '通知写的是另一种货币，签名正确；对账单无误',
    typo: '付款人把附言里的最后一个字符写错',
    noReference: '付款人没写附言',
    paidAmount: '付款人实际转这个金额，如 49.79',
    splitInTwo: '付款人分两笔转',
    paidTwice: '付款人转了两遍',
    unknownOrder: '每次付款时，另有外人转来 10.00，附言像参考号却不是谁的',
    returned: '入账后银行立即冲正退回',
    sentBack: '商户转出的钱被对方银行退回',
    bookedLater: '银行第二天才入账',
    repeatNextDay: '同一笔流水在第二天的对账单里再出现一次',
    statementFault:
      '当天的 CAMT.053 少一笔（row-missing）、多一笔（row-extra）或差一分（fen-off），余额仍然正确',
  },
  en: {
    duplicate: 'Every notice is sent this many more times at once.',
    reorder: 'Each notice waits for the next one and is sent after it (alone after 5 s).',
    delaySeconds: 'The first sending of every notice waits this long.',
    dropAll: 'No notice is ever sent; only statements tell.',
    wrongSignature: 'Notices carry a spoilt signature (and are retried while refused).',
    forge: 'With every booking a stranger sends the same notice under a key of their own.',
    noticeAgeMinutes: 'The time of a notice lies in the past.',
    clockSkewSeconds: "The bank's clock is this far ahead, as the times of its notices show.",
    wrongAccount: "Notices name somebody else's account, rightly signed.",
    noticeAmount: 'Notices state this amount, e.g. 49.79, rightly signed; statements are right.',
    otherCurrency: 'Notices state another currency, rightly signed; statements are right.',
    typo: 'The payer gets the last sign of the reference wrong.',
    noReference: 'The payer writes nothing.',
    paidAmount: 'The payer really transfers this amount, e.g. 49.79.',
    splitInTwo: 'The payer transfers in two parts.',
    paidTwice: 'The payer transfers twice.',
    unknownOrder: "With each payment a stranger pays 10.00 with what looks like a reference and is nobody's.",
    returned: 'The bank takes the booking back at once.',
    sentBack: "What the merchant sends out comes back from the payee's bank.",
    bookedLater: 'The bank books it on the next day.',
    repeatNextDay: "The same booking stands on the next day's statement once more.",
    statementFault:
      "The day's CAMT.053 lacks its last booking (row-missing), has one more (row-extra) or is a fen off (fen-off); its balances are right.",
  },
}
