import { railKnobWords } from '../knobs.ts'
import type { Words } from '../web/page.ts'
import type { WechatKnobs } from './knobs.ts'

/** What each WeChat Pay knob does. */
export const wechatKnobWords: Words<keyof WechatKnobs> = {
  'zh-CN': {
    ...railKnobWords['zh-CN'],
    signTest: '每条通知之前先来一条 WECHATPAY/SIGNTEST/ 签名探测，必须拒收',
    forge: '订单一产生，就有外人用自己的密钥发来 TRANSACTION.SUCCESS',
    notificationAgeMinutes: 'Wechatpay-Timestamp 写成这么多分钟以前，签名正确',
    notificationAmount: '通知里的 amount.total 写成这么多分（查询仍是真的）',
    paidAmount: '用户实际只付这么多分：通知、查询、退款都一致',
    wrongMerchant: '通知里的 mchid 是别家的，签名正确',
    wrongApp: '通知里的 appid 是别家的，签名正确',
    unknownOrder: '每条通知都带来一条没人下过的订单的通知，签名正确',
    paidAfterClose: '订单关闭或超时后仍能付款',
    paidTwice: '每次付款都付两遍：同一 out_trade_no，第二个 transaction_id',
    faultCall: 'fault 只对这个接口，如 native、query、refund；空为全部',
    answerSignature: '应答的签名是坏的（wrong）或是签名探测（probe）',
    notFoundFirst: '每笔订单的前几次查询都回 ORDER_NOT_EXIST',
    notificationBeforeAnswer: '下单：回答之前用户已付款、通知已送达',
    userPaying: '付款码支付要用户在钱包里输密码（USERPAYING）',
    refundOutcome: '退款受理后以 ABNORMAL 或 CLOSED 结束',
    refundSeconds: '退款在 PROCESSING 停留这么多秒',
    billsAtOnce: '不等次日 10 点：当天的账单马上可取',
    billFault: '账单少一行、多一行、错一分，或摘要不符',
    clockSkewSeconds: '微信支付的时钟快这么多秒',
  },
  en: {
    ...railKnobWords.en,
    signTest: 'A WECHATPAY/SIGNTEST/ probe comes before every notification; it must be refused.',
    forge:
      'As soon as an order exists, a stranger sends a TRANSACTION.SUCCESS signed with a key of their own.',
    notificationAgeMinutes: 'Wechatpay-Timestamp lies this many minutes in the past, rightly signed.',
    notificationAmount: 'Notifications (not queries) state this amount.total in fen.',
    paidAmount: 'The payer really pays this many fen: notification, query and refund agree on it.',
    wrongMerchant: "Notifications name another merchant's mchid, rightly signed.",
    wrongApp: 'Notifications name another appid, rightly signed.',
    unknownOrder: 'With every notification comes one, rightly signed, for an order that nobody placed.',
    paidAfterClose: 'An order can still be paid after it was closed or timed out.',
    paidTwice: 'Every payment is made twice: a second transaction_id under the same out_trade_no.',
    faultCall: 'The fault strikes this call only, e.g. native, query, refund; empty: all.',
    answerSignature: 'Answers carry a spoilt signature (wrong) or a signature probe (probe).',
    notFoundFirst: 'The first so many queries of each order say ORDER_NOT_EXIST.',
    notificationBeforeAnswer: 'The payer pays and the notification arrives before the order is answered.',
    userPaying: "A payer's code waits for the password in the wallet (USERPAYING).",
    refundOutcome: 'Refunds are accepted and end ABNORMAL or CLOSED.',
    refundSeconds: 'Refunds stay PROCESSING this long.',
    billsAtOnce: "Not only after 10:00 of the next day: today's bill is there at once.",
    billFault: 'The bill lacks a row, has one more, is a fen off, or is not what its hash says.',
    clockSkewSeconds: "WeChat Pay's clock is ahead by this much.",
  },
}
