/** Numbers that look drawn and are the same for the same seed, on every machine: a demo is to be the same demo. */
export interface Random {
  /** A whole number from 0 to below `limit`. */
  below(limit: number): number
  /** A whole number from `least` to `most`, both included. */
  between(least: number, most: number): number
  /** True so many times in a thousand. */
  chance(perMille: number): boolean
  /** One of them; each has its weight, one when left out. */
  pick<T>(choices: readonly (readonly [choice: T, weight: number])[]): T
}

/** mulberry32 (public domain, Tommy Ettinger): 32 bits of state, enough for stories. The seed is any text. */
export function seeded(seed: string): Random {
  let state = hashOf(seed)
  const next = () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return (mixed ^ (mixed >>> 14)) >>> 0
  }
  const below = (limit: number) => Math.floor((next() / 2 ** 32) * limit)
  return {
    below,
    between: (least, most) => least + below(most - least + 1),
    chance: (perMille) => below(1000) < perMille,
    pick(choices) {
      const total = choices.reduce((sum, [, weight]) => sum + weight, 0)
      let left = below(total)
      for (const [choice, weight] of choices) {
        if (left < weight) return choice
        left -= weight
      }
      throw new RangeError('nothing to pick from')
    },
  }
}

/** FNV-1a, 32 bits. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5
  for (const byte of Buffer.from(text)) hash = Math.imul(hash ^ byte, 0x01000193)
  return hash
}
