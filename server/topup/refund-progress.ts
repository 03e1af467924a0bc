import { idToWire } from '../../contract/id.ts'
import { wire } from '../../contract/money.ts'
import type { RefundProgress, RefundView } from '../../contract/refund.ts'
import type { Brand } from '../brand/index.ts'
import type { RefundRow } from '../payment/index.ts'
import { isoInstant } from '../platform/clock.ts'
import type { RefundRequest } from './refund-request.ts'
import type { ReadOrder } from './shown-order.ts'

/** `refund`: the refund of the same id, once begun; a dealer's sale has none and is paid back at once. */
function viewRefund(brand: Brand, request: RefundRequest, refund: RefundRow | undefined): RefundView {
  const progress = progressOf(request, refund)
  const amountMinor = request.state === 'begun' ? request.refundedMinor : request.amountMinor
  const doneAtMs = refund ? refund.doneAtMs : request.decidedAtMs
  return {
    id: idToWire(request.id),
    progress,
    amount: wire(amountMinor, brand.currency),
    requestedAt: isoInstant(request.requestedAtMs),
    doneAt: progress === 'done' && doneAtMs !== null ? isoInstant(doneAtMs) : null,
    refusedCode: request.refusedCode,
  }
}

function progressOf({ state }: RefundRequest, refund: RefundRow | undefined): RefundProgress {
  if (state !== 'begun') return state
  if (refund === undefined || refund.state === 'done') return 'done'
  return refund.state === 'abnormal' ? 'delayed' : 'sending'
}

/** The refunds of an order that were asked for, the latest first. */
export function viewRefundsOf(
  brand: Brand,
  { requests, refunds }: Pick<ReadOrder, 'requests' | 'refunds'>,
): RefundView[] {
  return requests
    .map((request) =>
      viewRefund(
        brand,
        request,
        refunds.find(({ id }) => id === request.id),
      ),
    )
    .toReversed()
}
