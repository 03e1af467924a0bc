import type { Brand } from '../brand/index.ts'
import { isOpen } from './pay.ts'
import type { ReadOrder } from './shown-order.ts'
import { promisedByMs } from './top-up.ts'

/** What is still unknown then has been looked into by a person: the ladder asks for a day, and a person has another. */
const LOOKED_INTO_MS = 48 * 3_600_000

export interface Promises {
  /** By then it is credited or on its way back; null: nothing is awaited. */
  readonly resolvesByMs: number | null
  /** Where even then nobody has said whether it was paid: by then a person has looked. */
  readonly lookedIntoByMs: number | null
}

const NONE: Promises = { resolvesByMs: null, lookedIntoByMs: null }

/** What whoever waits for an order is promised, as it stands. */
export function promisesOf(
  brand: Brand,
  { order, attempts }: Pick<ReadOrder, 'order' | 'attempts'>,
): Promises {
  switch (order.state) {
    case 'held':
      return { ...NONE, resolvesByMs: order.decideByMs }
    case 'paid': {
      const paid = attempts.find(({ id }) => id === order.attempt)?.captured
      return { ...NONE, resolvesByMs: paid ? paid.atMs + brand.order.holdSeconds * 1000 : null }
    }
    case 'awaiting-payment': {
      const promised = attempts.some(isOpen) ? promisedByMs(brand.order, order) : null
      return promised === null ? NONE : { resolvesByMs: promised, lookedIntoByMs: promised + LOOKED_INTO_MS }
    }
    default:
      return NONE
  }
}
