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
    ...(refund &&
      refund.currency !== brand.currency && { paidBack: wire(refund.amountMinor, refund.currency) }),
    requestedAt: isoInstant(request.requestedAtMs),
    checkedAt: instantOf(request.checkedAtMs),
    begunAt: instantOf(request.state === 'begun' ? request.decidedAtMs : null),
    doneAt: instantOf(progress === 'done' ? doneAtMs : null),
    refusedCode: request.refusedCode,
  }
}

function instantOf(ms: number | null): string | null {
  return ms === null ? null : isoInstant(ms)
}

function progressOf({ state }: RefundRequest, refund: RefundRow | undefined): RefundProgress {
  if (state !== 'begun') return state
  if (refund === undefined || refund.state === 'done' || refund.state === 'covered') return 'done'
  return refund.state === 'abnormal' ? 'delayed' : 'sending'
}

/** Who asked hears from a person, or from settle within a second: the order does not stand still, though its state says so. */
export function isUndecided({ requests }: Pick<ReadOrder, 'requests'>): boolean {
  return requests.some(
    ({ state, toLine }) => toLine === null && (state === 'waiting' || state === 'approved'),
  )
}

/** The refunds of an order that were asked for, the latest first; a correction is none. */
export function viewRefundsOf(
  brand: Brand,
  { requests, refunds }: Pick<ReadOrder, 'requests' | 'refunds'>,
): RefundView[] {
  return requests
    .filter(({ toLine }) => toLine === null)
    .map((request) =>
      viewRefund(
        brand,
        request,
        refunds.find(({ id }) => id === request.id),
      ),
    )
    .toReversed()
}
