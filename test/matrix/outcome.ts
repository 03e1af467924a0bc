import type { BreakClass } from '../../server/reconciliation/index.ts'

/** A text of the table in both languages. */
export interface Words {
  readonly en: string
  readonly 'zh-CN': string
}

/** What became of one order under one knob. What is absent did not happen. */
export interface Outcome {
  /** Where the money ended: with the line, or back with the payer; `person`: the provider refuses, and somebody has it on a list. */
  readonly ends: 'credited' | 'refunded' | 'person'
  /** Notifications that were turned away, and for what; the provider saw 401. */
  readonly refused?: 'signature' | 'merchant'
  /** No notification could count: the provider's answer to a query did. */
  readonly byQuery?: true
  /** A second payment went back by itself, once. */
  readonly second?: true
  /** A notification about an order of nobody's was acknowledged and kept apart. */
  readonly orphan?: true
  /** A call that was carried out and not answered. */
  readonly unanswered?: 'order' | 'refund'
  /** The provider refused the refund first, and a person saw to it. */
  readonly abnormal?: true
  /** The one break that the day's bill shows. */
  readonly break?: BreakClass
}

const ends: Readonly<Record<Outcome['ends'], Words>> = {
  credited: { en: 'credited once', 'zh-CN': '到账一次' },
  refunded: { en: 'refunded once', 'zh-CN': '退款一次' },
  person: { en: 'refund refused: with a person', 'zh-CN': '退款被拒：转人工处理' },
}

const refusals: Readonly<Record<NonNullable<Outcome['refused']>, Words>> = {
  signature: { en: 'refused (401)', 'zh-CN': '拒收（401）' },
  merchant: { en: 'refused (401)', 'zh-CN': '拒收（401）' },
}

const unanswered: Readonly<Record<NonNullable<Outcome['unanswered']>, Words>> = {
  order: { en: 'unknown at first', 'zh-CN': '起初未知' },
  refund: { en: 'refund unknown, asked about under its number', 'zh-CN': '退款未知，按原退款号查询' },
}

const breaks: Readonly<Record<BreakClass, string>> = {
  'missing-here': '我方缺失',
  'missing-there': '对方缺失',
  amount: '金额不符',
  duplicate: '重复',
  'day-boundary': '跨日',
  fee: '手续费不符',
}

/** The one line of a cell. */
export function sentenceOf(outcome: Outcome, language: keyof Words): string {
  const chinese = language === 'zh-CN'
  const first = [
    ...(outcome.refused ? [refusals[outcome.refused][language]] : []),
    ...(outcome.unanswered ? [unanswered[outcome.unanswered][language]] : []),
    ...(outcome.abnormal ? [chinese ? '退款被拒，人工处理' : 'refund refused, seen to by a person'] : []),
  ]
  const byQuery = outcome.byQuery ? (chinese ? '（查询得知）' : ' by query') : ''
  const last = [
    ends[outcome.ends][language] + byQuery,
    ...(outcome.second ? [chinese ? '第二笔退回一次' : 'the second payment refunded once'] : []),
    ...(outcome.orphan ? [chinese ? '陌生订单的通知另存' : 'the stranger’s kept apart'] : []),
  ].join(chinese ? '；' : ', ')
  const line = [...first, last].join(chinese ? '，然后' : ', then ')
  if (!outcome.break) return line
  return chinese ? `${line}；一条差错：${breaks[outcome.break]}` : `${line}; one break: ${outcome.break}`
}
