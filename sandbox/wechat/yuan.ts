/** Always two decimals, as bills write every amount: -5n is `-0.05`. */
export function formatYuan(fen: bigint): string {
  const size = fen < 0n ? -fen : fen
  return `${fen < 0n ? '-' : ''}${size / 100n}.${(size % 100n).toString().padStart(2, '0')}`
}
