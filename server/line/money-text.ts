type Locale = 'zh-CN' | 'en'

/** Symbols that mean one currency to readers of that language; any other amount is led by its ISO code. */
const symbols: Readonly<Record<Locale, Readonly<Record<string, string>>>> = {
  'zh-CN': { CNY: '¥', GBP: '£', EUR: '€' },
  en: { GBP: '£', EUR: '€' },
}

/**
 * An amount for a handset's screen: `¥62.30`, `CNY 62.30`, `£10.00`. Minor digits by ISO 4217; a plain space, as the GSM
 * alphabet has no other.
 */
export function moneyText(amountMinor: bigint, currency: string, locale: Locale): string {
  const digits = minorDigits(currency)
  const unit = 10n ** BigInt(digits)
  const fraction = digits === 0 ? '' : `.${(amountMinor % unit).toString().padStart(digits, '0')}`
  return `${symbols[locale][currency] ?? `${currency} `}${amountMinor / unit}${fraction}`
}

const digitsOf = new Map<string, number>()

/** Kept by currency: to ask takes longer than to write the text, which is done for every message. */
function minorDigits(currency: string): number {
  let digits = digitsOf.get(currency)
  if (digits === undefined) {
    const format = new Intl.NumberFormat('en', { style: 'currency', currency })
    digits = format.resolvedOptions().maximumFractionDigits ?? 2
    digitsOf.set(currency, digits)
  }
  return digits
}
