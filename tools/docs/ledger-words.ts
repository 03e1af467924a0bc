import type { AccountKind } from '../../server/ledger/account.ts'
import type { PostingName } from '../../server/ledger/postings.ts'
import type { Both } from './language.ts'

const both = (en: string, chinese: string): Both => ({ en, 'zh-CN': chinese })

/** What each kind of account holds, for people who keep books. */
export const accountWords: Readonly<Record<AccountKind, Both>> = {
  'provider-clearing': both(
    'what a payment provider owes us until it settles to the bank; one for each merchant',
    '应收支付机构款：支付机构结算到银行之前欠我们的钱，每个商户号一个',
  ),
  'terminal-clearing': both('card sales at an own outlet’s terminal', '自营网点刷卡机待结算款'),
  bank: both('settled money', '银行存款'),
  'unmatched-receipts': both('transfers not yet matched to an order', '尚未匹配到订单的转账'),
  'cash-drawer': both('cash of an own outlet’s shift', '自营网点当班钱箱现金'),
  'cash-in-transit': both('cash on its way to the bank', '在途现金'),
  'line-balance': both(
    'the subscriber’s money, one for each line and epoch',
    '用户话费余额，每个号码每任机主一个',
  ),
  'dealer-float': both('the dealer’s prepaid stock', '代理商预存款'),
  'subscriber-receivable': both(
    'what a subscriber owes after a charge-back',
    '应收用户款：银行撤回支付等造成的欠款',
  ),
  'dealer-receivable': both('what a dealer owes after a claw-back', '应收代理商款：追回佣金等造成的欠款'),
  'topup-suspense': both('paid and not credited: held orders', '已收款未到账：暂挂订单的钱'),
  'refund-clearing': both('refunds on their way', '退款在途'),
  'deferred-revenue': both('packages sold and not yet earned', '递延收入：已售套餐尚未履约的部分'),
  'package-revenue': both('packages earned, day by day', '套餐收入，按天确认'),
  'usage-revenue': both('usage charged', '使用费收入'),
  'retention-fee-revenue': both('retention fees', '保号费收入'),
  'surcharge-revenue': both('surcharges of own outlets', '自营网点手续费收入'),
  breakage: both('paid credit forfeited by the rules', '按规则清零的用户话费'),
  'tax-payable': both('tax collected', '应交税费'),
  discount: both('given at the sale: face less price', '销售折扣：面值减售价'),
  'promotion-bonus': both('credit given for nothing', '赠送话费'),
  commission: both('earned by dealers', '代理商佣金'),
  'payment-fee': both('what providers charge', '支付通道手续费'),
  'bad-debt': both('what will not be paid', '坏账'),
  'cash-over-short': both('drawer differences', '长款与短款'),
  'fx-gain-loss': both('rounding and rates', '汇兑损益'),
  'opening-balance': both('the other side of what was brought in by import', '期初余额：导入数据的对方科目'),
  'fx-position': both('the two legs of a top-up paid in another currency', '跨币种充值的两端头寸'),
  'fx-margin': both('earned on exchange', '汇兑差价收入'),
}

export const postingWords: Readonly<Record<PostingName, Both>> = {
  'online-top-up': both('Paid online and credited', '线上支付，话费到账'),
  'online-package': both('A package sold online', '线上售出套餐'),
  'package-earned': both('A day of a package earned', '套餐按天确认收入'),
  'paid-and-held': both('Paid, cannot be credited now', '已收款，暂时不能到账'),
  'held-then-credited': both('Held, then credited', '暂挂后到账'),
  'held-then-package': both('Held, then sold as the package it was for', '暂挂后售出套餐'),
  'held-then-refunding': both('Held, then on its way back', '暂挂后开始退款'),
  'refund-sent': both('The provider has paid back', '支付机构已退款'),
  'credit-refunding': both('Unspent credit goes back', '退回未用话费'),
  'dealer-top-up': both('An agent’s sale of credit', '代理商充值'),
  'dealer-package': both('An agent’s sale of a package', '代理商售出套餐'),
  'counter-cash-top-up': both('A cash sale at an own counter', '自营柜台现金充值'),
  'line-opening': both('A balance brought in by import', '导入号码的期初余额'),
  'float-opening': both('A float brought in by import', '导入代理商的期初预存款'),
  'float-top-up': both('A dealer pays in', '代理商缴款'),
  'commission-claw-back': both('Commission taken back', '追回佣金'),
  'provider-settled': both('A provider settles to the bank', '支付机构结算到银行'),
  'provider-fee': both('A provider’s fee', '支付通道手续费'),
  'provider-fee-returned': both('A refund’s share of the fee comes back', '退款返还的通道手续费'),
  'clearing-written-off': both('What a provider does not owe is written off', '差错核销：支付机构账单上没有的款项'),
  'clearing-received': both('A provider has more than our books', '差错挂账：支付机构多出的款项'),
  'charge-back': both('The payer’s bank took it back', '付款人的银行撤回支付'),
  'retention-fee': both('A fee that keeps the number', '收取保号费'),
  usage: both('Usage charged', '使用扣费'),
  breakage: both('Credit forfeited by the rules', '余额按规则清零'),
  'wrong-number-taken': both('Credit taken from the wrong number', '充错号码：从错误号码收回'),
  'wrong-number-given': both('… and given to the right one', '充错号码：补到正确号码'),
  'fx-paid': both('Paid in another currency', '以另一币种支付'),
  'fx-credited': both('… and credited in the brand’s', '以品牌币种到账'),
}
