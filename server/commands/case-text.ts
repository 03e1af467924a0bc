import { idToWire } from '../../contract/id.ts'
import { type Brand, maskNumber } from '../brand/index.ts'
import { formatReceiptNumber } from '../receipt/index.ts'
import { type Case, maskedReply } from '../support/index.ts'
import type { ReadOrder } from '../topup/index.ts'
import { amountText } from './amount-text.ts'
import { harmlessText } from './harmless-text.ts'
import { momentText } from './moment-text.ts'

const LANGUAGES = { 'zh-CN': 'Chinese', en: 'English' } as const
const BRIEF_CHARACTERS = 48

/** A case in one line: number, since when, topic, language, order, the beginning of the question. */
export function caseInBrief(brand: Brand, one: Case): string {
  const body = [...harmlessText(one.body).trim()]
  const beginning = body.slice(0, BRIEF_CHARACTERS).join('') + (body.length > BRIEF_CHARACTERS ? '…' : '')
  const order = one.order ? [`${one.order.msisdn} ${amountText(one.order.priceMinor, brand)}`] : []
  return [one.number, momentText(one.openedAtMs, brand), one.topic, one.locale, ...order, beginning].join(
    '  ',
  )
}

/** A case whole, a line each; `order` is the one it is about, as it stands now. */
export function caseInFull(brand: Brand, one: Case, order: ReadOrder | null): string[] {
  return [
    `${one.number}, ${stateText(brand, one)}, about ${one.topic === 'other' ? 'something else' : one.topic}, asked in ${LANGUAGES[one.locale]} (times of ${brand.zone}):`,
    ...one.body.split('\n').map((line) => `  ${harmlessText(line)}`),
    ...(one.answer === null
      ? []
      : ['The answer:', ...one.answer.split('\n').map((line) => `  ${harmlessText(line)}`)]),
    replyText(brand, one),
    ...(one.order ? orderText(brand, one.order, order) : ['It names no order.']),
  ]
}

function stateText(brand: Brand, { openedAtMs, answeredAtMs }: Case): string {
  const opened = `opened ${momentText(openedAtMs, brand)}`
  return answeredAtMs === null
    ? `${opened} and open`
    : `${opened}, answered ${momentText(answeredAtMs, brand)}`
}

function replyText(brand: Brand, one: Case): string {
  const to = maskedReply(brand, one)
  if (to === null) return 'Nobody is told of an answer: the account that asked is closed.'
  const proved = one.replyProved ? 'proved by a code' : 'not proved to be theirs'
  return one.replyBy === 'sms'
    ? `By SMS to ${to} (${proved}) they are told that there is an answer; it is read on the pages.`
    : `The answer goes by e-mail to ${to} (${proved}), and stands on the pages.`
}

function orderText(brand: Brand, asked: NonNullable<Case['order']>, read: ReadOrder | null): string[] {
  const seen = `${asked.msisdn} for ${amountText(asked.priceMinor, brand)}`
  if (!read) return [`Its order ${idToWire(asked.id)}, ${seen}, is not there any more.`]
  const { order, msisdn } = read
  const reason = order.heldReason === null ? '' : ` (${order.heldReason})`
  const steps = orderSteps(brand, read).toSorted(([a], [b]) => a - b)
  return [
    `Order ${idToWire(order.id)}, ${maskNumber(brand, msisdn)} for ${amountText(order.priceMinor, brand)}: ${order.state}${reason}`,
    ...steps.map(([atMs, text]) => `  ${momentText(atMs, brand)}  ${text}`),
  ]
}

/** What happened to an order and what is to happen, each with its real instant. */
function orderSteps(
  brand: Brand,
  { order, attempts, refunds, disputes, messages }: ReadOrder,
): [atMs: number, text: string][] {
  // What happened in one instant stays in the order written here.
  const steps: [number | null, string][] = [[order.placedAtMs, 'placed']]
  for (const { provider, scene, state, createdAtMs, captured } of attempts) {
    steps.push([createdAtMs, `payment begun with ${provider} (${scene}), now ${state}`])
    if (!captured) continue
    const amount = amountText(captured.amountMinor, { ...brand, currency: captured.currency })
    steps.push([captured.atMs, `paid ${amount}, ${provider} ${captured.transaction}`])
  }
  steps.push(
    [order.expiredAtMs, 'expired, not paid'],
    [order.creditedAtMs, `credited${receiptText(order)}`],
    [
      order.state === 'held' ? order.decideByMs : null,
      'until then it waits to be credited, else its money goes back',
    ],
  )
  for (const { amountMinor, currency, number, reason, said, openedAtMs } of disputes) {
    const amount = amountText(amountMinor, { ...brand, currency })
    steps.push([openedAtMs, `the payer’s bank took back ${amount}: ${reason}, now ${said} (${number})`])
  }
  for (const { amountMinor, currency, reason, state, requestedAtMs, doneAtMs } of refunds) {
    const amount = amountText(amountMinor, { ...brand, currency })
    steps.push([requestedAtMs, `refund of ${amount} asked for: ${reason}, now ${state}`])
    steps.push([doneAtMs, `refunded ${amount}`])
  }
  for (const { channel, template, state, atMs } of messages)
    steps.push([atMs, `${channel} ${template}: ${state}`])
  return steps.flatMap(([atMs, text]) => (atMs === null ? [] : [[atMs, text]]))
}

function receiptText({ receiptSeries, receiptNo }: ReadOrder['order']): string {
  return receiptSeries === null || receiptNo === null
    ? ''
    : `, receipt ${formatReceiptNumber(receiptSeries, receiptNo)}`
}
