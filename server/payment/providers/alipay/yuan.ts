const FORM = /^(0|[1-9][0-9]{0,8})(?:\.([0-9]{1,2}))?$/

/**
 * Minor units of an amount as Alipay writes it (`49.80`, also `49.8` and `49`); null for any other form and for nothing at
 * all. Only currencies with two decimals pass here. Source: Alipay, `total_amount`, 0.01 to 100000000.
 */
export function parseYuan(text: unknown): bigint | null {
  const match = typeof text === 'string' ? FORM.exec(text) : null
  if (!match) return null
  const amountMinor = BigInt(`${match[1]}${(match[2] ?? '').padEnd(2, '0')}`)
  return amountMinor > 0n ? amountMinor : null
}

/** Always two decimals: 4980n is `49.80`. */
export function formatYuan(amountMinor: bigint): string {
  const digits = amountMinor.toString().padStart(3, '0')
  return `${digits.slice(0, -2)}.${digits.slice(-2)}`
}
