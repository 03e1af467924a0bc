/** The GSM 7-bit default alphabet by septet value (3GPP TS 23.038, 6.2.1). U+001B is the escape, not a character of text. */
const BASIC =
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\u001bÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?' +
  '¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà'

/** The extension table (6.2.1.1): these take two septets, the first being the escape. */
const EXTENSION: Readonly<Record<string, number>> = {
  '\f': 0x0a,
  '^': 0x14,
  '{': 0x28,
  '}': 0x29,
  '\\': 0x2f,
  '[': 0x3c,
  '~': 0x3d,
  ']': 0x3e,
  '|': 0x40,
  '€': 0x65,
}
const ESCAPE = 0x1b

const SEPTETS = new Map<string, readonly number[]>([
  ...[...BASIC].map((char, septet): [string, number[]] => [char, [septet]]),
  ...Object.entries(EXTENSION).map(([char, septet]): [string, number[]] => [char, [ESCAPE, septet]]),
])
SEPTETS.delete('\u001b')

/** True when every character has a place in the alphabet or its extension table; accents are never dropped to make it so. */
export function fitsGsm7(text: string): boolean {
  for (const char of text) if (!SEPTETS.has(char)) return false
  return true
}

/** One septet an octet, unpacked, as SMPP carries data_coding 0. Throws on text that does not fit. */
export function encodeGsm7(text: string): Buffer {
  const septets: number[] = []
  for (const char of text) {
    const encoded = SEPTETS.get(char)
    if (!encoded) throw new Error('a character outside the GSM 7-bit alphabet')
    septets.push(...encoded)
  }
  return Buffer.from(septets)
}
