import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { arbitraryPriceTable, withIds } from './arbitrary-price-table.ts'
import { type PriceTable, priceTableOn, type Version, versionOn } from './price-table.ts'

const versions: fc.Arbitrary<Version[]> = fc
  .array(fc.integer({ min: 20_000, max: 20_020 }), { maxLength: 12 })
  .map((days) => days.map((validFrom, index) => ({ number: index + 1, validFrom, offers: [] })))
const day = fc.integer({ min: 19_995, max: 20_025 })

describe('the version of a day', () => {
  it('is exactly one of those that have begun: none began later, none that began with it is newer', () => {
    fc.assert(
      fc.property(versions, day, (versions, day) => {
        const begun = versions.filter((version) => version.validFrom <= day)
        const unbeaten = begun.filter((one) =>
          begun.every(
            (other) =>
              other === one ||
              other.validFrom < one.validFrom ||
              (other.validFrom === one.validFrom && other.number < one.number),
          ),
        )
        const found = versionOn(versions, day)
        expect(unbeaten).toEqual(found === undefined ? [] : [found])
        expect(found === undefined).toBe(begun.length === 0)
      }),
    )
  })

  it('stays when a correction of an earlier day is published', () => {
    const promised: Version = { number: 2, validFrom: 20_100, offers: [] }
    const correction: Version = { number: 3, validFrom: 20_010, offers: [] }
    const all = [{ number: 1, validFrom: 20_000, offers: [] }, promised, correction]
    expect([20_009, 20_010, 20_099, 20_100].map((day) => versionOn(all, day)?.number)).toEqual([1, 3, 3, 2])
  })
})

describe('the price table of a day', () => {
  const offered = (table: PriceTable | undefined) =>
    table && [...table.packages, ...table.denominations, ...(table.freeAmount ? [table.freeAmount] : [])]

  it('has what is on sale that day, in order, and finds exactly that', () => {
    const sale = fc.array(fc.option(fc.integer({ min: 20_001, max: 20_010 })), { minLength: 9, maxLength: 9 })
    fc.assert(
      fc.property(
        arbitraryPriceTable,
        sale,
        fc.integer({ min: 20_000, max: 20_012 }),
        (table, untils, day) => {
          const offers = withIds(table.offers, 1).map((offer, i) => ({
            ...offer,
            onSaleUntil: untils[i] ?? null,
          }))
          const priceTable = priceTableOn([{ number: 1, validFrom: 20_000, offers }], day, 'CNY')
          const onSale = offers.filter(({ onSaleUntil }) => onSaleUntil === null || onSaleUntil > day)
          expect(offered(priceTable)).toEqual(onSale)
          for (const offer of offers)
            expect(priceTable?.find(offer.id)).toEqual(onSale.find(({ id }) => id === offer.id))
        },
      ),
    )
  })

  it('does not exist before the first version begins', () => {
    expect(priceTableOn([{ number: 1, validFrom: 20_000, offers: [] }], 19_999, 'CNY')).toBeUndefined()
  })
})
