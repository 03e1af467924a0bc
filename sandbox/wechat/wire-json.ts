/** `JSON.rawJSON` and the source text a reviver is told (ECMA-262, 2025), which the compiler's library does not know yet. */
interface ExactJson {
  rawJSON(text: string): object
  parse(
    text: string,
    revive: (name: string, value: unknown, context: { source?: string }) => unknown,
  ): unknown
}
const exact = JSON as unknown as ExactJson

/** API v3 writes fen as JSON numbers: bigints become their digits. */
export function writeJson(value: unknown): string {
  return JSON.stringify(value, (_name, item: unknown) =>
    typeof item === 'bigint' ? exact.rawJSON(item.toString()) : item,
  )
}

/** Whole numbers are read as bigints, from their digits; anything with a fraction or an exponent stays a number. */
export function readJson(text: string): unknown {
  return exact.parse(text, (_name, value, { source }) =>
    typeof value === 'number' && source !== undefined && /^-?\d+$/.test(source) ? BigInt(source) : value,
  )
}
