import type { RefundView } from '../../../../contract/refund.ts'
import type { StepState } from '../../../ui/timeline.tsx'

export type RefundStep =
  | 'asked'
  | 'checking'
  | 'checked'
  | 'beginning'
  | 'taken'
  | 'returning'
  | 'delayed'
  | 'returned'
  | 'declined'
  | 'refused'

export interface ShownRefundStep {
  readonly step: RefundStep
  /** Null: not yet. */
  readonly at: string | null
  readonly state: StepState
}

/** How a refund that was asked for has gone so far, and what is still to come; who was not looked at is not told of a look. */
export function refundSteps(refund: RefundView): readonly ShownRefundStep[] {
  const { progress, requestedAt, checkedAt, begunAt, doneAt } = refund
  const done = (step: RefundStep, at: string | null): ShownRefundStep => ({ step, at, state: 'done' })
  const open = (step: RefundStep, state: StepState): ShownRefundStep => ({ step, at: null, state })
  const asked = done('asked', requestedAt)
  const checked = checkedAt === null ? [] : [done('checked', checkedAt)]
  const begun = [asked, ...checked, done('taken', begunAt)]
  switch (progress) {
    case 'waiting':
      return [asked, open('checking', 'waiting'), open('beginning', 'later'), open('returned', 'later')]
    case 'approved':
      return [asked, ...checked, open('beginning', 'now'), open('returned', 'later')]
    case 'sending':
      return [...begun, open('returning', 'now')]
    case 'delayed':
      return [...begun, open('delayed', 'waiting')]
    case 'done':
      return [...begun, done('returned', doneAt)]
    case 'declined':
      return [asked, { step: 'declined', at: checkedAt, state: 'ended' }]
    case 'refused':
      return [asked, ...checked, open('refused', 'ended')]
  }
}
