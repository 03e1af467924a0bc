import type { MoneyWire } from '../../contract/money.ts'
import type { Language } from '../language/language.ts'

/** Minor digits by ISO 4217 where they differ from two. */
const minorDigits: Readonly<Record<string, number>> = { JPY: 0, KRW: 0, VND: 0, KWD: 3, BHD: 3 }

/** Symbols that mean one currency to readers of that language; any other amount is led by its ISO code. */
const symbols: Readonly<Record<Language, Readonly<Record<string, string>>>> = {
  'zh-CN': { CNY: '¥', GBP: '£', EUR: '€' },
  en: { GBP: '£', EUR: '€' },
}

/** What Chinese sentences call a currency: 50 元, not ¥50.00. */
const chineseNames: Readonly<Record<string, string>> = {
  CNY: '元',
  GBP: '英镑',
  EUR: '欧元',
  USD: '美元',
  HKD: '港元',
}

/** Hyphen-minus would read as a dash beside digits. */
const minus = '\u2212'

/** An amount split for display: `lead` is a symbol or `CNY ` with its space, `digits` carries thousands separators. */
export interface MoneyParts {
  readonly lead: string
  readonly digits: string
}

/** Minor units to major ones with thousands separators: `123456` at two digits is `1,234.56`. Exact at any size. */
function majorDigits(amount: bigint, currency: string): { whole: string; fraction: string } {
  const digits = minorDigits[currency] ?? 2
  const unit = 10n ** BigInt(digits)
  const whole = (amount / unit).toString().replace(/\B(?=(\d{3})+$)/g, ',')
  const fraction = digits === 0 ? '' : (amount % unit).toString().padStart(digits, '0')
  return { whole, fraction }
}

export function moneyParts(money: MoneyWire, language: Language): MoneyParts {
  const signed = BigInt(money.amountMinor)
  const { whole, fraction } = majorDigits(signed < 0n ? -signed : signed, money.currency)
  const lead = symbols[language][money.currency] ?? `${money.currency}\u00a0`
  return { lead: (signed < 0n ? minus : '') + lead, digits: fraction ? `${whole}.${fraction}` : whole }
}

/** `¥49.80` in Chinese, `CNY 49.80` in English, `£10.00` in both. */
export function formatMoney(money: MoneyWire, language: Language): string {
  const { lead, digits } = moneyParts(money, language)
  return lead + digits
}

/** Inside a sentence: `50 元`, `49.80 元`, `CNY 50`; a zero fraction is left out. */
export function moneyPhrase(money: MoneyWire, language: Language): string {
  const { lead, digits } = moneyParts(money, language)
  const short = digits.replace(/\.0+$/, '')
  const name = chineseNames[money.currency]
  if (language !== 'zh-CN' || name === undefined) return lead + short
  return `${lead.startsWith(minus) ? minus : ''}${short}\u00a0${name}`
}

/** A typed sum in major units (`50`, `1,000.5`, `¥50`, `５０元`) as minor ones; null when it is no sum of that currency. */
export function readMoney(text: string, currency: string): MoneyWire | null {
  const plain = text.normalize('NFKC').replace(/[\s\p{Sc}元]|[A-Z]{3}/gu, '')
  const digits = minorDigits[currency] ?? 2
  const [, whole, fraction = ''] = /^(\d{1,12}|\d{1,3}(?:,\d{3})+)(?:\.(\d*))?$/.exec(plain) ?? []
  if (whole === undefined || fraction.length > digits) return null
  return {
    amountMinor: BigInt(whole.replaceAll(',', '') + fraction.padEnd(digits, '0')).toString(),
    currency,
  }
}

/** Where a moment is shown: the brand's zone decides, and is named when the viewer's own zone reads another clock. */
export interface MomentView {
  readonly timeZone: string
  readonly viewerZone: string
  readonly language: Language
}

function zonedParts(instant: string, timeZone: string): Readonly<Record<string, string>> {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  })
  return Object.fromEntries(format.formatToParts(Date.parse(instant)).map((part) => [part.type, part.value]))
}

function zoneOffset(instant: string, timeZone: string): string {
  const parts = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'shortOffset' }).formatToParts(
    Date.parse(instant),
  )
  return parts.find((part) => part.type === 'timeZoneName')?.value ?? timeZone
}

function zoneSuffix(instant: string, view: MomentView): string {
  const offset = zoneOffset(instant, view.timeZone)
  if (offset === zoneOffset(instant, view.viewerZone)) return ''
  if (view.language === 'zh-CN') return view.timeZone === 'Asia/Shanghai' ? '（北京时间）' : `（${offset}）`
  return ` (${offset})`
}

/** An ISO 8601 instant as `2026-11-22 14:05` in the brand's zone, the zone named when it is not the viewer's. */
export function formatDateTime(instant: string, view: MomentView): string {
  const { year, month, day, hour, minute } = zonedParts(instant, view.timeZone)
  return `${year}-${month}-${day} ${hour}:${minute}${zoneSuffix(instant, view)}`
}

/** The time of day alone, `14:05:09`, for steps that follow one another within minutes. */
export function formatTime(instant: string, view: MomentView): string {
  const { hour, minute, second } = zonedParts(instant, view.timeZone)
  return `${hour}:${minute}:${second}${zoneSuffix(instant, view)}`
}

/** Seconds left as `29:05`, never below zero. */
export function formatCountdown(seconds: number): string {
  const left = Math.max(0, Math.ceil(seconds))
  const pad = (value: number) => value.toString().padStart(2, '0')
  return `${pad(Math.floor(left / 60))}:${pad(left % 60)}`
}
