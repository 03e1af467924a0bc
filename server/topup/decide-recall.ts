import { assert } from '../platform/error.ts'
import type { Applied, RecallCommand } from './command.ts'
import { refundHeld } from './decide-evidence.ts'
import type { Work } from './work.ts'

/**
 * The payer takes a paid order back: while it is held for that and its time is not over, the whole payment goes back the way it came.
 * Else `nothing`; what it was credited or refunded by meanwhile stands.
 */
export function decideRecall(work: Work, command: RecallCommand): Applied {
  const order = work.order(command.order)
  assert(order, `order ${command.order} is locked`)
  const attempt = order.attempt === null ? undefined : work.attempt(order.attempt)
  const inTime = (order.decideByMs ?? 0) > work.state.nowMs
  if (order.state !== 'held' || order.heldReason !== 'recall-window' || !inTime || !attempt)
    return { outcome: 'applied', to: 'nothing' }
  work.recalls.push(command)
  return { outcome: 'applied', to: refundHeld(work, order, attempt, 'recalled') }
}
