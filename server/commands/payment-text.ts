import { idToWire } from '../../contract/id.ts'
import { type Brand, maskNumber } from '../brand/index.ts'
import type { JournalLine } from '../ledger/index.ts'
import type { Spoken } from '../payment/index.ts'
import { type Quote, rateText } from '../quote/index.ts'
import { formatReceiptNumber } from '../receipt/index.ts'
import type { ReadOrder, RefundRequest, TopUp } from '../topup/index.ts'
import { amountText } from './amount-text.ts'
import { harmlessText } from './harmless-text.ts'
import { momentText } from './moment-text.ts'

/** All there is to know of an order's money. */
export interface MoneyOfOrder extends ReadOrder {
  readonly spoken: readonly Spoken[]
  readonly journal: readonly JournalLine[]
}

/** Columns of equal width, two spaces apart. */
function table(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, i) => Math.max(...rows.map((row) => row[i]?.length ?? 0)))
  return rows.map((row) => `  ${row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join('  ')}`.trimEnd())
}

function section(title: string, head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  return rows.length === 0 ? [] : [`${title}:`, ...table([head, ...rows])]
}

export function orderInBrief(brand: Brand, order: TopUp): string {
  const back = order.refundedMinor > 0n ? `  ${amountText(order.refundedMinor, brand)} back` : ''
  const price = amountText(order.priceMinor, brand)
  return `${idToWire(order.id)}  ${momentText(order.placedAtMs, brand)}  ${price}  ${order.state}${back}`
}

/** An order with its attempts, what was said of them, its refunds and what the ledger moved. */
export function moneyOfOrder(brand: Brand, of: MoneyOfOrder): string[] {
  const { order, msisdn, attempts, refunds, requests, disputes, spoken, journal } = of
  const moment = (ms: number | null) => (ms === null ? '' : momentText(ms, brand))
  const { locale } = brand
  const amount = (minor: bigint | null, currency: string | null = brand.currency) =>
    minor === null || currency === null ? '' : amountText(minor, { locale, currency })
  const receipt =
    order.receiptSeries === null || order.receiptNo === null
      ? ''
      : `, receipt ${formatReceiptNumber(order.receiptSeries, order.receiptNo)}`
  const reason = order.heldReason === null ? '' : ` (${order.heldReason})`
  return [
    `Order ${idToWire(order.id)}, ${maskNumber(brand, msisdn)}, ${order.state}${reason}${receipt} (times of ${brand.zone})`,
    `  price ${amount(order.priceMinor)}, paid ${amount(order.capturedMinor)}, back ${amount(order.refundedMinor)}, credit ${amount(order.faceMinor)}, bonus ${amount(order.bonusMinor)}`,
    ...of.quotes.map((quote) => quoteText(quote, brand)),
    ...section(
      'Payments begun',
      ['attempt', 'by', 'state', 'begun', 'taken', 'transaction'],
      attempts.map(({ id, provider, scene, state, createdAtMs, captured }) => [
        ...[idToWire(id), `${provider} ${scene}`, state, moment(createdAtMs)],
        amount(captured?.amountMinor ?? null, captured?.currency ?? null),
        harmlessText(captured?.transaction ?? ''),
      ]),
    ),
    ...section(
      'What was said',
      ['came', 'how', 'says', 'amount', 'applied', 'note'],
      spoken.map(({ receivedAtMs, kind, said, amountMinor, currency, appliedAtMs, note }) => [
        ...[moment(receivedAtMs), kind, said, amount(amountMinor, currency)],
        ...[moment(appliedAtMs), harmlessText(note ?? '')],
      ]),
    ),
    ...section(
      'Refunds',
      ['number', 'amount', 'why', 'state', 'begun', 'ended'],
      refunds.map(({ id, amountMinor, currency, reason, state, requestedAtMs, doneAtMs }) => [
        ...[idToWire(id), amount(amountMinor, currency), reason, state],
        ...[moment(requestedAtMs), moment(doneAtMs)],
      ]),
    ),
    ...section(
      'Asked for',
      ['request', 'amount', 'by', 'state', 'second person', 'reason'],
      requests.map((request) => [
        ...[idToWire(request.id), amount(request.refundedMinor || request.amountMinor), request.requestedBy],
        ...[stateText(request), request.checkedBy ?? '', harmlessText(request.reason)],
      ]),
    ),
    ...section(
      'Disputes',
      ['number', 'amount', 'reason', 'state', 'opened', 'taken', 'undecided', 'owed'],
      disputes.map((dispute) => [
        ...[harmlessText(dispute.number), amount(dispute.amountMinor, dispute.currency)],
        harmlessText(dispute.reason),
        ...[dispute.said === dispute.posted ? dispute.said : `${dispute.said}, to be posted`],
        ...[moment(dispute.openedAtMs), amount(dispute.costTakenMinor + dispute.unbegunTakenMinor)],
        ...[amount(dispute.undecidedMinor), amount(dispute.owedMinor)],
      ]),
    ),
    ...section(
      'Ledger',
      ['written', 'posting', 'debit', 'credit', 'amount'],
      journal.map(({ createdAtMs, posting, debit, debitSubject, credit, creditSubject, ...moved }) => [
        ...[moment(createdAtMs), posting, nameOf(debit, debitSubject), nameOf(credit, creditSubject)],
        amount(moved.amountMinor, moved.currency),
      ]),
    ),
  ]
}

/** What a payment in another currency goes by. */
function quoteText(quote: Quote, brand: Brand): string {
  const { currency, payCurrency, marginBp, amountMinor, untilMs, source } = quote
  const rate = `1 ${currency} = ${rateText(quote.rate, currency, payCurrency)} ${payCurrency} (${harmlessText(source)})`
  const amount = amountText(amountMinor, { ...brand, currency: payCurrency })
  return `  quoted at ${rate} and ${marginBp} parts of 10,000: ${amount} until ${momentText(untilMs, brand)}`
}

function stateText({ state, refusedCode }: RefundRequest): string {
  return refusedCode === null ? state : `${state} (${refusedCode})`
}

/** A dealer's id is told in 26 digits, as everywhere. */
function nameOf(kind: string, subject: string): string {
  if (subject === '') return kind
  return `${kind} ${kind.startsWith('dealer-') ? idToWire(subject) : subject}`
}

export function requestInBrief(brand: Brand, request: RefundRequest): string {
  const { id, order, amountMinor, requestedBy, requestedAtMs, reason } = request
  const asked = `${momentText(requestedAtMs, brand)}  ${amountText(amountMinor, brand)}  ${requestedBy}`
  return `${idToWire(id)}  order ${idToWire(order)}  ${asked}  ${harmlessText(reason)}`
}
