import type { OrderView, TimelineStep } from '../../../../contract/top-up.ts'
import type { OrderFace } from '../../../ui/state-chip.tsx'
import type { StepState } from '../../../ui/timeline.tsx'

/** What a person reads of an order: a partial refund leaves it credited for the books, but not for them. */
export function orderFace(order: Pick<OrderView, 'state' | 'refunded'>): OrderFace {
  return order.state === 'credited' && BigInt(order.refunded.amountMinor) > 0n
    ? 'partly-refunded'
    : order.state
}

function isOfRefund(step: TimelineStep['step']): boolean {
  return step === 'refunding' || step === 'refunded'
}

export interface ShownStep {
  readonly step: TimelineStep['step']
  /** Null: not yet. */
  readonly at: string | null
  readonly state: StepState
}

/** The way every order hopes to go, and that of a barred number that is about to serve again. */
const hoped = ['paid', 'credited', 'notified'] as const
const hopedOfBarred = ['paid', 'credited', 'restored', 'notified'] as const

/** A step that stands at the end of the timeline and is not simply done. */
const openSteps: Partial<Record<TimelineStep['step'], StepState>> = {
  held: 'waiting',
  refunding: 'now',
  expired: 'ended',
  cancelled: 'ended',
}

/**
 * The timeline a person sees: what happened, in its order, then what is still expected. Once an order leaves the hoped way
 * (held, expired, refunded) nothing more is promised, only the step it stands at. What a person asked back is told beside it.
 */
export function shownSteps(
  order: Pick<OrderView, 'timeline' | 'state' | 'items' | 'refund'>,
): readonly ShownStep[] {
  const happened = order.timeline
    .filter(({ step }) => step !== 'placed' && !(order.refund && isOfRefund(step)))
    .map(({ step, at }, place, all): ShownStep => {
      const last = place === all.length - 1
      return { step, at, state: (last ? openSteps[step] : undefined) ?? 'done' }
    })
  const onHopedWay =
    order.state === 'awaiting-payment' || order.state === 'paid' || order.state === 'credited'
  if (!onHopedWay) return happened
  const way = order.items.some(({ restoring }) => restoring) ? hopedOfBarred : hoped
  const ahead = way.filter((step) => !happened.some((done) => done.step === step))
  return [
    ...happened,
    ...ahead.map((step, place): ShownStep => ({ step, at: null, state: place === 0 ? 'now' : 'later' })),
  ]
}
