import { expect, it } from 'vitest'
import { expectsNews, followsCredit } from './order-view.ts'
import type { ReadOrder } from './shown-order.ts'

const creditedAtMs = 1_000_000
const later = creditedAtMs + 3_600_000
const asked = (...states: string[]) =>
  ({
    order: { state: 'credited', creditedAtMs },
    messages: [],
    requests: states.map((state) => ({ state, toLine: null })),
  }) as unknown as ReadOrder

it('an order of which money was asked back is followed until that is decided, though its credit is long over', () => {
  expect(['waiting', 'approved'].map((state) => expectsNews(asked('declined', state), later))).toEqual([
    ...[true, true],
  ])
  expect(['begun', 'refused', 'declined'].map((state) => expectsNews(asked(state), later))).toEqual([
    ...[false, false, false],
  ])
  expect(followsCredit(asked('waiting'), later)).toBe(false)
})
