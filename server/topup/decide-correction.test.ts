import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { LineAccount } from '../ledger/index.ts'
import type { LineClock } from '../line/index.ts'
import type { RefundRequest } from './refund-request.ts'
import type { TopUp } from './top-up.ts'
import { inService, World } from './world-fixture.ts'

/** An order credited to a wrong line, and the right one; `spentMinor` of the wrong one's credit is gone. */
function start(faceMinor = 10_000n, spentMinor = 0n, rightPaidMinor = 0n) {
  const world = new World()
  const wrong = world.line()
  const right = world.line({ paidMinor: rightPaidMinor, state: inService(world.today + 10) })
  const order = world.order(wrong, world.tile(faceMinor))
  world.run([world.says(world.attempt(order), 'paid')])
  world.tell()
  const account = world.lineAccounts.get(`${wrong.line} 1`) as LineAccount
  const fromBonus = spentMinor < account.bonusMinor ? spentMinor : account.bonusMinor
  const fromPaid = spentMinor - fromBonus
  const paidMinor = account.paidMinor - fromPaid
  world.lineAccounts.set(`${wrong.line} 1`, {
    ...account,
    ...{
      balanceMinor: account.balanceMinor - spentMinor,
      bonusMinor: account.bonusMinor - fromBonus,
      paidMinor,
    },
    paidCostMinor: paidMinor === 0n ? 0n : (account.paidCostMinor * paidMinor) / account.paidMinor,
  })
  const zero = world.imbalance()
  const now = () => world.orders.get(order.id) as TopUp
  const lineNow = ({ line }: LineClock) => world.lines.get(line) as LineClock
  const correct = (more: Partial<RefundRequest> = {}) =>
    world.asksBack(now(), {
      ...{ toLine: right.line, toEpoch: right.epoch, proof: 'case 1', whole: true, needsChecker: true },
      ...{ checkedBy: 'operator bob', ...more },
    })
  const moneyOf = ({ line, epoch }: LineClock) => world.lineAccounts.get(`${line} ${epoch}`) as LineAccount
  const request = () => [...world.requests.values()].at(-1) as RefundRequest
  return { world, wrong, right, order, zero, now, lineNow, correct, moneyOf, request }
}

describe('a correction', () => {
  it('moves what is unspent, with its cost, discount and bonus, and names what it corrects', () => {
    const { world, wrong, right, order, zero, correct, moneyOf, request, now } = start()
    const before = world.lineAccounts.get(`${wrong.line} 1`) as LineAccount
    const credit = world.transfers.find(({ cause }) => cause === order.id)
    expect(world.run([correct()])).toEqual([{ outcome: 'applied', to: 'corrected' }])
    expect(moneyOf(wrong)).toMatchObject({
      balanceMinor: 0n,
      paidMinor: 0n,
      bonusMinor: 0n,
      paidCostMinor: 0n,
    })
    const { balanceMinor, paidMinor, bonusMinor, paidCostMinor } = before
    expect(moneyOf(right)).toMatchObject({ balanceMinor, paidMinor, bonusMinor, paidCostMinor })
    expect(request()).toMatchObject({ state: 'begun', refundedMinor: 9_950n, faceTakenMinor: 10_000n })
    expect(now()).toMatchObject({ state: 'credited', refundedMinor: 0n })
    const moved = world.transfers.filter(({ posting }) => posting.startsWith('wrong-number'))
    expect(moved.length).toBeGreaterThan(2)
    expect(new Set(moved.map(({ corrects }) => corrects))).toEqual(new Set([credit?.id]))
    expect(world.balance('topup-suspense')).toBe(0n)
    expect(world.imbalance()).toBe(zero)
  })

  it('takes the days back from the wrong line and gives the right one those of a top-up of that much', () => {
    const { world, wrong, right, correct, lineNow } = start()
    const other = new World()
    const same = other.line({ state: inService(other.today + 10) })
    const bought = other.order(same, { ...other.tile(10_000n), validityMonths: 0, validityDays: 0 })
    other.run([other.says(other.attempt(bought), 'paid')])
    world.run([correct()])
    expect(lineNow(wrong).state).toEqual(wrong.state)
    expect(lineNow(right).state).toEqual((other.lines.get(same.line) as LineClock).state)
    expect(world.written.at(-1)?.lineEvents.map(({ kind, line }) => [kind, line])).toEqual([
      ['credit-received', right.line],
      ['validity-taken-back', wrong.line],
    ])
  })

  it('of a wrong line that was given on takes the credit of its own holder', () => {
    const { world, wrong, right, correct, moneyOf } = start()
    const reissued = world.reissue(wrong)
    world.run([correct()])
    expect(moneyOf(wrong).balanceMinor).toBe(0n)
    expect(world.lines.get(wrong.line)).toMatchObject({ epoch: reissued.epoch, state: reissued.state })
    expect(moneyOf(right).paidMinor).toBe(10_000n)
  })

  it.each<[string, string, (given: ReturnType<typeof start>) => void]>([
    [
      'the right number has a new holder',
      'correction-line-changed',
      ({ world, right }) => world.reissue(right),
    ],
    [
      'the right number is at its limit',
      'limit-reached',
      ({ world, right }) =>
        world.lines.set(right.line, { ...right, limitDay: world.today, limitDayMinor: 500_000n }),
    ],
    [
      'the right number was given up',
      'line-ceased',
      ({ world, right }) =>
        world.lines.set(right.line, { ...right, state: { ...right.state, ceasedOn: world.today } }),
    ],
    [
      'everything is spent',
      'refund-nothing-left',
      ({ world, wrong, moneyOf }) =>
        world.lineAccounts.set(`${wrong.line} 1`, {
          ...moneyOf(wrong),
          ...{ balanceMinor: 0n, paidMinor: 0n, bonusMinor: 0n, paidCostMinor: 0n },
        }),
    ],
  ])('is refused, and nothing moves, when %s', (_, code, change) => {
    const given = start()
    change(given)
    const { world, correct, request } = given
    const before = world.transfers.length
    expect(world.run([correct()])).toEqual([{ outcome: 'applied', to: 'refused', code }])
    expect(request()).toMatchObject({ state: 'refused', refusedCode: code })
    expect(world.transfers.length).toBe(before)
  })

  it('leaves nothing of the order to refund, and is made once', () => {
    const { world, correct, now } = start()
    world.run([correct()])
    expect(world.run([correct(), world.asksBack(now())])).toMatchObject([
      { to: 'refused', code: 'refund-nothing-left' },
      { to: 'refused', code: 'refund-nothing-left' },
    ])
  })

  it('of whatever is spent moves the rest: nothing is lost or made, and no line owes', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(3_000n, 5_000n, 10_000n, 20_000n),
        fc.bigInt({ min: 0n, max: 25_000n }),
        fc.bigInt({ min: 0n, max: 5_000n }),
        (faceMinor, spent, rightPaidMinor) => {
          const { bonusMinor } = new World().tile(faceMinor)
          const spentMinor = spent > faceMinor + bonusMinor ? faceMinor + bonusMinor : spent
          const { world, wrong, right, zero, correct, moneyOf } = start(faceMinor, spentMinor, rightPaidMinor)
          const all = () => moneyOf(wrong).balanceMinor + moneyOf(right).balanceMinor
          const before = all()
          world.run([correct()])
          expect(all()).toBe(before)
          for (const line of [wrong, right]) {
            const { balanceMinor, paidMinor, bonusMinor: given, paidCostMinor } = moneyOf(line)
            expect(paidMinor + given).toBe(balanceMinor)
            expect(paidCostMinor >= 0n && paidCostMinor <= paidMinor).toBe(true)
          }
          expect(world.balance('topup-suspense')).toBe(0n)
          expect(world.imbalance()).toBe(zero)
        },
      ),
      { numRuns: 60 },
    )
  })
})
