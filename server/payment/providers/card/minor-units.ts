/** Stripe takes eight digits at most. Source: Stripe API, `amount`. */
const MOST = 99_999_999n

/** An amount as the wire has it, a JSON integer of minor units; null when it cannot carry it. */
export function toWire(amountMinor: bigint): number | null {
  if (amountMinor <= 0n || amountMinor > MOST) return null
  return JSON.parse(amountMinor.toString()) as number
}

/** Minor units of an integer above zero; null for anything else the wire may hold. */
export function fromWire(value: unknown): bigint | null {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? BigInt(value) : null
}

/** `gbp` is `GBP`; null when it is no currency. */
export function currencyFromWire(value: unknown): string | null {
  return typeof value === 'string' && /^[a-z]{3}$/.test(value) ? value.toUpperCase() : null
}
