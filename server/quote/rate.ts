import { currencyDecimals } from '../../contract/decimal-amount.ts'
import { assert } from '../platform/error.ts'

/** How many units of one currency stand for one of another: an exact fraction, both parts above zero. */
export interface Rate {
  readonly numerator: bigint
  readonly denominator: bigint
}

const VALUE = /^(\d{1,8})(?:\.(\d{1,10}))?$/

/** `0.87083` as 87083/100000, exactly; null: no decimal above zero of at most 8 digits before and 10 after the point. */
export function readRate(text: string): Rate | null {
  const [, whole, fraction = ''] = VALUE.exec(text) ?? []
  if (whole === undefined) return null
  const numerator = BigInt(whole + fraction)
  return numerator === 0n ? null : reduced({ numerator, denominator: 10n ** BigInt(fraction.length) })
}

/** What one `from` is worth in `to` where both are told of one base: 1 EUR = 0.87 GBP and 7.8 CNY make 1 GBP = 7.8 / 0.87 CNY. */
export function crossRate(from: Rate, to: Rate): Rate {
  return reduced({
    numerator: to.numerator * from.denominator,
    denominator: to.denominator * from.numerator,
  })
}

function reduced({ numerator, denominator }: Rate): Rate {
  const common = commonDivisor(numerator, denominator)
  return { numerator: numerator / common, denominator: denominator / common }
}

function commonDivisor(a: bigint, b: bigint): bigint {
  return b === 0n ? a : commonDivisor(b, a % b)
}

/** Minor units of `to` for one minor unit of `from`, of a rate of major units. */
export function inMinorUnits({ numerator, denominator }: Rate, from: string, to: string): Rate {
  return reduced({
    numerator: numerator * 10n ** BigInt(currencyDecimals(to)),
    denominator: denominator * 10n ** BigInt(currencyDecimals(from)),
  })
}

const WHOLE_BP = 10_000n

/** What is quoted: all in minor units, `amountMinor` of the payer's currency, the others of the order's. */
export interface Quoted {
  readonly amountMinor: bigint
  /** What the amount is worth at the bare rate, above the price: the brand's margin and what rounding came to. */
  readonly marginMinor: bigint
}

/**
 * A price in another currency, by a rate of minor units. Rounding: the amount up to its minor unit, so that it is worth the price at the least; its worth down.
 * The payer sees the amount before paying; what rounding adds, less than one minor unit, is the brand's (ADR 23).
 */
export function quotePrice(priceMinor: bigint, { numerator, denominator }: Rate, marginBp: number): Quoted {
  const amountMinor = dividedUp(
    priceMinor * numerator * (WHOLE_BP + BigInt(marginBp)),
    denominator * WHOLE_BP,
  )
  const worthMinor = (amountMinor * denominator) / numerator
  assert(worthMinor >= priceMinor, 'what is rounded up is worth the price')
  return { amountMinor, marginMinor: worthMinor - priceMinor }
}

function dividedUp(a: bigint, b: bigint): bigint {
  return (a + b - 1n) / b
}

/** How much of an order is back with its payer, in the order's currency: before a refund, by it, and of how much. */
export interface Share {
  readonly beforeMinor: bigint
  readonly partMinor: bigint
  readonly wholeMinor: bigint
}

/**
 * A part of `totalMinor` for a part of an order, by the sums so far: what was paid back up to here, rounded up in the payer's favour,
 * less what was before. Parts never come to more than the whole, and the last takes the rest.
 */
export function shareUp(totalMinor: bigint, { beforeMinor, partMinor, wholeMinor }: Share): bigint {
  const upTo = (doneMinor: bigint) => dividedUp(totalMinor * doneMinor, wholeMinor)
  return upTo(beforeMinor + partMinor) - upTo(beforeMinor)
}

/** The same, rounded down up to here: what the brand gives up of its margin. */
export function shareDown(totalMinor: bigint, { beforeMinor, partMinor, wholeMinor }: Share): bigint {
  const upTo = (doneMinor: bigint) => (totalMinor * doneMinor) / wholeMinor
  return upTo(beforeMinor + partMinor) - upTo(beforeMinor)
}

/** A rate of minor units for people, in major ones: four or six decimals, rounded half up. The exact one is what is reckoned with. */
export function rateText(rate: Rate, from: string, to: string): string {
  const { numerator, denominator } = inMinorUnits(rate, to, from)
  const decimals = numerator >= denominator ? 4 : 6
  const scaled = (numerator * 10n ** BigInt(decimals) * 2n + denominator) / (denominator * 2n)
  const digits = scaled.toString().padStart(decimals + 1, '0')
  return `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`
}
