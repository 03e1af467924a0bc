import type { Reason } from '../../server/bank-statement/index.ts'
import type { BreakClass } from '../../server/reconciliation/index.ts'

/** A text of the table in both languages. */
export interface Words {
  readonly en: string
  readonly 'zh-CN': string
}

/** Why a rail has no such thing. */
export interface NotApplicable {
  readonly never: Words
}

export function never(en: string, chinese: string): NotApplicable {
  return { never: { en, 'zh-CN': chinese } }
}

/** What became of one order under one knob. What is absent did not happen. */
export interface Outcome {
  /**
   * Where the money ended: with the line, or back with the payer. `returned`: back with the payer of a transfer that never counted, so
   * that the order still waits. `person`: the provider refuses, and somebody has it on a list.
   */
  readonly ends: 'credited' | 'refunded' | 'returned' | 'person'
  /** Notifications that were turned away, and for what; the provider saw 401, or 400 of `malformed`. `balance`: a statement was. */
  readonly refused?: 'signature' | 'merchant' | 'malformed' | 'balance'
  /** No notification could count: the provider's answer to a query did, or the bank's statement. */
  readonly by?: 'query' | 'statement'
  /** Why an entry of the bank account was left to a person, who saw to it. */
  readonly seen?: Reason
  /** A second payment went back, once. */
  readonly second?: true
  /** A notification about an order of nobody's was acknowledged and kept apart. */
  readonly orphan?: true
  /** A call that was carried out and not answered. */
  readonly unanswered?: 'order' | 'refund'
  /** The provider refused the refund first, and a person saw to it. */
  readonly abnormal?: true
  /** The one break that the day's bill shows, or the one entry of the bank account that still waits for its owner. */
  readonly break?: BreakClass | Reason
}

const ends: Readonly<Record<Outcome['ends'], Words>> = {
  credited: { en: 'credited once', 'zh-CN': '到账一次' },
  refunded: { en: 'refunded once', 'zh-CN': '退款一次' },
  returned: { en: 'returned once', 'zh-CN': '原款转回一次' },
  person: { en: 'refund refused: with a person', 'zh-CN': '退款被拒：转人工处理' },
}

const refusals: Readonly<Record<NonNullable<Outcome['refused']>, Words>> = {
  signature: { en: 'refused (401)', 'zh-CN': '拒收（401）' },
  merchant: { en: 'refused (401)', 'zh-CN': '拒收（401）' },
  malformed: { en: 'refused (400)', 'zh-CN': '拒收（400）' },
  balance: { en: 'statement refused', 'zh-CN': '对账单拒收' },
}

const unanswered: Readonly<Record<NonNullable<Outcome['unanswered']>, Words>> = {
  order: { en: 'unknown at first', 'zh-CN': '起初未知' },
  refund: { en: 'refund unknown, asked about under its number', 'zh-CN': '退款未知，按原退款号查询' },
}

const sources: Readonly<Record<NonNullable<Outcome['by']>, Words>> = {
  query: { en: ' by query', 'zh-CN': '（查询得知）' },
  statement: { en: ' by statement', 'zh-CN': '（对账单得知）' },
}

/** In English by their codes, as the commands show them. */
const breaks: Readonly<Record<BreakClass | Reason, string>> = {
  'missing-here': '我方缺失',
  'missing-there': '对方缺失',
  amount: '金额不符',
  duplicate: '重复',
  'day-boundary': '跨日',
  fee: '手续费不符',
  'no-reference': '没有参考号',
  'reference-unknown': '参考号不识',
  'several-references': '参考号不止一个',
  'amount-less': '少付',
  'amount-more': '多付',
  'order-over': '订单已结束',
  reversal: '银行撤回',
  'debit-unknown': '支出不明',
}

/** The one line of a cell. */
export function sentenceOf(outcome: Outcome, language: keyof Words): string {
  const chinese = language === 'zh-CN'
  const first = [
    ...(outcome.refused ? [refusals[outcome.refused][language]] : []),
    ...(outcome.unanswered ? [unanswered[outcome.unanswered][language]] : []),
    ...(outcome.abnormal && !outcome.second
      ? [chinese ? '退款被拒，人工处理' : 'refund refused, seen to by a person']
      : []),
    ...(outcome.seen && !outcome.second ? [seenTo(outcome.seen, chinese)] : []),
  ]
  const last = [
    ends[outcome.ends][language] + (outcome.by ? sources[outcome.by][language] : ''),
    ...(outcome.second ? [second(outcome, chinese)] : []),
    ...(outcome.orphan ? [chinese ? '陌生订单的通知另存' : 'the stranger’s kept apart'] : []),
  ].join(chinese ? '；' : ', ')
  const line = [...first, last].join(chinese ? '，然后' : ', then ')
  if (!outcome.break) return line
  return chinese ? `${line}；一条差错：${breaks[outcome.break]}` : `${line}; one break: ${outcome.break}`
}

function seenTo(reason: Reason, chinese: boolean): string {
  return chinese ? `${breaks[reason]}，人工处理` : `${reason}: seen to by a person`
}

function second({ seen, abnormal }: Outcome, chinese: boolean): string {
  if (abnormal)
    return chinese
      ? '第二笔的退款被拒，人工处理，然后退款一次'
      : 'the second payment’s refund refused, seen to by a person, then refunded once'
  if (chinese) return seen ? '第二笔由人工退回一次' : '第二笔退回一次'
  return `the second payment refunded once${seen ? ' by a person' : ''}`
}
