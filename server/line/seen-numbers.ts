const LOW_DIGITS = 15
const EMPTY = 0

/**
 * Where in a file each number was first seen. Exact for up to 22 digits, at 16 bytes a place: a `Map` of a million texts takes
 * five times as much. The last 15 digits are exact in a double, those before them in 32 bits, each with a 1 in front so that
 * leading zeros count. A table of open addresses, at most half full.
 */
export class SeenNumbers {
  #size = 1 << 12
  #count = 0
  #low = new Float64Array(this.#size)
  #high = new Uint32Array(this.#size)
  #line = new Uint32Array(this.#size)

  /** Remembers the line (from 1) of these digits and answers null, or answers the line where they were seen before. */
  firstSeen(digits: string, line: number): number | null {
    if (this.#count * 2 >= this.#size) this.#grow()
    const split = Math.max(0, digits.length - LOW_DIGITS)
    const place = this.#find(
      Number.parseInt(`1${digits.slice(split)}`, 10),
      Number.parseInt(`1${digits.slice(0, split)}`, 10),
    )
    const seen = this.#line[place] as number
    if (seen !== EMPTY) return seen
    this.#line[place] = line
    this.#count++
    return null
  }

  /** The place of this number, or the empty one where it belongs, which then holds it. */
  #find(low: number, high: number): number {
    const mask = this.#size - 1
    // Knuth's multiplicative hashing; numbers of one plan follow on each other and must not stand in one heap.
    const mixed =
      Math.imul((low % 4_294_967_296) ^ (low / 4_294_967_296), 2_654_435_761) ^ Math.imul(high, 40_503)
    for (let at = (mixed ^ (mixed >>> 15)) & mask; ; at = (at + 1) & mask) {
      if (this.#line[at] === EMPTY) {
        this.#low[at] = low
        this.#high[at] = high
        return at
      }
      if (this.#low[at] === low && this.#high[at] === high) return at
    }
  }

  #grow(): void {
    const [low, high, line] = [this.#low, this.#high, this.#line]
    this.#size *= 2
    this.#low = new Float64Array(this.#size)
    this.#high = new Uint32Array(this.#size)
    this.#line = new Uint32Array(this.#size)
    for (let at = 0; at < line.length; at++) {
      if (line[at] === EMPTY) continue
      this.#line[this.#find(low[at] as number, high[at] as number)] = line[at] as number
    }
  }
}
