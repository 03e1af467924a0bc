import type { Fields } from '../fields.ts'
import { quietRail, type RailKnobs, railKnobWords, turnKnobs } from '../knobs.ts'
import type { Words } from '../web/page.ts'

/** What a merchant's UnionPay shall do wrong. Amounts are fen in digits, as on UnionPay's wire. */
export interface UnionPayKnobs extends RailKnobs {
  merchantSigns: boolean
  wrongMerchant: boolean
  faultMethod: string
  answerCode: string
  failedFirst: number
  unsettledFirst: number
  queryLimit: number
  refundSeconds: number
  refundFails: boolean
  billsAtOnce: boolean
}

export const quietUnionPay: UnionPayKnobs = {
  ...quietRail,
  merchantSigns: false,
  wrongMerchant: false,
  faultMethod: '',
  answerCode: '',
  failedFirst: 0,
  unsettledFirst: 0,
  queryLimit: 0,
  refundSeconds: 0,
  refundFails: false,
  billsAtOnce: false,
}

const forms: Partial<Record<keyof UnionPayKnobs, RegExp>> = {
  notificationAmount: /^(\d{1,12})?$/,
  paidAmount: /^(\d{1,12})?$/,
  faultMethod: /^(00|04|31|76)?$/,
  answerCode: /^(0[345])?$/,
}

/** The knobs after a change; BadRequest names the first knob that does not exist or has a value of the wrong form. */
export function turnUnionPayKnobs(current: UnionPayKnobs, change: Fields): UnionPayKnobs {
  return turnKnobs(quietUnionPay, current, change, forms)
}

/** What each knob does. */
export const unionPayKnobWords: Words<keyof UnionPayKnobs> = {
  'zh-CN': {
    ...railKnobWords['zh-CN'],
    forge: '持卡人一到收银台，就有外人用自己的证书链发来成功通知，名称一字不差',
    merchantSigns: '通知由同一证书机构发给商户的证书签名',
    notificationAmount: '通知里的 txnAmt 写成这个数（分），如 1（查询仍是真的）',
    paidAmount: '持卡人实际只付这个数（分）：通知、查询、退货、对账文件都一致',
    wrongMerchant: '通知里的 merId 是别家的，签名正确',
    unknownOrder: '每条通知都带来一条没人下过的订单的通知，签名正确',
    paidAfterClose: '过了 payTimeout 仍能付款',
    paidTwice: '每次付款都付两遍：同一 orderId，第二个 queryId',
    faultMethod: 'fault 只对这个 txnType：00 查询、04 退货、31 撤销、76 文件；空为全部',
    answerCode: '退货和撤销照办，同步应答却是这个码：03、04 或 05',
    notFoundFirst: '每个订单的前几次查询都回 34（查无此交易）',
    failedFirst: '每个订单的前几次查询都说原交易失败（01）',
    unsettledFirst: '每个订单的前几次查询都说原交易处理中（05）',
    queryLimit: '每个订单查询超过这么多次就回 37（查询过于频繁），0 为不限',
    refundSeconds: '退货、撤销受理后过这么多秒才办完',
    refundFails: '退货、撤销受理后失败，只有查询知道',
    clockSkewSeconds: '银联的时钟快这么多秒',
    billsAtOnce: '对账文件不必等到次日 10 点，当天也能取',
    billFault:
      '对账文件少一行（row-missing）、多一行（row-extra）、头一行多一分（fen-off）或压缩包损坏（wrong-hash）',
  },
  en: {
    ...railKnobWords.en,
    forge:
      'As soon as the payer stands at the cashier, a stranger sends a success under a certificate chain of their own, with the very same names.',
    merchantSigns: 'Notices are signed with a certificate that the same authority gave to a merchant.',
    notificationAmount: 'Notices (not queries) state this txnAmt in fen, e.g. 1.',
    paidAmount: 'The payer really pays this amount in fen: notice, query, refund and settlement file agree.',
    wrongMerchant: "Notices name another merchant's merId, rightly signed.",
    unknownOrder: 'With every notice comes one, rightly signed, for an order that nobody placed.',
    paidAfterClose: 'An order can still be paid after its payTimeout.',
    paidTwice: 'Every payment is made twice: a second queryId under the same orderId.',
    faultMethod: 'The fault strikes this txnType only: 00 query, 04 refund, 31 void, 76 file; empty: all.',
    answerCode: 'Refunds and voids are carried out, but answered with this code: 03, 04 or 05.',
    notFoundFirst: 'The first so many queries of each order say 34, no such transaction.',
    failedFirst: 'The first so many queries of each order say that it failed (01).',
    unsettledFirst: 'The first so many queries of each order say that it is under way (05).',
    queryLimit: 'Beyond so many queries of an order the answer is 37, asked too often; 0 is no limit.',
    refundSeconds: 'Refunds and voids are done this long after they were accepted.',
    refundFails: 'Refunds and voids fail after they were accepted; only queries tell.',
    clockSkewSeconds: "UnionPay's clock is ahead by this much.",
    billsAtOnce: 'Settlement files need not wait for ten the next morning.',
    billFault:
      'The settlement file lacks its first row, has one more that nobody paid, states its first a fen too high, or is a damaged archive.',
  },
}
