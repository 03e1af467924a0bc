import { railKnobWords } from '../knobs.ts'
import type { Words } from '../web/page.ts'
import type { CardKnobs } from './knobs.ts'

/** What each knob of the card gateway does. */
export const cardKnobWords: Words<keyof CardKnobs> = {
  'zh-CN': {
    ...railKnobWords['zh-CN'],
    forge: '会话一产生，就有外人用自己的密钥发来付款成功的通知',
    notificationAgeMinutes: '签名里的时间写成这么多分钟以前',
    notificationAmount: '通知里的金额写成这个数（分），查询仍是真的',
    paidAmount: '付款人实际只付这个数（分）：通知、查询、退款都一致',
    wrongMerchant: '通知里的 account 是别家的，签名正确',
    unknownOrder: '会话的每条通知都带来一条没人下过的订单的通知，签名正确',
    paidAfterClose: '会话失效后仍能付款',
    paidTwice: '每次付款都付两遍：同一 client_reference_id，第二个会话和付款',
    refund: '退款一直处理中（pending，由控制接口了结），或先受理后失败（failed）',
    faultMethod: 'fault 只对以此开头的地址，如 /v1/refunds；空为全部',
    notFoundFirst: '每个会话的前几次查询都回 resource_missing',
    notificationBeforeAnswer: '建会话：回答之前已付款、通知已送达',
    clockSkewSeconds: '网关的时钟快这么多秒',
    billFault: '对账单少最后一行、多一行没人付过的、或最后一行差一分',
  },
  en: {
    ...railKnobWords.en,
    forge: 'As soon as a session exists, a stranger says it is paid, signed with a secret of their own.',
    notificationAgeMinutes: 'The time under the signature lies this many minutes in the past.',
    notificationAmount: 'Events (not queries) state this amount, in minor units.',
    paidAmount: 'The payer really pays this amount, in minor units: event, query and refund agree on it.',
    wrongMerchant: "Events name another's account, rightly signed.",
    unknownOrder: 'With every event of a session comes one, rightly signed, for an order that nobody placed.',
    paidAfterClose: 'A session can still be paid after it has expired.',
    paidTwice:
      'Every payment is made twice: a second session and payment under the same client_reference_id.',
    refund: 'Refunds stay pending until the control API settles them, or are accepted and then fail.',
    faultMethod: 'The fault strikes addresses that begin so only, e.g. /v1/refunds; empty: all.',
    notFoundFirst: 'The first so many retrievals of each session say resource_missing.',
    notificationBeforeAnswer: 'Creating a session: it is paid, and told, before the call is answered.',
    clockSkewSeconds: "The gateway's clock is ahead by this much.",
    billFault:
      'The balance report lacks its last row, has one that nobody paid, or is a unit off in the last.',
  },
}
