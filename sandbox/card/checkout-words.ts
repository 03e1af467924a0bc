import type { Words } from '../web/page.ts'
import type { Decline, TestCard } from './card-number.ts'
import { majorUnits } from './wire.ts'

/** The words of the payer's page, those for each decline, and what each test card does. */
export const checkoutWords: Words<
  | 'title'
  | 'merchant'
  | 'item'
  | 'card'
  | 'number'
  | 'expiry'
  | 'cvc'
  | 'pay'
  | 'cancel'
  | 'note'
  | 'testCards'
  | 'use'
  | 'bank'
  | 'bankNote'
  | 'complete'
  | 'fail'
  | 'paid'
  | 'paidNote'
  | 'expired'
  | 'expiredNote'
  | 'unknown'
  | 'unknownNote'
  | 'back'
  | DeclineWord
  | TestCard['means']
> = {
  'zh-CN': {
    title: '银行卡收银台（沙箱）',
    merchant: '收款方',
    item: '商品',
    card: '银行卡',
    number: '卡号',
    expiry: '有效期（月 / 年）',
    cvc: '安全码',
    pay: '支付',
    cancel: '返回商户',
    note: '只能用测试卡号，请勿输入真实银行卡。卡号只在本页使用，不作任何保存。',
    testCards: '测试卡号',
    use: '用这张',
    bank: '发卡行验证（3-D Secure）',
    bankNote: '发卡行需要您本人确认这笔付款。',
    complete: '通过验证',
    fail: '验证不通过',
    paid: '支付成功',
    paidNote: '请返回商户页面查看结果。',
    expired: '付款链接已失效',
    expiredNote: '没有扣款。请返回商户重新下单。',
    unknown: '没有这笔付款',
    unknownNote: '链接无效。',
    back: '返回商户',
    declineGeneric: '银行拒绝了这张卡，没有扣款。请换一张卡再试。',
    declineFunds: '卡内余额不足，没有扣款。请换一张卡再试。',
    declineExpired: '这张卡已过期，没有扣款。请换一张卡再试。',
    declineCvc: '安全码不正确，没有扣款。请核对后再试。',
    declineProcessing: '银行处理出错，没有扣款。请稍后再试。',
    declineNumber: '卡号不正确，请检查是否多输或少输。',
    declineReal: '这里只接受测试卡号，请勿输入真实银行卡。没有扣款。',
    declineBank: '发卡行验证没有通过，没有扣款。请换一张卡再试。',
    success: '支付成功',
    challenge: '先经发卡行验证，再支付成功',
    challengeDeclined: '先经发卡行验证，再被拒绝',
    declined: '被拒绝',
    funds: '余额不足',
    expiredCard: '卡已过期',
    cvcWrong: '安全码不正确',
    processing: '处理出错',
    dispute: '支付成功，随后持卡人拒付',
    refundPending: '支付成功；退款先处理中，后到账',
    refundFails: '支付成功；退款先成功，后失败',
  },
  en: {
    title: 'Card checkout (sandbox)',
    merchant: 'Payee',
    item: 'Item',
    card: 'Card',
    number: 'Card number',
    expiry: 'Expiry (month / year)',
    cvc: 'Security code',
    pay: 'Pay',
    cancel: 'Back to the merchant',
    note: 'Test card numbers only; never type a real card. The number is used on this page alone and kept nowhere.',
    testCards: 'Test card numbers',
    use: 'Use it',
    bank: "Your bank's check (3-D Secure)",
    bankNote: 'The bank that issued the card wants you to confirm this payment.',
    complete: 'Complete the check',
    fail: 'Fail the check',
    paid: 'Payment successful',
    paidNote: 'Return to the merchant to see the result.',
    expired: 'This payment link has expired',
    expiredNote: 'Nothing was charged. Go back to the merchant and order again.',
    unknown: 'No such payment',
    unknownNote: 'The link is not valid.',
    back: 'Back to the merchant',
    declineGeneric: 'The bank declined this card and nothing was charged. Try another card.',
    declineFunds: 'The card has insufficient funds and nothing was charged. Try another card.',
    declineExpired: 'The card has expired and nothing was charged. Try another card.',
    declineCvc: 'The security code is wrong and nothing was charged. Check it and try again.',
    declineProcessing: 'The bank could not process the card and nothing was charged. Try again in a moment.',
    declineNumber: 'The card number is not right. Check for missing or extra digits.',
    declineReal: 'Only test card numbers work here; never type a real card. Nothing was charged.',
    declineBank: "The bank's check was not passed and nothing was charged. Try another card.",
    success: 'Pays',
    challenge: "Pays after the bank's check",
    challengeDeclined: "Declined after the bank's check",
    declined: 'Declined',
    funds: 'Insufficient funds',
    expiredCard: 'Expired card',
    cvcWrong: 'Wrong security code',
    processing: 'Processing error',
    dispute: 'Pays, and is disputed afterwards',
    refundPending: 'Pays; a refund is pending at first, then succeeds',
    refundFails: 'Pays; a refund succeeds at first, then fails',
  },
}

export type Say = (typeof checkoutWords)['en']

export type DeclineWord =
  | 'declineGeneric'
  | 'declineFunds'
  | 'declineExpired'
  | 'declineCvc'
  | 'declineProcessing'
  | 'declineNumber'
  | 'declineReal'
  | 'declineBank'

const byCode: Record<string, DeclineWord> = {
  insufficient_funds: 'declineFunds',
  expired_card: 'declineExpired',
  incorrect_cvc: 'declineCvc',
  processing_error: 'declineProcessing',
  incorrect_number: 'declineNumber',
  test_mode_live_card: 'declineReal',
  payment_intent_authentication_failure: 'declineBank',
}

export function declineWord({ code, declineCode }: Decline): DeclineWord {
  return byCode[declineCode ?? code] ?? 'declineGeneric'
}

const signs: Record<string, string> = { cny: '¥', gbp: '£', usd: '$', eur: '€' }

export function amountText(currency: string, amountMinor: bigint): string {
  return `${signs[currency] ?? `${currency.toUpperCase()} `}${majorUnits(amountMinor)}`
}
