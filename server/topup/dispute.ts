import type { EvidenceRow, ProviderName } from '../payment/index.ts'
import { assert } from '../platform/error.ts'
import { defineStates } from '../platform/state-machine.ts'

/** What the provider has said of a dispute; it only ever moves on. */
export type DisputeState = 'disputed' | 'reversed' | 'reinstated'

export const disputeStates = defineStates<DisputeState>('dispute', 'disputed', ['reversed', 'reinstated'], {
  disputed: {
    waits: 'for the payer’s bank to decide; it has the money, and what was unspent has left the line',
    to: ['reversed', 'reinstated'],
  },
  reversed: {
    waits: 'for nothing: the bank decided for the payer, and what could not be taken back is owed',
    to: ['reinstated'],
  },
  reinstated: { waits: 'for nothing: the money is with us again, and so is what was taken for it', to: [] },
})

/** A payment that the payer's bank takes back, or wants to. Amounts in minor units of the order's currency but where it is said, instants in milliseconds. */
export interface Dispute {
  /** The cause of its postings. */
  readonly id: string
  readonly provider: ProviderName
  readonly merchant: string
  /** The provider's own number of it. */
  readonly number: string
  readonly order: string
  readonly attempt: string
  /** The provider's payment it is about. */
  readonly transaction: string
  /** What was taken, in the currency that was paid. */
  readonly amountMinor: bigint
  readonly currency: string
  /** What the provider charges for it, where it says so; it is posted with the bill, as every fee is. */
  readonly feeMinor: bigint | null
  /** The payer's reason, in the provider's word. */
  readonly reason: string
  readonly said: DisputeState
  /** How far the ledger has followed. */
  readonly posted: DisputeState | 'none'
  readonly openedAtMs: number
  readonly postedAtMs: number | null
  /** What the amount comes to of the order, in the order's currency: the same, but where it was paid in another. Zero until posted. */
  readonly orderMinor: bigint
  /** Of a quoted order, what it took of the margin. */
  readonly marginTakenMinor: bigint
  /** Of the order's part, what unspent credit had cost; its face, which left the line; and the bonus that left with it. */
  readonly costTakenMinor: bigint
  readonly faceTakenMinor: bigint
  readonly bonusTakenMinor: bigint
  /** Of the order's part, what waits for the bank to decide. */
  readonly undecidedMinor: bigint
  /** Of the order's part, the days of a package that had not begun, and what is owed or was. */
  readonly unbegunTakenMinor: bigint
  readonly owedMinor: bigint
  /** Of the order's part, what a refund held that the provider had refused. */
  readonly coveredMinor: bigint
}

const rank: Readonly<Record<DisputeState, number>> = { disputed: 1, reversed: 2, reinstated: 3 }

const nothingTaken = {
  ...{ orderMinor: 0n, marginTakenMinor: 0n },
  ...{ costTakenMinor: 0n, faceTakenMinor: 0n, bonusTakenMinor: 0n },
  ...{ undecidedMinor: 0n, unbegunTakenMinor: 0n, owedMinor: 0n, coveredMinor: 0n },
}

/** The dispute once this was said of it; null: it was known already. An earlier state that is told later says nothing. */
export function disputeAfter(known: Dispute | undefined, evidence: EvidenceRow, id: string): Dispute | null {
  const { said, dispute: number, transaction, amountMinor, currency } = evidence
  assert(said === 'disputed' || said === 'reversed' || said === 'reinstated', `${said} is said of a dispute`)
  assert(number && transaction && amountMinor && currency, 'evidence of a dispute names it and its money')
  if (known) {
    const feeMinor = evidence.feeMinor ?? known.feeMinor
    return rank[said] > rank[known.said] ? { ...known, said, feeMinor } : null
  }
  return {
    ...{ id, number, transaction, amountMinor, currency, said, ...nothingTaken },
    ...{ provider: evidence.provider, merchant: evidence.merchant, attempt: evidence.attempt },
    ...{ order: evidence.order, feeMinor: evidence.feeMinor, reason: evidence.note ?? 'unknown' },
    ...{ posted: 'none', openedAtMs: evidence.receivedAtMs, postedAtMs: null },
  }
}
