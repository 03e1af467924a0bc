import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Command } from './command.ts'
import type { TopUp } from './top-up.ts'
import { MERCHANT, World } from './world-fixture.ts'

const WINDOW_MS = 300_000

function start(recallSeconds = WINDOW_MS / 1000) {
  const world = new World()
  const line = world.line()
  const placed = { ...world.order(line, world.tile(5000n)), recallSeconds }
  world.orders.set(placed.id, placed)
  const attempt = world.attempt(placed)
  const zero = world.imbalance()
  const now = () => world.orders.get(placed.id) as TopUp
  const recall: Command = { kind: 'recall', order: placed.id, caller: placed.caller, key: 'k', hash: 'aa' }
  const end: Command = { kind: 'hold-decision', order: placed.id }
  return { world, line, placed, attempt, zero, now, recall, end }
}

describe('an order that can be recalled', () => {
  it('is held once paid, for its time, and then credited', () => {
    const { world, line, attempt, zero, now, end } = start()
    world.run([world.says(attempt, 'paid')])
    expect(now()).toMatchObject({
      ...{ state: 'held', heldReason: 'recall-window', decideByMs: world.nowMs + WINDOW_MS, messageState: 1 },
    })
    expect(world.lineBalance(line)).toBe(0n)
    world.nowMs += WINDOW_MS
    expect(world.run([end])).toEqual([{ outcome: 'applied', to: 'credited' }])
    expect(now()).toMatchObject({ state: 'credited', heldReason: null, decideByMs: null })
    expect(world.lineBalance(line)).toBe(5000n)
    expect(world.imbalance()).toBe(zero)
  })

  it('goes back whole when it is recalled, once', () => {
    const { world, line, attempt, zero, now, recall, end } = start()
    world.run([world.says(attempt, 'paid')])
    expect(world.run([recall, recall, end])).toMatchObject([
      { to: 'refunding' },
      { to: 'nothing' },
      { to: 'nothing' },
    ])
    expect(now()).toMatchObject({ state: 'refunding', heldReason: null, creditedAtMs: null })
    expect([...world.refunds.values()]).toMatchObject([{ reason: 'recalled', amountMinor: 4980n }])
    expect(world.written.at(-1)?.recalls).toEqual([recall])
    expect(world.lineBalance(line)).toBe(0n)
    expect(world.imbalance()).toBe(zero)
  })

  it('without such a time is credited at once', () => {
    const { world, attempt, now, recall } = start(0)
    world.run([world.says(attempt, 'paid')])
    expect(now().state).toBe('credited')
    expect(world.run([recall])).toMatchObject([{ to: 'nothing' }])
  })

  it('learnt of after its promised time is credited at once', () => {
    const { world, placed, attempt, now } = start()
    world.nowMs = (placed.payByMs ?? 0) + 1_800_000
    world.run([world.says(attempt, 'paid')])
    expect(now().state).toBe('credited')
  })

  it.each([
    ['the limit is reached', { limitDayMinor: 500_000n }, 'held', 'limit-reached'],
    ['the line was given up', { ceased: true }, 'refunding', null],
  ] as const)(
    'that cannot be credited at its end, as %s, is treated as any other',
    (_, trouble, state, reason) => {
      const { world, line, attempt, now, end } = start()
      world.run([world.says(attempt, 'paid')])
      world.nowMs += WINDOW_MS
      const ceased = 'ceased' in trouble ? { ...line.state, ceasedOn: world.today } : line.state
      const full = 'limitDayMinor' in trouble ? { limitDay: world.today, ...trouble } : {}
      world.lines.set(line.line, { ...line, ...full, state: ceased })
      world.run([end])
      expect(now()).toMatchObject({ state, heldReason: reason })
    },
  )

  it('at its very end is the line’s, and before it the payer’s, in whatever order they are decided', () => {
    const step = fc.constantFrom('recall', 'end', 'paid', 'second') as fc.Arbitrary<
      'recall' | 'end' | 'paid' | 'second'
    >
    fc.assert(
      fc.property(
        fc.array(fc.tuple(step, fc.constantFrom(0, 1, WINDOW_MS - 1, WINDOW_MS)), { maxLength: 8 }),
        (steps) => {
          const { world, line, attempt, zero, now, recall, end } = start()
          const beganMs = world.nowMs
          world.run([world.says(attempt, 'paid')])
          const other = world.attempt(now())
          let recalled = false
          for (const [what, afterMs] of steps.toSorted((a, b) => a[1] - b[1])) {
            world.nowMs = beganMs + afterMs
            const inTime = afterMs < WINDOW_MS && now().state === 'held'
            if (what === 'recall') {
              world.run([recall])
              recalled ||= inTime
            } else if (what === 'paid') world.run([world.says(attempt, 'paid', { kind: 'query' })])
            else if (what === 'second') world.run([world.says(other, 'paid')])
            // The loop takes what is due.
            else if ((now().decideByMs ?? Number.POSITIVE_INFINITY) <= world.nowMs) world.run([end])
          }
          expect(world.lineBalance(line)).toBe(now().state === 'credited' ? 5000n : 0n)
          expect(now().state === 'refunding').toBe(recalled)
          expect([...world.refunds.values()].filter(({ reason }) => reason === 'recalled')).toHaveLength(
            recalled ? 1 : 0,
          )
          expect(world.balance('provider-clearing', `alipay:${MERCHANT}`)).toBeGreaterThanOrEqual(4980n)
          expect(world.imbalance()).toBe(zero)
        },
      ),
      { numRuns: 200 },
    )
  })
})
