import type { Language } from '../web/page.ts'
import type { Card } from './transaction.ts'

/** What the payer of this sandbox has in the pocket. Numbers are masked as they are told to merchants, and belong to nobody. */
export const cards: readonly (Card & { name: Record<Language, string>; note: Record<Language, string> })[] = [
  {
    id: 'debit',
    accNo: '622588******0010',
    payCardType: '01',
    payType: '0201',
    says: '00',
    name: { 'zh-CN': '借记卡 尾号 0010', en: 'Debit card ending 0010' },
    note: { 'zh-CN': '付款成功', en: 'pays' },
  },
  {
    id: 'credit',
    accNo: '625330******0028',
    payCardType: '02',
    payType: '0201',
    says: '00',
    name: { 'zh-CN': '信用卡 尾号 0028', en: 'Credit card ending 0028' },
    note: { 'zh-CN': '付款成功', en: 'pays' },
  },
  {
    id: 'quickpass',
    accNo: '621799******0036',
    payCardType: '01',
    payType: '0203',
    says: '00',
    name: { 'zh-CN': '云闪付 App', en: 'UnionPay app (云闪付)' },
    note: { 'zh-CN': '付款成功', en: 'pays' },
  },
  {
    id: 'poor',
    accNo: '622588******0044',
    payCardType: '01',
    payType: '0201',
    says: '64',
    name: { 'zh-CN': '借记卡 尾号 0044', en: 'Debit card ending 0044' },
    note: { 'zh-CN': '余额不足，银行拒绝', en: 'declined: not enough money' },
  },
]

/** The card by its id; the first for a payment without a page. */
export function cardNamed(id: string): Card | undefined {
  const card = cards.find((one) => one.id === id)
  if (!card) return undefined
  const { name: _, note: _note, ...rest } = card
  return rest
}
