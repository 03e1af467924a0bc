/** Fen in digits as yuan, for the eye alone: UnionPay's wire knows no yuan. */
export function formatFen(fen: string): string {
  const digits = fen.padStart(3, '0')
  return `${digits.slice(0, -2)}.${digits.slice(-2)}`
}
