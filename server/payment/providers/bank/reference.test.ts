import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isReference, meantAsReference, REFERENCE_LENGTH, referenceOf, referencesIn } from './reference.ts'

const ALPHABET = '23456789ACEFHJKMNPRTWXY'
const references = fc.string({ minLength: 1 }).map(referenceOf)
const grouped = (text: string, by: string) => text.replaceAll(/(...)(?=.)/g, `$1${by}`)

describe('a reference', () => {
  test('is nine signs that nobody takes for others, and the same for the same number', () => {
    fc.assert(
      fc.property(fc.string(), (number) => {
        const reference = referenceOf(number)
        expect(reference).toMatch(new RegExp(`^[${ALPHABET}]{${REFERENCE_LENGTH}}$`))
        expect(isReference(reference)).toBe(true)
        expect(referenceOf(number)).toBe(reference)
      }),
    )
  })

  test('with one wrong sign, or any two that changed places, is none', () => {
    fc.assert(
      fc.property(references, fc.nat(8), fc.nat(8), fc.constantFrom(...ALPHABET), (reference, i, j, sign) => {
        const wrong = reference.slice(0, i) + sign + reference.slice(i + 1)
        if (wrong !== reference) expect(isReference(wrong)).toBe(false)
        const signs = [...reference]
        ;[signs[i], signs[j]] = [signs[j] as string, signs[i] as string]
        if (signs.join('') !== reference) expect(isReference(signs.join(''))).toBe(false)
      }),
    )
  })

  test('stays what it was when it was made first', () => {
    expect(
      ['01JD9Z3K6N8Q4W2V7X5Y0ABCDE', '01JD9Z3K6N8Q4W2V7X5Y0ABCDF'].map(referenceOf),
    ).toMatchInlineSnapshot(`
      [
        "MR7937A83",
        "EE7FW2NEW",
      ]
    `)
  })
})

describe('is found in what a bank hands on', () => {
  const reference = referenceOf('01JD9Z3K6N8Q4W2V7X5Y0ABCDE')
  const fullWidth = [...reference].map((sign) => String.fromCodePoint(sign.charCodeAt(0) + 0xfee0)).join('')
  const asLetters = reference.replaceAll(
    /[2568]/g,
    (digit) => ({ 2: 'Z', 5: 's', 6: 'g', 8: 'B' })[digit] as string,
  )

  test.each([
    ['as it is', reference],
    ['in small letters', reference.toLowerCase()],
    ['in groups', grouped(reference, ' ')],
    ['with strokes and dots', `Ref: ${grouped(reference, '-')}.`],
    ['cut into two lines', `TOP UP ${reference.slice(0, 4)}\n${reference.slice(4)}`],
    ['between Chinese words', `充值${reference}谢谢`],
    ['in full-width signs', `附言：${fullWidth}`],
    ['with letters for the digits they look like', asLetters],
    ['in a row with others', `/INV/2026/${reference}/SEPA`],
  ])('%s', (_, text) => {
    expect(referencesIn(text)).toContain(reference)
  })

  test('whatever stands around it', () => {
    fc.assert(
      fc.property(references, fc.string(), fc.string(), (made, before, after) => {
        expect(referencesIn(`${before}${made}${after}`)).toContain(made)
      }),
    )
  })

  test('and not where another sign stands in its place', () => {
    expect(referencesIn(`0${reference.slice(1)}`)).not.toContain(reference)
    expect(referencesIn('房租 11 月')).toEqual([])
    expect(referencesIn(`${reference.slice(0, 4)}元${reference.slice(4)}`)).not.toContain(reference)
  })
})

describe('what somebody may have meant', () => {
  test('is nine letters and digits, in one word or several', () => {
    expect(meantAsReference('top-up K7P M3R XW9')).toContain('K7PM3RXW9')
    expect(meantAsReference('充值K7PM3RXW9')).toEqual(['K7PM3RXW9'])
  })
  test('is no telephone number, date or word', () => {
    expect(meantAsReference('15400001234 2026-11-22 Wednesday 123456789')).toEqual([])
  })
})
