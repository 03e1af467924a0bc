import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { encodeGsm7, fitsGsm7 } from './gsm7.ts'
import { type Segment, segmentsOf } from './segment.ts'

/** A handset's own reading of the parts, written from the standards and sharing nothing with the code under test. */
function reassemble(segments: readonly Segment[]): string {
  const bodies = segments.map(({ esmClass, userData }) => {
    if (esmClass === 0) return { number: 1, body: userData }
    expect([...userData.subarray(0, 3)]).toEqual([5, 0, 3])
    expect(userData[4]).toBe(segments.length)
    return { number: userData[5] as number, body: userData.subarray(6) }
  })
  expect(bodies.map(({ number }) => number)).toEqual(segments.map((_, index) => index + 1))
  return bodies.map(({ body }) => (segments[0]?.dataCoding === 8 ? readUcs2(body) : readGsm7(body))).join('')
}

function readUcs2(body: Buffer): string {
  let text = ''
  for (let at = 0; at < body.length; at += 2) text += String.fromCharCode(body.readUInt16BE(at))
  // A pair cut in two would leave a lone surrogate at an end.
  expect(text.isWellFormed()).toBe(true)
  return text
}

const GREEK_AND_SIGNS: Record<number, string> = {
  0: '@',
  1: '£',
  2: '$',
  3: '¥',
  4: 'è',
  5: 'é',
  10: '\n',
  16: 'Δ',
  17: '_',
}
const EXTENDED: Record<number, string> = {
  20: '^',
  40: '{',
  41: '}',
  47: '\\',
  60: '[',
  61: '~',
  62: ']',
  64: '|',
  101: '€',
}
function readGsm7(body: Buffer): string {
  let text = ''
  for (let at = 0; at < body.length; at++) {
    const septet = body[at] as number
    if (septet === 27) text += EXTENDED[body[++at] as number]
    else text += GREEK_AND_SIGNS[septet] ?? String.fromCharCode(septet)
  }
  return text
}

const octetsOfText = ({ esmClass, userData }: Segment) => userData.length - (esmClass === 0 ? 0 : 6)
const long = (unit: fc.Arbitrary<string>) =>
  fc.array(unit, { minLength: 0, maxLength: 400 }).map((u) => u.join(''))
const reference = fc.integer({ min: 0, max: 255 })

describe('every text comes back exactly', () => {
  const chinese = fc.integer({ min: 0x4e00, max: 0x9fff }).map((code) => String.fromCodePoint(code))
  const rare = fc.constantFrom('𬱖', '䶮', '😀', '👨‍👩‍👧‍👦', '❤️', '🇨🇳', 'é', '\n', ' ')

  test('Chinese, rare characters and emoji, as UCS-2', () => {
    fc.assert(
      fc.property(long(fc.oneof(chinese, rare)), reference, (text, ref) => {
        const all = `号${text}`
        const segments = segmentsOf(all, ref)
        expect(reassemble(segments)).toBe(all)
        expect(
          segments.every((segment) => octetsOfText(segment) <= (segments.length === 1 ? 140 : 134)),
        ).toBe(true)
        expect(segments.every(({ dataCoding }) => dataCoding === 8)).toBe(true)
      }),
    )
  })

  test('the GSM alphabet, its extension table too', () => {
    const letter = fc.constantFrom(...'@£$¥èéΔ_ABCabc019 .,:;?!^{}\\[~]|€'.split(''))
    fc.assert(
      fc.property(long(letter), reference, (text, ref) => {
        const segments = segmentsOf(text, ref)
        expect(reassemble(segments)).toBe(text)
        expect(
          segments.every((segment) => octetsOfText(segment) <= (segments.length === 1 ? 160 : 153)),
        ).toBe(true)
        expect(segments.every(({ dataCoding }) => dataCoding === 0)).toBe(true)
        // No part but the last may end with an escape whose character begins the next one.
        expect(segments.every(({ userData }) => userData.at(-1) !== 27)).toBe(true)
      }),
    )
  })

  test('any text at all', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 400 }), reference, (text, ref) => {
        fc.pre(!fitsGsm7(text))
        expect(reassemble(segmentsOf(text, ref))).toBe(text)
      }),
    )
  })
})

describe('lengths at the edges', () => {
  test.each([
    ['保', 70, [70]],
    ['保', 71, [67, 4]],
    ['保', 134, [67, 67]],
    ['保', 135, [67, 67, 1]],
  ])('%s x %i', (char, count, units) => {
    expect(segmentsOf(char.repeat(count), 7).map((s) => octetsOfText(s) / 2)).toEqual(units)
  })

  test.each([
    ['a', 160, [160]],
    ['a', 161, [153, 8]],
    ['€', 80, [160]],
    ['€', 81, [152, 10]],
    ['a', 306, [153, 153]],
    ['a', 307, [153, 153, 1]],
  ])('%s x %i', (char, count, units) => {
    expect(segmentsOf(char.repeat(count), 7).map(octetsOfText)).toEqual(units)
  })

  test('an emoji that does not fit goes whole to the next part', () => {
    const [first, second] = segmentsOf(`${'保'.repeat(66)}😀${'号'.repeat(10)}`, 7)
    expect(octetsOfText(first as Segment) / 2).toBe(66)
    expect((second as Segment).userData.readUInt16BE(6)).toBe(0xd83d)
  })

  test('a family of joined emoji is not torn apart', () => {
    const family = '👨‍👩‍👧‍👦'
    const [first] = segmentsOf('保'.repeat(60) + family + '号'.repeat(20), 7)
    expect(octetsOfText(first as Segment) / 2).toBe(60)
  })

  test('the parts carry one reference', () => {
    const references = segmentsOf('保'.repeat(300), 0x1f3).map(({ userData }) => userData[3])
    expect(new Set(references)).toEqual(new Set([0xf3]))
  })

  test('more than 255 parts are refused', () => {
    expect(segmentsOf('保'.repeat(67 * 255), 0)).toHaveLength(255)
    expect(() => segmentsOf('保'.repeat(67 * 255 + 1), 0)).toThrow('too long')
  })
})

describe('the GSM alphabet', () => {
  test('one character outside it makes the whole text UCS-2', () => {
    expect(segmentsOf('Balance 62.30', 0)[0]?.dataCoding).toBe(0)
    expect(segmentsOf('Balance 62.30’', 0)[0]?.dataCoding).toBe(8)
    expect(segmentsOf('café €', 0)[0]?.dataCoding).toBe(0)
    expect(segmentsOf('ê', 0)[0]?.dataCoding).toBe(8)
    expect(segmentsOf('\u001b', 0)[0]?.dataCoding).toBe(8)
  })

  test('has 137 characters, each with one place', () => {
    const known = Array.from({ length: 0xffff }, (_, code) => String.fromCharCode(code)).filter(fitsGsm7)
    expect(known).toHaveLength(127 + 10)
    expect(new Set(known.map((char) => encodeGsm7(char).toString('hex'))).size).toBe(137)
    expect([...encodeGsm7('@£Aa~€')]).toEqual([0, 1, 0x41, 0x61, 0x1b, 0x3d, 0x1b, 0x65])
  })
})
