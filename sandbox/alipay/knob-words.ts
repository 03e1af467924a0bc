import { railKnobWords } from '../knobs.ts'
import type { Words } from '../web/page.ts'
import type { AlipayKnobs } from './knobs.ts'

/** What each Alipay knob does. */
export const alipayKnobWords: Words<keyof AlipayKnobs> = {
  'zh-CN': {
    ...railKnobWords['zh-CN'],
    forge: '交易一产生，就有外人用自己的密钥发来 TRADE_SUCCESS',
    notificationAgeMinutes: 'notify_time 写成这么多分钟以前',
    notificationAmount: '通知里的 total_amount 写成这个数，如 0.01（查询仍是真的）',
    paidAmount: '买家实际只付这个数：通知、查询、退款都一致',
    wrongSeller: '通知里的 seller_id 是别家的，签名正确',
    wrongApp: '通知里的 app_id 是别家的，签名正确',
    unknownOrder: '每条通知都带来一条没人下过的订单的通知，签名正确',
    paidAfterClose: '交易关闭或超时后仍能付款',
    paidTwice: '每次付款都付两遍：同一 out_trade_no，第二个 trade_no',
    faultMethod: 'fault 只对这个接口，如 alipay.trade.refund；空为全部',
    notFoundFirst: '每笔交易的前几次查询都回 ACQ.TRADE_NOT_EXIST',
    finishedAfterSuccess: 'TRADE_SUCCESS 之后马上 TRADE_FINISHED',
    refundRefused: '退款一律回 ACQ.TRADE_NOT_ALLOW_REFUND',
    notificationBeforeAnswer: 'precreate：回答之前买家已扫码付款、通知已送达',
    payerCodeAnswer: '付款码扣款：等买家输密码（waiting，10003），或照办却回 20000（unknown）',
    billsAtOnce: '账单不必等到次日 10 点，当天也能取',
    billFault:
      '账单少一行（row-missing）、多一行（row-extra）、头一行多一分（fen-off）或压缩包损坏（wrong-hash）',
    clockSkewSeconds: '支付宝的时钟快这么多秒',
  },
  en: {
    ...railKnobWords.en,
    forge: 'As soon as a trade exists, a stranger sends a TRADE_SUCCESS signed with a key of their own.',
    notificationAgeMinutes: 'notify_time lies this many minutes in the past.',
    notificationAmount: 'Notifications (not queries) state this total_amount, e.g. 0.01.',
    paidAmount: 'The buyer really pays this amount: notification, query and refund agree on it.',
    wrongSeller: "Notifications name another seller's id, rightly signed.",
    wrongApp: 'Notifications name another app id, rightly signed.',
    unknownOrder: 'With every notification comes one, rightly signed, for an order that nobody placed.',
    paidAfterClose: 'A trade can still be paid after it was closed or timed out.',
    paidTwice: 'Every payment is made twice: a second trade_no under the same out_trade_no.',
    faultMethod: 'The fault strikes this method only, e.g. alipay.trade.refund; empty: all.',
    notFoundFirst: 'The first so many queries of each trade say ACQ.TRADE_NOT_EXIST.',
    finishedAfterSuccess: 'TRADE_FINISHED follows at once upon TRADE_SUCCESS.',
    refundRefused: 'Refunds are refused with ACQ.TRADE_NOT_ALLOW_REFUND.',
    notificationBeforeAnswer:
      'precreate: the buyer pays and the notification arrives before the call is answered.',
    payerCodeAnswer:
      "A charge by the payer's code waits for a password (waiting, 10003), or is carried out and answered 20000 (unknown).",
    billsAtOnce: 'Bills need not wait for ten the next morning.',
    billFault:
      'The bill lacks its first row, has one more that nobody paid, states its first a fen too high, or is a damaged archive.',
    clockSkewSeconds: "Alipay's clock is ahead by this much.",
  },
}
