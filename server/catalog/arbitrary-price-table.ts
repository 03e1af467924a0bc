import fc from 'fast-check'
import type { NewOffer, NewPriceTable, Offer } from './offer.ts'
import type { DenominationJson, FreeAmountJson, PackageJson } from './price-table-schema.ts'
import { readPriceTable } from './read-price-table.ts'

/** Price tables that hold together, for property tests: made as JSON, so that reading them is tested as well. */

const minor = (amount: bigint) => amount.toString()
const name = fc.constant({ 'zh-CN': '话费', en: 'credit' })
const positive = (most = 10n ** 9n) => fc.bigInt({ min: 1n, max: most })
const count = fc.nat({ max: 2_147_483_647 })
const validity = fc.record({ months: fc.nat({ max: 24 }), days: fc.integer({ min: 1, max: 400 }) })

/** A list price and a price that is not above it. */
const priced = positive().chain((list) => fc.record({ list: fc.constant(list), price: positive(list) }))

const aPackage: fc.Arbitrary<PackageJson> = fc
  .record({ name, priced, voiceSeconds: count, sms: count, dataBytes: fc.bigInt(0n, 10n ** 14n), validity })
  .chain(({ name, priced, voiceSeconds, sms, dataBytes, validity }) =>
    fc.record({
      name: fc.constant(name),
      term: fc.constantFrom('month', 'quarter', 'year'),
      listPriceMinor: fc.constant(minor(priced.list)),
      priceMinor: fc.constant(minor(priced.price)),
      allowances: fc.constant({ voiceSeconds, sms, dataBytes: minor(dataBytes) }),
      roaming: fc.boolean(),
      validity: fc.constant(validity),
      recommended: fc.boolean(),
    }),
  )

const aDenomination: fc.Arbitrary<DenominationJson> = fc
  .record({ name, priced, bonus: fc.bigInt(0n, 10n ** 9n), recommended: fc.boolean() })
  .map(({ name, priced, bonus, recommended }) => ({
    name,
    faceMinor: minor(priced.list),
    priceMinor: minor(priced.price),
    bonusMinor: minor(bonus),
    recommended,
  }))

const aFreeAmount: fc.Arbitrary<FreeAmountJson> = fc
  .record({ name, min: positive(), step: positive(10_000n), steps: fc.bigInt(0n, 1000n), validity })
  .map(({ name, min, step, steps, validity }) => ({
    name,
    minMinor: minor(min),
    maxMinor: minor(min + step * steps),
    stepMinor: minor(step),
    validity,
  }))

export const arbitraryPriceTable: fc.Arbitrary<NewPriceTable> = fc
  .record({
    packages: fc.array(aPackage, { maxLength: 4 }),
    denominations: fc.uniqueArray(aDenomination, { maxLength: 4, selector: (offer) => offer.faceMinor }),
    freeAmount: aFreeAmount,
  })
  .map((offers) => readPriceTable({ currency: 'CNY', validFrom: '2025-01-01', ...offers }))

/** Offers as publishing would name them, with ids that say their place. */
export function withIds(offers: readonly NewOffer[], version: number): Offer[] {
  return offers.map((offer, index) => ({ ...offer, id: `${version}-${index}` }))
}
