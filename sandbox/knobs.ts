import { BadRequest, type Fields } from './fields.ts'
import type { Words } from './web/page.ts'

/**
 * Fault knobs: what a merchant's rail, or a brand's SMSC, shall do wrong. Defaults do nothing wrong. A knob is a switch (boolean), a
 * count (whole number from 0) or a text (some with a fixed form). These are the knobs that every rail has which payers are sent to.
 */
export interface RailKnobs {
  duplicate: number
  reorder: boolean
  delaySeconds: number
  dropAll: boolean
  wrongSignature: boolean
  forge: boolean
  notificationAmount: string
  paidAmount: string
  unknownOrder: boolean
  paidAfterClose: boolean
  paidTwice: boolean
  fault: string
  notFoundFirst: number
  slowReceiverSeconds: number
  clockSkewSeconds: number
  billFault: string
}

export const quietRail: RailKnobs = {
  duplicate: 0,
  reorder: false,
  delaySeconds: 0,
  dropAll: false,
  wrongSignature: false,
  forge: false,
  notificationAmount: '',
  paidAmount: '',
  unknownOrder: false,
  paidAfterClose: false,
  paidTwice: false,
  fault: '',
  notFoundFirst: 0,
  slowReceiverSeconds: 0,
  clockSkewSeconds: 0,
  billFault: '',
}

/** What those of them do that do the same on every rail. */
export const railKnobWords = {
  'zh-CN': {
    duplicate: '每条通知同时多发这么多次',
    reorder: '每条通知等下一条来了再发，先发后来的（最多等 5 秒）',
    delaySeconds: '每条通知的第一次发送推迟这么多秒',
    dropAll: '一条通知也不发，只有查询知道结果',
    wrongSignature: '通知的签名是坏的（被拒收就按阶梯重发）',
    fault: '接口照办后回 HTTP 500（http-500）或永不回答（time-out）',
    slowReceiverSeconds: '接口晚这么多秒才回答',
  },
  en: {
    duplicate: 'Every notification is sent this many more times at once.',
    reorder: 'Each notification waits for the next one and is sent after it (alone after 5 s).',
    delaySeconds: 'The first sending of every notification waits this long.',
    dropAll: 'No notification is ever sent; only queries tell.',
    wrongSignature: 'Notifications carry a spoilt signature (and are retried while refused).',
    fault: 'Calls are carried out, then answered with HTTP 500 (http-500) or never (time-out).',
    slowReceiverSeconds: 'Calls are answered this much later.',
  },
} satisfies Words<string>

/** Knobs that take one of a few words; the empty one is quiet. */
export const knobChoices: Record<string, readonly string[]> = {
  fault: ['', 'http-500', 'time-out'],
  answerSignature: ['', 'wrong', 'probe'],
  refundOutcome: ['', 'ABNORMAL', 'CLOSED'],
  refund: ['', 'pending', 'failed'],
  answerCode: ['', '03', '04', '05'],
  payerCodeAnswer: ['', 'waiting', 'unknown'],
  billFault: ['', 'row-missing', 'row-extra', 'fen-off', 'wrong-hash'],
  statementFault: ['', 'row-missing', 'row-extra', 'fen-off'],
}

/** For every rail: `forms` says which texts a knob takes, where not all. */
export function turnKnobs<Knobs extends object>(
  quiet: Knobs,
  current: Knobs,
  change: Fields,
  forms: Partial<Record<keyof Knobs, RegExp>>,
): Knobs {
  const { reset, ...named } = change
  const turned = { ...(reset === true ? quiet : current) } as Record<string, unknown>
  for (const [name, value] of Object.entries(named)) {
    if (!Object.hasOwn(quiet, name)) throw new BadRequest(`There is no knob "${name}".`)
    const knob = name as keyof Knobs
    const kind = typeof quiet[knob]
    if (typeof value !== kind) throw new BadRequest(`Knob "${name}" takes a ${kind}.`)
    if (kind === 'number' && !(Number.isSafeInteger(value) && (value as number) >= 0)) {
      throw new BadRequest(`Knob "${name}" takes a whole number from 0.`)
    }
    const unknownChoice = knobChoices[name]?.includes(value as string) === false
    if (unknownChoice || forms[knob]?.test(value as string) === false) {
      throw new BadRequest(`Knob "${name}" does not take "${value}".`)
    }
    turned[name] = value
  }
  return turned as Knobs
}
