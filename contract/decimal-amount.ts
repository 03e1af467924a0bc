/** How many digits a currency has after the point: 2 for CNY, 0 for JPY, 3 for KWD (ISO 4217). */
export function currencyDecimals(currency: string): number {
  const format = new Intl.NumberFormat('en', { style: 'currency', currency })
  return format.resolvedOptions().maximumFractionDigits ?? 2
}

/** Why a text is no amount. */
export type AmountFault = 'no-amount' | 'below-zero' | 'too-exact'

/**
 * `49.8` of a currency with two decimals as 4980n. A point and digits alone: no separators, no sign but for telling that it is below
 * zero. Zeros beyond the currency's decimals are nothing and pass.
 */
export function readAmount(text: string, decimals: number): bigint | AmountFault {
  const [, minus, whole, fraction = ''] = /^(-?)(\d{1,12})(?:\.(\d+))?$/.exec(text) ?? []
  if (whole === undefined) return 'no-amount'
  if (minus !== '') return 'below-zero'
  if (/[1-9]/.test(fraction.slice(decimals))) return 'too-exact'
  return BigInt(whole + fraction.slice(0, decimals).padEnd(decimals, '0'))
}

/** 4980n with two decimals as `49.80`. */
export function writeAmount(amountMinor: bigint, decimals: number): string {
  const digits = amountMinor.toString().padStart(decimals + 1, '0')
  return decimals === 0 ? digits : `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`
}
