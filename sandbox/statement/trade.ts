/** What happened at a provider on one merchant's account, and what it says so on a day's bill. */
export interface Trade {
  kind: 'payment' | 'refund'
  /** The merchant's number of the payment. */
  outTradeNo: string
  /** The provider's own number of the payment. */
  transaction: string
  /** The merchant's number of the refund. */
  outRefundNo?: string
  amountMinor: bigint
  /** What the provider keeps; below zero what a refund gives back of it. */
  feeMinor: bigint
  /** Milliseconds. */
  at: number
}

/** A share of an amount in parts per ten thousand, half up. */
export function feeOf(amountMinor: bigint, feeBp: bigint): bigint {
  return (amountMinor * feeBp + 5_000n) / 10_000n
}

/** Main units with so many decimals: 4980n is `49.80`. */
export function formatAmount(minor: bigint, decimals = 2): string {
  const digits = (minor < 0n ? -minor : minor).toString().padStart(3, '0')
  return `${minor < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}${'0'.repeat(decimals - 2)}`
}
