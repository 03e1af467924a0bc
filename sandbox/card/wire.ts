/** Missing from TypeScript's library: text that stands in JSON as it is. */
const { rawJSON } = JSON as unknown as { rawJSON(text: string): unknown }

/** JSON with amounts as the integers that the vendor's wire has: bigint inside, never a floating number. */
export function writeJson(value: unknown, space?: number): string {
  return JSON.stringify(
    value,
    (_name, item: unknown) => (typeof item === 'bigint' ? rawJSON(item.toString()) : item),
    space,
  )
}

/** Whole seconds since the epoch, the only form of time on this wire. */
export function seconds(instantMs: number): number {
  return Math.floor(instantMs / 1_000)
}

/** Minor units as the reports write them: major units with two decimals. */
export function majorUnits(minor: bigint): string {
  const digits = (minor < 0n ? -minor : minor).toString().padStart(3, '0')
  return `${minor < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`
}
