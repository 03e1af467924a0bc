import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { draw, earnedByDay, type Stock } from './lot.ts'

const aTerm = fc
  .tuple(
    fc.bigInt(0n, 999_999_999_999_999n),
    fc.integer({ min: -4000, max: 40_000 }),
    fc.integer({ min: 1, max: 800 }),
  )
  .map(([priceMinor, firstDay, days]) => ({ priceMinor, firstDay, until: firstDay + days }))

describe('what is earned of a package', () => {
  it('sums to its price over any split of its days', () => {
    fc.assert(
      fc.property(aTerm, fc.array(fc.integer({ min: -10, max: 810 })), (term, offsets) => {
        const days = [...offsets.map((offset) => term.firstDay + offset), term.until].sort((a, b) => a - b)
        let earned = 0n
        for (const day of days) {
          const step = earnedByDay(term, day) - earned
          expect(step >= 0n).toBe(true)
          earned += step
        }
        expect(earned).toBe(term.priceMinor)
      }),
    )
  })

  it('is the share of the days over, less than one minor unit below', () => {
    fc.assert(
      fc.property(aTerm, fc.integer({ min: 0, max: 800 }), (term, offset) => {
        const days = BigInt(Math.min(offset, term.until - term.firstDay))
        const left = term.priceMinor * days - earnedByDay(term, term.firstDay + offset) * length(term)
        expect(left >= 0n && left < length(term)).toBe(true)
      }),
    )
  })

  const length = (term: { firstDay: number; until: number }) => BigInt(term.until - term.firstDay)

  it('of 100 over three days is 33, 66, 100', () => {
    const term = { priceMinor: 100n, firstDay: 20_000, until: 20_003 }
    const byDay = [19_999, 20_000, 20_001, 20_002, 20_003, 20_004].map((day) => earnedByDay(term, day))
    expect(byDay).toEqual([0n, 0n, 33n, 66n, 100n, 100n])
  })
})

describe('drawing', () => {
  const stock = (until: number | null, remaining: bigint): Stock => ({ until, remaining })
  const someStocks = fc.array(
    fc.record({
      until: fc.option(fc.integer({ min: 0, max: 5 })),
      remaining: fc.bigInt(0n, 50n),
    }),
    { maxLength: 8 },
  )
  const endOf = (it: Stock) => it.until ?? Number.POSITIVE_INFINITY

  it('takes what ends first, and endless stock last', () => {
    const stocks = [stock(null, 100n), stock(20_010, 5n), stock(20_001, 3n)]
    expect(draw(stocks, 10n)).toEqual({ taken: [2n, 5n, 3n], unmet: 0n })
    expect(draw(stocks, 3n)).toEqual({ taken: [0n, 0n, 3n], unmet: 0n })
    expect(draw(stocks, 120n)).toEqual({ taken: [100n, 5n, 3n], unmet: 12n })
  })

  it('of nothing takes nothing, and from nothing meets nothing', () => {
    expect(draw([stock(1, 5n)], 0n)).toEqual({ taken: [0n], unmet: 0n })
    expect(draw([], 5n)).toEqual({ taken: [], unmet: 5n })
  })

  it('meets the amount or empties every stock, and leaves none that ends sooner while a later one is touched', () => {
    fc.assert(
      fc.property(someStocks, fc.bigInt(0n, 300n), (stocks, amount) => {
        const { taken, unmet } = draw(stocks, amount)
        expect(taken.reduce((sum, each) => sum + each, 0n) + unmet).toBe(amount)
        for (const [i, each] of stocks.entries()) {
          const took = taken[i] as bigint
          expect(took >= 0n && took <= each.remaining).toBe(true)
          if (unmet > 0n) expect(took).toBe(each.remaining)
          if (took === 0n) continue
          for (const [j, sooner] of stocks.entries()) {
            if (endOf(sooner) < endOf(each)) expect(taken[j]).toBe(sooner.remaining)
          }
        }
      }),
    )
  })
})
