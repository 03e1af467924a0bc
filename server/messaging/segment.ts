import { encodeGsm7, fitsGsm7 } from './gsm7.ts'

/** One short message as submit_sm carries it. */
export interface Segment {
  /** 0: the GSM 7-bit default alphabet, one septet an octet; 8: UCS-2, which handsets read as UTF-16BE. */
  readonly dataCoding: 0 | 8
  /** 0x40 says that the user data begin with a header. */
  readonly esmClass: 0 | 0x40
  readonly userData: Buffer
}

interface Alphabet {
  readonly dataCoding: 0 | 8
  readonly encode: (text: string) => Buffer
  /** Octets of text in a message of its own, and in one part of several, whose header takes 6 of 140 octets. */
  readonly aloneOctets: number
  readonly partOctets: number
}

const GSM7: Alphabet = { dataCoding: 0, encode: encodeGsm7, aloneOctets: 160, partOctets: 153 }
const UCS2: Alphabet = {
  dataCoding: 8,
  encode: (text) => Buffer.from(text, 'utf16le').swap16(),
  aloneOctets: 2 * 70,
  partOctets: 2 * 67,
}
const MAX_PARTS = 255

/**
 * Cuts a text into short messages: one of 160 septets or 70 UCS-2 units, else parts of 153 or 67 joined by an 8-bit
 * reference (3GPP TS 23.040, 9.2.3.24.1). A part ends between characters as people see them, so no surrogate pair, accent
 * or escape is ever divided; only a single such character larger than a part (a chain of joined emoji) is cut between its code
 * points. The handset puts the exact text together again.
 */
export function segmentsOf(text: string, reference: number): Segment[] {
  const alphabet = fitsGsm7(text) ? GSM7 : UCS2
  const { dataCoding } = alphabet
  const whole = alphabet.encode(text)
  if (whole.length <= alphabet.aloneOctets) return [{ dataCoding, esmClass: 0, userData: whole }]
  const parts = fill(text, alphabet)
  if (parts.length > MAX_PARTS)
    throw new Error(`a text of ${parts.length} short messages is too long to send`)
  return parts.map((part, index) => ({
    dataCoding,
    esmClass: 0x40,
    userData: Buffer.concat([Buffer.of(5, 0, 3, reference & 0xff, parts.length, index + 1), part]),
  }))
}

const characters = new Intl.Segmenter('und', { granularity: 'grapheme' })

function fill(text: string, { encode, partOctets }: Alphabet): Buffer[] {
  const parts: Buffer[] = []
  let filled: Buffer[] = []
  let octets = 0
  const add = (unit: string) => {
    const encoded = encode(unit)
    if (encoded.length > partOctets) {
      for (const codePoint of unit) add(codePoint)
      return
    }
    if (octets + encoded.length > partOctets) {
      parts.push(Buffer.concat(filled))
      filled = []
      octets = 0
    }
    filled.push(encoded)
    octets += encoded.length
  }
  for (const { segment } of characters.segment(text)) add(segment)
  parts.push(Buffer.concat(filled))
  return parts
}
