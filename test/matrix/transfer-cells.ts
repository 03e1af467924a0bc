import { type NotApplicable, never, type Outcome } from './outcome.ts'
import type { Knob, Live } from './table.ts'

const credited: Outcome = { ends: 'credited' }
const byStatement: Outcome = { ends: 'credited', by: 'statement' }
const strangersFirst: Outcome = { ...byStatement, refused: 'signature' }

const nothingCalled = never('nobody is called', '我方不调用任何接口')
const refundedByPeople = never('people transfer refunds: nothing is called', '退款由人工转账，不调用接口')

/**
 * The transfer under each knob of the other rails. The bank's notice (camt.054) is the notification, its statement (camt.053, then CSV) both the
 * answer to a query and the bill: each cell takes both forms in, and the second adds nothing.
 */
export const transferCells: Readonly<Record<string, Live | NotApplicable>> = {
  none: { knobs: {}, outcome: credited },
  // And on the next day's statement it stands once more.
  duplicate: { knobs: { duplicate: 5, repeatNextDay: true }, outcome: credited },
  // The bank takes it back at once, and tells of that first.
  reorder: { knobs: { reorder: true, returned: true }, outcome: { ends: 'returned', seen: 'reversal' } },
  // Told when asked to, once the statement is taken in.
  delay: { knobs: { delaySeconds: 86_400 }, play: 'late', outcome: byStatement },
  'drop-all': { knobs: { dropAll: true }, outcome: byStatement },
  'wrong-signature': { knobs: { wrongSignature: true }, outcome: strangersFirst },
  'sign-test': never('WeChat Pay alone probes', '只有微信支付会探测'),
  forge: { knobs: { forge: true }, outcome: { ...credited, refused: 'signature' } },
  'merchant-signs': never('the bank alone signs, with one key', '只有银行签名，密钥只有一把'),
  'old-timestamp': { knobs: { noticeAgeMinutes: 10 }, outcome: strangersFirst },
  'told-amount': { knobs: { noticeAmount: '49.79' }, play: 'contradicted', outcome: byStatement },
  'paid-amount': { knobs: { paidAmount: '49.79' }, outcome: { ends: 'returned', seen: 'amount-less' } },
  overpaid: { knobs: { paidAmount: '98.00' }, outcome: { ends: 'returned', seen: 'amount-more' } },
  'wrong-merchant': { knobs: { wrongAccount: true }, outcome: { ...byStatement, refused: 'merchant' } },
  'wrong-app': never('there are no applications', '没有应用这一层'),
  'unknown-order': { knobs: { unknownOrder: true }, outcome: { ...credited, break: 'reference-unknown' } },
  'paid-after-close': { knobs: {}, play: 'closed', outcome: { ...credited, seen: 'order-over' } },
  'paid-twice': { knobs: { paidTwice: true }, outcome: { ...credited, second: true, seen: 'order-over' } },
  'order-500': nothingCalled,
  'order-time-out': nothingCalled,
  'refund-500': refundedByPeople,
  'refund-time-out': refundedByPeople,
  // Not on the statement of its day.
  'not-found-first': { knobs: { bookedLater: true, dropAll: true }, outcome: byStatement },
  'finished-after-success': never('a booking has no later state', '入账之后没有后续状态'),
  // The payee's bank sends it back.
  'refund-abnormal': {
    knobs: { paidTwice: true, sentBack: true, dropAll: true },
    play: 'abnormal',
    outcome: { ...byStatement, second: true, abnormal: true, seen: 'order-over' },
  },
  'bill-row-missing': misprinted('row-missing'),
  'bill-row-extra': misprinted('row-extra'),
  'bill-fen-off': misprinted('fen-off'),
  'clock-skew': {
    knobs: { clockSkewSeconds: 600 },
    play: 'skewed',
    outcome: { ...credited, refused: 'signature' },
  },
  // The bank tells of the new key by letter: it is entered, and the next notice counts.
  'key-rotation': { knobs: {}, play: 'rotated', outcome: { ...credited, refused: 'signature' } },
  'slow-receiver': never('the bank is not asked', '不向银行查询'),
}

/** Nothing was told, and the statement does not come to its balances: it is refused whole, until the bank states it rightly. */
function misprinted(statementFault: string): Live {
  return { knobs: { statementFault, dropAll: true }, outcome: { ...byStatement, refused: 'balance' } }
}

const notTyped = never('no payer writes a number of ours', '付款人不用写我方的单号')
const fromCode = { alipay: notTyped, wechat: notTyped, unionpay: notTyped, card: notTyped }
const whole = never('a payment is of the whole order', '一次支付就是整单')
const refundOnly = never('money goes back by a refund of ours alone', '钱只经我方退款退回')
const inYuan = never('the contract is in yuan alone', '合同只有人民币')

/** Knobs that a transfer alone has. */
export const transferKnobs: readonly Knob[] = [
  {
    id: 'told-currency',
    words: { en: 'told in another currency', 'zh-CN': '通知里是另一种货币' },
    cells: {
      alipay: never('a notice names no currency', '通知里没有币种'),
      wechat: inYuan,
      unionpay: inYuan,
      card: never('the gateway keeps to the session’s', '网关以会话的币种为准'),
      bank: { knobs: { otherCurrency: true }, outcome: { ...byStatement, refused: 'malformed' } },
    },
  },
  {
    id: 'near-miss',
    words: { en: 'a sign of the reference is wrong', 'zh-CN': '参考号写错一个字符' },
    cells: {
      ...fromCode,
      bank: { knobs: { typo: true }, outcome: { ...credited, seen: 'reference-unknown' } },
    },
  },
  {
    id: 'no-reference',
    words: { en: 'no reference written', 'zh-CN': '没有写参考号' },
    cells: {
      ...fromCode,
      bank: { knobs: { noReference: true }, outcome: { ...credited, seen: 'no-reference' } },
    },
  },
  {
    id: 'in-two-parts',
    words: { en: 'paid in two parts', 'zh-CN': '分两笔支付' },
    cells: {
      ...{ alipay: whole, wechat: whole, unionpay: whole, card: whole },
      bank: { knobs: { splitInTwo: true }, outcome: { ...credited, seen: 'amount-less' } },
    },
  },
  {
    id: 'taken-back',
    words: { en: 'the bank takes back what was credited', 'zh-CN': '到账之后银行撤回' },
    cells: {
      ...{ alipay: refundOnly, wechat: refundOnly, unionpay: refundOnly },
      card: never('a dispute, which has rules of its own', '属于拒付争议，另有规则'),
      bank: { knobs: {}, play: 'taken-back', outcome: { ...credited, break: 'reversal' } },
    },
  },
]
