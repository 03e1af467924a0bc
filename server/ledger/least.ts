/** The smaller of two amounts; `Math.min` knows no bigint. */
export function least(a: bigint, b: bigint): bigint {
  return a < b ? a : b
}

export function greatest(a: bigint, b: bigint): bigint {
  return a > b ? a : b
}
