import fc from 'fast-check'
import { expect, test } from 'vitest'
import { arbitraryPriceTable, withIds } from './arbitrary-price-table.ts'
import { priceTablePresets } from './index.ts'
import type { NewOffer, NewPriceTable } from './offer.ts'
import { priceTableOn } from './price-table.ts'
import { priceTableChanges } from './price-table-changes.ts'
import { readPriceTable } from './read-price-table.ts'

const presentOf = (table: NewPriceTable) =>
  priceTableOn(
    [{ number: 1, validFrom: table.validFrom, offers: withIds(table.offers, 1) }],
    table.validFrom,
    table.currency,
  )
const laika = readPriceTable(priceTablePresets.laika)
const named = (table: NewPriceTable, change: (offer: NewOffer) => readonly NewOffer[]) =>
  priceTableChanges(presentOf(laika), { ...table, offers: table.offers.flatMap(change) }).map(
    ({ what, offer, fields }) => [what, offer.name.en, fields],
  )

test('a table changes nothing against itself, whatever the order of its offers', () => {
  fc.assert(
    fc.property(arbitraryPriceTable, (table) => {
      // The generator names all packages alike; people do not.
      const offers = table.offers.map((offer, i) => ({
        ...offer,
        name: { ...offer.name, 'zh-CN': `包 ${i}` },
      }))
      const own = { ...table, offers }
      expect(priceTableChanges(presentOf(own), { ...own, offers: offers.toReversed() })).toEqual([])
    }),
  )
})

test('without a table in force everything is added', () => {
  const changes = priceTableChanges(undefined, laika)
  expect(changes.map(({ what }) => what)).toEqual(laika.offers.map(() => 'added'))
})

test('what goes, comes and differs is told by field', () => {
  expect(
    named(laika, (offer) => {
      if (offer.name.en === 'CNY 30 credit') return []
      if (offer.name.en === 'CNY 50 credit' && offer.kind === 'denomination')
        return [{ ...offer, priceMinor: 4990n, discountMinor: 10n }]
      return [offer]
    }),
  ).toEqual([
    ['removed', 'CNY 30 credit', []],
    [
      'changed',
      'CNY 50 credit',
      [
        { name: 'priceMinor', was: 4980n, is: 4990n },
        { name: 'discountMinor', was: 20n, is: 10n },
      ],
    ],
  ])
})
