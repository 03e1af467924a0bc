import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { accountOf, anAmount, lineAccountOf, someLineMoney } from './arbitrary-accounts.ts'
import { Book, type LineMoney } from './book.ts'
import { type Refundable, refundable } from './refundable.ts'

const nothing = { faceMinor: 0n, costMinor: 0n, discountMinor: 0n }

/** Posts a refund to a line with this money and answers what is left of it. */
function refund(money: LineMoney, taken: Refundable): LineMoney {
  const book = new Book(() => 'transfer')
  const line = lineAccountOf(money)
  const outcome = book.post('credit-refunding', {
    amounts: { cost: taken.costMinor, discount: taken.discountMinor },
    parties: {
      'line-balance': line,
      'refund-clearing': accountOf('refund-clearing', 0n),
      discount: accountOf('discount', 0n),
    },
    cause: 'order',
    holdId: 'refund',
  })
  expect(outcome.posted).toBe(true)
  return book.lineMoney(line)
}

describe('what an order can be refunded', () => {
  it.each<[string, { paid: bigint; paidCost: bigint }, { face: bigint; open: bigint }, Refundable]>([
    [
      '30.00 unspent of 50.00 bought for 49.80 is 29.88',
      { paid: 3000n, paidCost: 2988n },
      { face: 5000n, open: 4980n },
      { faceMinor: 3000n, costMinor: 2988n, discountMinor: 12n },
    ],
    [
      'all of it, when nothing is spent',
      { paid: 5000n, paidCost: 4980n },
      { face: 5000n, open: 4980n },
      { faceMinor: 5000n, costMinor: 4980n, discountMinor: 20n },
    ],
    [
      'its own face, however much more there is',
      { paid: 9000n, paidCost: 9000n },
      { face: 5000n, open: 5000n },
      { faceMinor: 5000n, costMinor: 5000n, discountMinor: 0n },
    ],
    [
      'rounded in the payer’s favour',
      { paid: 3n, paidCost: 2n },
      { face: 1n, open: 2n },
      { faceMinor: 1n, costMinor: 1n, discountMinor: 0n },
    ],
    [
      'never more than what was captured and is not yet refunded',
      { paid: 10_000n, paidCost: 7500n },
      { face: 5000n, open: 2500n },
      { faceMinor: 5000n, costMinor: 2500n, discountMinor: 2500n },
    ],
    ['nothing of what is wholly spent', { paid: 0n, paidCost: 0n }, { face: 5000n, open: 4980n }, nothing],
    [
      'nothing of what is wholly refunded, and its credit stays',
      { paid: 5000n, paidCost: 5000n },
      { face: 5000n, open: 0n },
      nothing,
    ],
    ['nothing of what cost nothing', { paid: 5000n, paidCost: 0n }, { face: 5000n, open: 4980n }, nothing],
  ])('%s', (_, money, { face, open }, expected) => {
    expect(refundable(money, { faceMinor: face, unrefundedMinor: open })).toEqual(expected)
  })

  it('is its share of the cost, rounded up by less than one minor unit, of credit that is there', () => {
    fc.assert(
      fc.property(someLineMoney, anAmount, (money, faceMinor) => {
        const taken = refundable(money, { faceMinor, unrefundedMinor: 10n ** 16n })
        const over = taken.costMinor * money.paid - money.paidCost * taken.faceMinor
        expect(over >= 0n && (over < money.paid || money.paid === 0n)).toBe(true)
        expect(taken.faceMinor <= faceMinor && taken.faceMinor <= money.paid).toBe(true)
        expect(taken.costMinor + taken.discountMinor).toBe(taken.faceMinor)
        expect(taken.costMinor >= 0n && taken.discountMinor >= 0n).toBe(true)
      }),
    )
  })

  it('can be posted, and leaves credit that never cost more than its face', () => {
    fc.assert(
      fc.property(someLineMoney, anAmount, anAmount, (money, faceMinor, unrefundedMinor) => {
        const taken = refundable(money, { faceMinor, unrefundedMinor })
        expect(taken.costMinor <= unrefundedMinor).toBe(true)
        const left = refund(money, taken)
        expect({ paid: left.paid, bonus: left.bonus }).toEqual({
          paid: money.paid - taken.faceMinor,
          bonus: money.bonus,
        })
        expect(left.paidCost >= 0n && left.paidCost <= left.paid).toBe(true)
      }),
    )
  })

  it('in parts comes to the whole and no more', () => {
    fc.assert(
      fc.property(someLineMoney, fc.array(anAmount, { minLength: 1, maxLength: 8 }), (money, faces) => {
        let left: LineMoney = money
        let returned = 0n
        for (const faceMinor of [...faces, money.paid]) {
          const taken = refundable(left, { faceMinor, unrefundedMinor: 10n ** 16n })
          returned += taken.costMinor
          left = refund(left, taken)
        }
        expect(returned).toBe(money.paidCost)
        expect(left.paidCost).toBe(0n)
      }),
    )
  })
})
