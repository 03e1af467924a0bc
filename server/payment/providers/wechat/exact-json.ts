/** `JSON.rawJSON` and the source text a reviver is told (ECMA-262, 2025), which the compiler's library does not know yet. */
interface ExactJson {
  rawJSON(text: string): object
  parse(
    text: string,
    revive: (name: string, value: unknown, context: { source?: string }) => unknown,
  ): unknown
}
const exact = JSON as unknown as ExactJson

/** JSON text in which a bigint stands as the number it is: API v3 writes fen so. */
export function writeExact(value: unknown): string {
  return JSON.stringify(value, (_name, item: unknown) =>
    typeof item === 'bigint' ? exact.rawJSON(item.toString()) : item,
  )
}

/** JSON text as a value in which every whole number is the text of its digits: no amount is ever a float. */
export function readExact(text: string): unknown {
  return exact.parse(text, (_name, value, { source }) =>
    typeof value === 'number' && source !== undefined && /^-?\d+$/.test(source) ? source : value,
  )
}

/** Fen as read by `readExact`, above nothing; null for any other form. */
export function parseFen(text: unknown): bigint | null {
  return typeof text === 'string' && /^[1-9]\d{0,12}$/.test(text) ? BigInt(text) : null
}
