/** A receipt number: its series and its place in it, at least eight digits, so that numbers sort as they were given. */
export function formatReceiptNumber(series: string, number: bigint): string {
  return `${series}-${number.toString().padStart(8, '0')}`
}

/** The series of a brand's own pages: `LK-W`. */
export function onlineSeries(receiptPrefix: string): string {
  return `${receiptPrefix}-W`
}
