import { beforeEach, describe, expect, it } from 'vitest'
import type { AttemptRow, EvidenceRow } from '../payment/index.ts'
import type { TopUp } from './top-up.ts'
import { World } from './world-fixture.ts'

let world: World
let order: TopUp
let attempt: AttemptRow
let zero: bigint
const now = () => world.orders.get(order.id) as TopUp
const paid = () => world.run([world.says(attempt, 'paid')])
beforeEach(() => {
  world = new World()
  order = world.order(world.line(), world.tile(5000n))
  attempt = world.attempt(order)
  zero = world.imbalance()
})

describe('a refund that was made and comes back', () => {
  const refund = () => [...world.refunds.values()][0]
  const says = (said: EvidenceRow['said'], kind: EvidenceRow['kind'] = 'notify') =>
    world.run([world.says(attempt, said, { kind, refund: refund()?.id ?? '', note: 'expired card' })])

  it('waits for a person with its money held, and ends when it is made after all', () => {
    paid()
    world.tell()
    world.run([world.asksBack(now())])
    says('refunded')
    expect([now().state, world.balance('refund-clearing')]).toEqual(['refunded', 0n])
    says('refund-failed')
    expect(now()).toMatchObject({ state: 'refund-abnormal', refundedMinor: 0n })
    expect([refund()?.state, world.balance('refund-clearing')]).toEqual(['abnormal', 4980n])
    says('refund-failed')
    expect(world.balance('refund-clearing')).toBe(4980n)
    world.run([{ kind: 'refund-again', refund: refund()?.id ?? '', order: order.id }])
    expect(now().state).toBe('refunding')
    says('refunded')
    expect([now().state, world.balance('refund-clearing')]).toEqual(['refunded', 0n])
    expect(world.imbalance()).toBe(zero)
    const closed = world.transfers.flatMap(({ pendingOf }) => pendingOf ?? [])
    expect(new Set(closed).size).toBe(closed.length)
  })

  it('is not opened by the late word of an earlier try', () => {
    paid()
    world.tell()
    world.run([world.asksBack(now())])
    says('refunded')
    says('refund-refused', 'refund')
    expect([now().state, refund()?.state]).toEqual(['refunded', 'done'])
  })
})
