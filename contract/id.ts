import { Type } from 'typebox'

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const VALUES = new Map([...ALPHABET].map((digit, value) => [digit, BigInt(value)]))

/** An id on wires and paper: 128 bits as 26 digits of Crockford base32, upper case (the first is 0-7). */
export const IdWire = Type.String({
  pattern: '^[0-7][0-9A-HJKMNP-TV-Z]{25}$',
  examples: ['01JD9Z3K6N8Q4W2V7X5Y0ABCDE'],
})

/** Hyphenated uuid to its 26-character wire form. */
export function idToWire(uuid: string): string {
  let rest = BigInt(`0x${uuid.replaceAll('-', '')}`)
  let digits = ''
  for (let i = 0; i < 26; i++) {
    digits = ALPHABET.charAt(Number(rest & 31n)) + digits
    rest >>= 5n
  }
  return digits
}

/** Wire form to hyphenated uuid; null when the text is not an id. Lower case is read too (people retype ids). */
export function idFromWire(text: string): string | null {
  if (text.length !== 26) return null
  let value = 0n
  for (const digit of text.toUpperCase()) {
    const digitValue = VALUES.get(digit)
    if (digitValue === undefined) return null
    value = (value << 5n) | digitValue
  }
  if (value >> 128n !== 0n) return null
  const hex = value.toString(16).padStart(32, '0')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}
