import { type Brand, maskNumber } from '../brand/index.ts'
import { moneyText } from '../line/index.ts'
import type { MessageIntent } from '../messaging/index.ts'
import { assert } from '../platform/error.ts'
import { safeDay } from './order-view.ts'
import type { TopUp } from './top-up.ts'

/** An order that owes a message, with what its text needs. */
export interface Untold {
  readonly order: TopUp
  readonly msisdn: string
  /** Of the line once credited, as the journal froze it; null: the sale gave no credit. */
  readonly balanceAfterMinor: bigint | null
}

type Words = Pick<MessageIntent, 'to' | 'template' | 'locale' | 'values'>

/**
 * What is to be said of an order as it stands, the message about its credit first: to the line's number, and to the payer
 * if that is another phone. Of money held or paid back the payer alone is told. Nothing while a refund is on its way.
 */
export function wordsFor(brand: Brand, untold: Untold): Words[] {
  switch (untold.order.state) {
    case 'credited':
      if (untold.order.refundedMinor > 0n) return toPayer(untold, (to) => refunded(brand, untold, to))
      if (hasGoneBack(untold.order)) return toPayer(untold, (to) => reversed(brand, untold, to))
      return [toLine(brand, untold), ...toPayer(untold, (to) => creditedForPayer(brand, untold, to))]
    case 'held':
      return toPayer(untold, (to) => held(brand, untold, to))
    case 'refunded':
      return toPayer(untold, (to) => refunded(brand, untold, to))
    case 'reversed':
      return toPayer(untold, (to) => reversed(brand, untold, to))
    default:
      return []
  }
}

/** Of a credited order a part: the message about its credit was sent before, or none of it could have gone back. */
export function hasGoneBack({ refundedMinor, reversedMinor }: TopUp): boolean {
  return refundedMinor + reversedMinor > 0n
}

function toPayer({ order, msisdn }: Untold, words: (to: string) => Words): Words[] {
  const { payerMsisdn, state } = order
  const told = state === 'credited' && !hasGoneBack(order)
  if (payerMsisdn === null || (told && payerMsisdn === msisdn)) return []
  return [words(payerMsisdn)]
}

/** The line's holder reads the payer's language only when they are one. */
function toLine(brand: Brand, { order, msisdn, balanceAfterMinor }: Untold): Words {
  const locale = (order.payerMsisdn === msisdn ? order.locale : null) ?? brand.locale
  const date = safeDay(order.until)
  const dated: Readonly<Record<string, string>> = date === null ? {} : { date }
  const common = { to: msisdn, locale }
  if (balanceAfterMinor === null) {
    const template = date === null ? 'package-credited-undated' : 'package-credited'
    return { ...common, template, values: dated }
  }
  const balance = moneyText(balanceAfterMinor, brand.currency, locale)
  const template = date === null ? 'top-up-credited-undated' : 'top-up-credited'
  return { ...common, template, values: { amount: creditText(brand, order, locale), balance, ...dated } }
}

function creditedForPayer(brand: Brand, { order, msisdn }: Untold, to: string): Words {
  const locale = localeOf(order)
  const number = maskNumber(brand, msisdn)
  if (order.offerKind === 'package')
    return { to, locale, template: 'package-credited-payer', values: { number } }
  const values = { number, amount: creditText(brand, order, locale) }
  return { to, locale, template: 'top-up-credited-payer', values }
}

function held(brand: Brand, { order, msisdn }: Untold, to: string): Words {
  assert(order.decideByMs !== null, `held order ${order.id} is decided some time`)
  const locale = localeOf(order)
  const values = {
    number: maskNumber(brand, msisdn),
    amount: moneyText(order.capturedMinor, brand.currency, locale),
    time: localMinute(order.decideByMs, brand.zone),
  }
  const template = order.heldReason === 'recall-window' ? 'order-recallable' : 'order-held'
  return { to, locale, template, values }
}

function refunded(brand: Brand, { order, msisdn }: Untold, to: string): Words {
  const locale = localeOf(order)
  const amount = moneyText(order.refundedMinor, brand.currency, locale)
  return { to, locale, template: 'refund-sent', values: { number: maskNumber(brand, msisdn), amount } }
}

function reversed(brand: Brand, { order, msisdn }: Untold, to: string): Words {
  const locale = localeOf(order)
  const amount = moneyText(order.reversedMinor, brand.currency, locale)
  const values = { number: maskNumber(brand, msisdn), amount }
  return { to, locale, template: 'payment-reversed', values }
}

function creditText(brand: Brand, { faceMinor, bonusMinor }: TopUp, locale: 'zh-CN' | 'en'): string {
  return moneyText(faceMinor + bonusMinor, brand.currency, locale)
}

function localeOf({ id, locale }: TopUp): 'zh-CN' | 'en' {
  assert(locale, `order ${id} was placed in a language`)
  return locale
}

/** `2026-11-22 14:05` in the brand's zone; Swedish writes dates as ISO 8601 does. */
function localMinute(instantMs: number, zone: string): string {
  const shape = { dateStyle: 'short', timeStyle: 'short', timeZone: zone } as const
  return new Intl.DateTimeFormat('sv-SE', shape).format(instantMs)
}
