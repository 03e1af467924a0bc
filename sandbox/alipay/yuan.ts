/** Fen (hundredths) of a price on Alipay's wire, e.g. `49.8` or `49.80`; undefined for any other form. */
export function parseYuan(text: unknown): bigint | undefined {
  if (typeof text !== 'string') return undefined
  const match = /^(\d{1,9})(?:\.(\d{1,2}))?$/.exec(text)
  if (!match) return undefined
  return BigInt(match[1] ?? '') * 100n + BigInt((match[2] ?? '').padEnd(2, '0'))
}

/** Always two decimals, as Alipay writes every amount. */
export function formatYuan(fen: bigint): string {
  return `${fen / 100n}.${(fen % 100n).toString().padStart(2, '0')}`
}
