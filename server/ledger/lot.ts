/** Units of an allowance; money lots are `paid` and `bonus`. Data is in bytes, voice in seconds. */
export const allowanceKinds = [
  'voice-seconds',
  'sms',
  'data-bytes',
  'roaming-voice-seconds',
  'roaming-sms',
  'roaming-data-bytes',
] as const
export type AllowanceKind = (typeof allowanceKinds)[number]

/** What a package gives a line until a local day (exclusive, days since 1970-01-01). */
export interface AllowanceGrant {
  readonly line: string
  readonly epoch: number
  readonly kind: AllowanceKind
  readonly until: number
  readonly amount: bigint
}

/** A sold package whose price is earned evenly over [firstDay, until). */
export interface NewPackageTerm {
  readonly id: string
  readonly cause: string
  readonly line: string
  readonly epoch: number
  readonly priceMinor: bigint
  readonly firstDay: number
  readonly until: number
}

/**
 * How much of a package's price is earned when the days before `day` are over: the exact share rounded down, so that the
 * last day takes what rounding left and the sum is the price.
 */
export function earnedByDay(
  term: Pick<NewPackageTerm, 'priceMinor' | 'firstDay' | 'until'>,
  day: number,
): bigint {
  if (day <= term.firstDay) return 0n
  if (day >= term.until) return term.priceMinor
  return (term.priceMinor * BigInt(day - term.firstDay)) / BigInt(term.until - term.firstDay)
}

/** A stock that can be drawn from: a lot with its end, or endless money (`until` null). */
export interface Stock {
  readonly until: number | null
  readonly remaining: bigint
}

/** First-expiring first, endless last: how much to take of each stock, by index; what is left over could not be met. */
export function draw(
  stocks: readonly Stock[],
  amount: bigint,
): { readonly taken: readonly bigint[]; readonly unmet: bigint } {
  const order = stocks
    .map((_, index) => index)
    .sort(
      (a, b) => (stocks[a]?.until ?? Number.MAX_SAFE_INTEGER) - (stocks[b]?.until ?? Number.MAX_SAFE_INTEGER),
    )
  const taken = stocks.map(() => 0n)
  let unmet = amount
  for (const index of order) {
    const { remaining } = stocks[index] as Stock
    if (remaining >= unmet) {
      taken[index] = unmet
      return { taken, unmet: 0n }
    }
    taken[index] = remaining
    unmet -= remaining
  }
  return { taken, unmet }
}
