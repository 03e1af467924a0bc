import type { RefundRequest } from './refund-request.ts'
import type { TopUp } from './top-up.ts'

/** A refund that was asked for and approved: of all there is, unless an amount is given. */
export function requestFor(
  order: TopUp,
  id: string,
  nowMs: number,
  more: Partial<RefundRequest>,
): RefundRequest {
  return {
    ...{ id: id, order: order.id, channel: 'staff', amountMinor: order.capturedMinor },
    ...{ whole: more.amountMinor === undefined, mayEnd: false, reason: 'asked', state: 'approved' },
    ...{ requestedBy: 'operator ann', beneficiary: `log-in ${order.caller}`, needsChecker: false },
    ...{ requestedAtMs: nowMs, checkedBy: null, checkedAtMs: null, decidedAtMs: null },
    ...{ refusedCode: null, refundedMinor: 0n, faceTakenMinor: 0n, bonusTakenMinor: 0n },
    ...{ commissionTakenMinor: 0n, toLine: null, toEpoch: null, proof: null, key: null, hash: null },
    ...more,
  }
}
