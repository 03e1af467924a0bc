import { createHash } from 'node:crypto'

/**
 * What a payer writes on a transfer. Twenty-three signs that are told apart in every typeface and when read aloud over a telephone: no 0 O Q
 * D, no 1 I L, no U V, and of 2 Z, 5 S, 6 G, 8 B the digit alone, so that each of those letters can be read as its digit.
 */
const ALPHABET = '23456789ACEFHJKMNPRTWXY'
const VALUES = new Map([...ALPHABET].map((sign, value) => [sign, value]))
/** Letters that can only be meant as a digit. */
const LOOK_ALIKE: Readonly<Record<string, string>> = { Z: '2', S: '5', G: '6', B: '8' }
const DATA = 8
export const REFERENCE_LENGTH = DATA + 1
const PRIME = BigInt(ALPHABET.length)

/**
 * The reference of a number of ours: eight signs of its SHA-256 and a check sign. The same number has it again, and one in 78 billion
 * others too.
 */
export function referenceOf(number: string): string {
  const digest = createHash('sha256').update(`transfer reference ${number}`).digest()
  let rest = digest.readBigUInt64BE()
  let signs = ''
  for (let i = 0; i < DATA; i++) {
    signs += ALPHABET.charAt(Number(rest % PRIME))
    rest /= PRIME
  }
  return signs + checkSign(signs)
}

/**
 * The sign that makes the weighted sum a multiple of 23. The weights differ and 23 is prime: one wrong sign, or two that changed places,
 * never pass.
 */
function checkSign(signs: string): string {
  const sum = [...signs].reduce((total, sign, i) => total + (i + 2) * (VALUES.get(sign) ?? 0), 0)
  return ALPHABET.charAt((ALPHABET.length - (sum % ALPHABET.length)) % ALPHABET.length)
}

/** Whether nine signs are a reference of ours, as far as their check sign tells. */
export function isReference(text: string): boolean {
  if (text.length !== REFERENCE_LENGTH || [...text].some((sign) => !VALUES.has(sign))) return false
  return checkSign(text.slice(0, DATA)) === text.charAt(DATA)
}

/**
 * Texts as a bank may hand them on: full-width signs, small letters, look-alikes. Answers runs of letters and digits in which blanks and
 * punctuation, which banks put in and leave out, do not count; any other script ends a run.
 */
function runs(text: string): string[] {
  return text
    .normalize('NFKC')
    .toUpperCase()
    .split(/[^\dA-Z\s\p{P}\p{S}]+/u)
    .map((run) => run.replaceAll(/[^\dA-Z]/g, '').replaceAll(/[ZSGB]/g, (sign) => LOOK_ALIKE[sign] as string))
}

/** Every stretch of a text that is a reference by its check sign, each once. One in 23 stretches is by chance, so they must be known too. */
export function referencesIn(text: string): string[] {
  const found = new Set<string>()
  for (const run of runs(text))
    for (let at = 0; at + REFERENCE_LENGTH <= run.length; at++) {
      const stretch = run.slice(at, at + REFERENCE_LENGTH)
      if (isReference(stretch)) found.add(stretch)
    }
  return [...found]
}

/** Words of a text that somebody may have meant as a reference: nine signs, letters and digits, in one word or in words that follow on each other. */
export function meantAsReference(text: string): string[] {
  const found = new Set<string>()
  for (const part of text.normalize('NFKC').split(/[^\dA-Za-z\s\p{P}\p{S}]+/u)) {
    const words = part.split(/[^\dA-Za-z]+/).filter((word) => word !== '')
    for (let from = 0; from < words.length; from++) {
      let joined = ''
      for (let to = from; to < words.length && joined.length < REFERENCE_LENGTH; to++) joined += words[to]
      if (joined.length !== REFERENCE_LENGTH || !/\d/.test(joined) || !/[A-Za-z]/.test(joined)) continue
      for (const run of runs(joined)) found.add(run)
    }
  }
  return [...found]
}

/** How many signs differ between two references, of which one that moved counts twice. */
export function signsApart(a: string, b: string): number {
  let apart = Math.abs(a.length - b.length)
  for (let i = 0; i < Math.min(a.length, b.length); i++) if (a.charAt(i) !== b.charAt(i)) apart++
  return apart
}
