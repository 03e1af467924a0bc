import { describe, expect, it } from 'vitest'
import type { OrderView, TimelineStep } from '../../../../contract/top-up.ts'
import { orderFace, shownSteps } from './order-face.ts'

const none = { amountMinor: '0', currency: 'CNY' }
const at = '2026-11-22T06:05:00.000Z'
const timeline = (...steps: TimelineStep['step'][]) => steps.map((step) => ({ step, at }))
const shown = (state: OrderView['state'], ...steps: TimelineStep['step'][]) =>
  shownSteps({ state, timeline: timeline('placed', ...steps), items: [] }).map(
    ({ step, state: mark }) => `${step} ${mark}`,
  )

describe('the timeline a person sees', () => {
  it('promises what is still to come while the order goes well', () => {
    expect(shown('awaiting-payment')).toEqual(['paid now', 'credited later', 'notified later'])
    expect(shown('paid', 'paid')).toEqual(['paid done', 'credited now', 'notified later'])
    expect(shown('credited', 'paid', 'credited')).toEqual(['paid done', 'credited done', 'notified now'])
    expect(shown('credited', 'paid', 'credited', 'notified')).toEqual([
      'paid done',
      'credited done',
      'notified done',
    ])
  })

  it('promises a barred number that it will serve again', () => {
    const items = [{ restoring: true }] as unknown as OrderView['items']
    const steps = shownSteps({ state: 'credited', timeline: timeline('placed', 'paid', 'credited'), items })
    expect(steps.slice(2).map(({ step, state }) => `${step} ${state}`)).toEqual([
      'restored now',
      'notified later',
    ])
    expect(shown('credited', 'paid', 'credited', 'restored', 'notified')).toHaveLength(4)
  })

  it('promises nothing once it does not', () => {
    expect(shown('held', 'paid', 'held')).toEqual(['paid done', 'held waiting'])
    expect(shown('refunding', 'paid', 'held', 'refunding')).toEqual([
      'paid done',
      'held done',
      'refunding now',
    ])
    expect(shown('refunded', 'paid', 'refunding', 'refunded')).toEqual([
      'paid done',
      'refunding done',
      'refunded done',
    ])
    expect(shown('expired', 'expired')).toEqual(['expired ended'])
  })
})

it('calls a credited order partly refunded once something went back', () => {
  expect(orderFace({ state: 'credited', refunded: none })).toBe('credited')
  expect(orderFace({ state: 'credited', refunded: { ...none, amountMinor: '1' } })).toBe('partly-refunded')
  expect(orderFace({ state: 'refunded', refunded: { ...none, amountMinor: '4980' } })).toBe('refunded')
})
