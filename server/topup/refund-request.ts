import { defineStates } from '../platform/state-machine.ts'
import type { Dispute } from './dispute.ts'

export type RefundRequestState = 'waiting' | 'approved' | 'begun' | 'refused' | 'declined'

/** The life of what a person asked for. Once begun, the refund of the same id (`payment/refund.ts`) says how far it is. */
export const refundRequestStates = defineStates<RefundRequestState>(
  'refund request',
  'waiting',
  ['begun', 'refused', 'declined'],
  {
    waiting: {
      waits:
        'for a second person, who approves or declines it; below the brand’s limit it is made as approved',
      to: ['approved', 'declined'],
    },
    approved: { waits: 'for settle, within a second', to: ['begun', 'refused'] },
    begun: { waits: 'for nothing: what goes back has left the line', to: [] },
    refused: { waits: 'for nothing: by the time it was approved the order had nothing to give back', to: [] },
    declined: { waits: 'for nothing: the second person said no', to: [] },
  },
)

/** A refund somebody asked for. Amounts in minor units of the brand's currency, instants in milliseconds. */
export interface RefundRequest {
  /** Once begun the number of the refund, for ever. */
  readonly id: string
  readonly order: string
  readonly channel: 'payer' | 'staff'
  /** At most this much. */
  readonly amountMinor: bigint
  /** All there is: less, where less can go back by then. */
  readonly whole: boolean
  /** A person has said yes to the number ending today where nothing else keeps it. */
  readonly mayEnd: boolean
  readonly reason: string
  /** `log-in 0193…`, `operator alice`. */
  readonly requestedBy: string
  readonly beneficiary: string
  readonly needsChecker: boolean
  readonly state: RefundRequestState
  readonly requestedAtMs: number
  readonly checkedBy: string | null
  readonly checkedAtMs: number | null
  readonly decidedAtMs: number | null
  readonly refusedCode: string | null
  /** What was taken back of the order: zero until begun. */
  readonly refundedMinor: bigint
  readonly faceTakenMinor: bigint
  readonly bonusTakenMinor: bigint
  readonly commissionTakenMinor: bigint
  /** Of a correction: the right line and its holder, and what was looked at; else null. */
  readonly toLine: string | null
  readonly toEpoch: number | null
  readonly proof: string | null
  readonly key: string | null
  /** SHA-256, hexadecimal. */
  readonly hash: string | null
}

/** What settle decided of a request it has locked. */
export type RefundRequestChange = Pick<
  RefundRequest,
  | 'id'
  | 'state'
  | 'refusedCode'
  | 'refundedMinor'
  | 'faceTakenMinor'
  | 'bonusTakenMinor'
  | 'commissionTakenMinor'
>

/** Who an order's money came from, as an actor. */
export function payerOf({ caller }: { readonly caller: string }): string {
  return `log-in ${caller}`
}

/** What earlier refunds, and disputes that still stand, have taken back of an order. */
export interface TakenSoFar {
  readonly faceMinor: bigint
  readonly bonusMinor: bigint
  readonly commissionMinor: bigint
}

export function takenSoFar(
  requests: readonly RefundRequest[],
  disputes: readonly Dispute[] = [],
): TakenSoFar {
  const sum = (of: (request: RefundRequest) => bigint) => requests.reduce((all, one) => all + of(one), 0n)
  const standing = disputes.filter(({ posted }) => posted === 'disputed' || posted === 'reversed')
  const disputed = (of: (dispute: Dispute) => bigint) => standing.reduce((all, one) => all + of(one), 0n)
  return {
    faceMinor: sum((one) => one.faceTakenMinor) + disputed((one) => one.faceTakenMinor),
    bonusMinor: sum((one) => one.bonusTakenMinor) + disputed((one) => one.bonusTakenMinor),
    commissionMinor: sum((one) => one.commissionTakenMinor),
  }
}
