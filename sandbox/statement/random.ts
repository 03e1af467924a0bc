/** Numbers that a seed decides, the same on every machine (mulberry32). */
export interface Random {
  /** From 0 up to 1. */
  next(): number
  /** From 0 up to `count`, whole. */
  below(count: number): number
  digits(count: number): string
  /** 26 digits of Crockford's base32, as merchants write a UUIDv7: the milliseconds lead. */
  number(at: number): string
}

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

export function seeded(seed: number): Random {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (count: number) => Math.floor(next() * count)
  const text = (count: number, alphabet: string) => {
    let made = ''
    for (let i = 0; i < count; i++) made += alphabet.charAt(below(alphabet.length))
    return made
  }
  return {
    next,
    below,
    digits: (count) => text(count, '0123456789'),
    number: (at) => `${inBase32(at)}${text(16, ALPHABET)}`,
  }
}

/** 48 bits of milliseconds as ten digits. */
function inBase32(ms: number): string {
  let rest = ms
  let digits = ''
  for (let i = 0; i < 10; i++) {
    digits = ALPHABET.charAt(rest % 32) + digits
    rest = Math.floor(rest / 32)
  }
  return digits
}
