import { randomFillSync } from 'node:crypto'

const pool = Buffer.alloc(8 * 512)
let used = pool.length
let lastMs = 0
let sequence = 0
/** How far ahead of the clock the last id may stand before the clock was set back rather than corrected. */
const SET_BACK_MS = 10_000
const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

/**
 * A UUIDv7 (RFC 9562 5.7): 48 bits of milliseconds, a 12-bit counter that keeps ids of one process in the
 * order they were made (method 1 of 6.2), and 62 random bits. A clock that is set back by more than seconds is believed:
 * else ids would stand in the future until it has caught up (6.2, clock rollbacks).
 */
export function newId(instantMs: number): string {
  if (instantMs > lastMs || instantMs < lastMs - SET_BACK_MS) {
    lastMs = instantMs
    sequence = 0
  } else if (++sequence > 0xfff) {
    lastMs++
    sequence = 0
  }
  if (used === pool.length) {
    randomFillSync(pool)
    used = 0
  }
  const high = Math.floor(lastMs / 2 ** 32)
  const low = lastMs % 2 ** 32
  const byte = (value: number) => HEX[value & 0xff] as string
  const random = (at: number) => byte(pool[used + at] as number)
  const id =
    `${byte(high >>> 8)}${byte(high)}${byte(low >>> 24)}${byte(low >>> 16)}-${byte(low >>> 8)}${byte(low)}-` +
    `${byte(0x70 | (sequence >>> 8))}${byte(sequence)}-` +
    `${byte(0x80 | ((pool[used] as number) & 0x3f))}${random(1)}-` +
    `${random(2)}${random(3)}${random(4)}${random(5)}${random(6)}${random(7)}`
  used += 8
  return id
}

/** The instant in milliseconds that a UUIDv7 carries. */
export function instantOfId(id: string): number {
  return Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16)
}

/** The smallest UUIDv7 of an instant: everything made since then compares greater or equal. */
export function idAt(instantMs: number): string {
  const hex = instantMs.toString(16).padStart(12, '0')
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`
}
