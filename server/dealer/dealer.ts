/** Who sells for the brand from a prepaid float. A suspended dealer keeps its float and sells nothing. */
export interface Dealer {
  readonly id: string
  readonly name: string
  readonly status: 'active' | 'suspended'
  /** Parts per ten thousand of the credit sold, or of a package's price. */
  readonly commissionBp: number
  /** Of the receipts its API gives. Never changes. */
  readonly receiptSeries: string
}

/** The ledger account that holds a dealer's float. */
export function floatOf(dealer: string) {
  return { kind: 'dealer-float', subject: dealer } as const
}

/** Commission on a sale, in minor units, rounded down: in the brand's favour, by less than one minor unit a sale. */
export function commissionOn(saleMinor: bigint, commissionBp: number): bigint {
  return (saleMinor * BigInt(commissionBp)) / 10_000n
}
