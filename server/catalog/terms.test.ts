import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { arbitraryPriceTable, withIds } from './arbitrary-price-table.ts'
import type { FreeAmountOffer, NewOffer, OfferTerms } from './offer.ts'
import laika from './presets/laika.json' with { type: 'json' }
import { type PriceTable, priceTableOn } from './price-table.ts'
import { readPriceTable } from './read-price-table.ts'
import { type OfferRefusal, terms } from './terms.ts'

const today = 20_500
const cny = (amountMinor: bigint) => ({ amountMinor, currency: 'CNY' })
const tableOf = (offers: readonly NewOffer[]) =>
  priceTableOn([{ number: 1, validFrom: today, offers: withIds(offers, 1) }], today, 'CNY') as PriceTable

function sold(outcome: OfferTerms | OfferRefusal): OfferTerms {
  if (outcome.kind === 'refused') throw new Error(`refused: ${outcome.code}`)
  return outcome
}

function expectNothingNegative(sale: OfferTerms): void {
  expect(sale.priceMinor).toBeGreaterThan(0n)
  for (const amount of [sale.faceMinor, sale.bonusMinor, sale.discountMinor, sale.allowances.dataBytes])
    expect(amount).toBeGreaterThanOrEqual(0n)
  for (const size of [
    sale.allowances.voiceSeconds,
    sale.allowances.sms,
    sale.validityMonths,
    sale.validityDays,
  ])
    expect(size).toBeGreaterThanOrEqual(0)
}

describe('terms of any price table', () => {
  it('price + discount = face for a denomination, and nothing is negative', () => {
    fc.assert(
      fc.property(arbitraryPriceTable, ({ offers }) => {
        const table = tableOf(offers)
        for (const { id } of table.denominations) {
          const sale = sold(terms(table, id))
          expect(sale.priceMinor + sale.discountMinor).toBe(sale.faceMinor)
          expectNothingNegative(sale)
        }
      }),
    )
  })

  it('a package credits no money and lasts some time', () => {
    fc.assert(
      fc.property(arbitraryPriceTable, ({ offers }) => {
        const table = tableOf(offers)
        for (const { id } of table.packages) {
          const sale = sold(terms(table, id))
          expect(sale.faceMinor + sale.bonusMinor).toBe(0n)
          expect(sale.validityMonths + sale.validityDays).toBeGreaterThan(0)
          expectNothingNegative(sale)
        }
      }),
    )
  })

  it('a free amount costs what it credits, within its limits and on its steps only', () => {
    const near = fc.record({ steps: fc.bigInt(-3n, 1003n), off: fc.bigInt(-1n, 1n) })
    fc.assert(
      fc.property(arbitraryPriceTable, near, ({ offers }, { steps, off }) => {
        const table = tableOf(offers)
        const { id, minMinor, maxMinor, stepMinor } = table.freeAmount as FreeAmountOffer
        const amountMinor = minMinor + steps * stepMinor + off
        const onStep = off === 0n || stepMinor === 1n
        const allowed = amountMinor >= minMinor && amountMinor <= maxMinor && onStep
        const outcome = terms(table, id, cny(amountMinor))
        if (allowed) {
          const sale = sold(outcome)
          expect([sale.priceMinor, sale.faceMinor, sale.bonusMinor]).toEqual([amountMinor, amountMinor, 0n])
          expectNothingNegative(sale)
        } else {
          expect(outcome).toMatchObject({ kind: 'refused', code: 'amount-not-allowed' })
        }
      }),
    )
  })

  it('both ends of a free amount are allowed', () => {
    fc.assert(
      fc.property(arbitraryPriceTable, ({ offers }) => {
        const table = tableOf(offers)
        const { id, minMinor, maxMinor } = table.freeAmount as FreeAmountOffer
        expect(sold(terms(table, id, cny(minMinor))).faceMinor).toBe(minMinor)
        expect(sold(terms(table, id, cny(maxMinor))).faceMinor).toBe(maxMinor)
      }),
    )
  })
})

describe('refusals', () => {
  const { offers } = readPriceTable(laika)
  const table = tableOf(offers)
  const freeAmount = table.freeAmount as FreeAmountOffer
  const fifty = table.denominations.find((offer) => offer.faceMinor === 5000n)
  const allowed = {
    denominations: ['3000', '5000', '10000', '20000', '30000', '50000'].map((amountMinor) => ({
      amountMinor,
      currency: 'CNY',
    })),
    min: { amountMinor: '1000', currency: 'CNY' },
    max: { amountMinor: '50000', currency: 'CNY' },
    step: { amountMinor: '100', currency: 'CNY' },
  }

  it('sells 50 yuan for 49.80', () => {
    expect(terms(table, fifty?.id ?? '')).toMatchObject({
      priceMinor: 4980n,
      faceMinor: 5000n,
      discountMinor: 20n,
    })
  })

  it('an id that never was an offer is not found', () => {
    expect(terms(table, 'none')).toEqual({ kind: 'refused', code: 'offer-not-found', members: {} })
  })

  it('an offer of another version, or one whose sale is over, is not on sale', () => {
    const over = offers.map((offer) => ({ ...offer, onSaleUntil: today }))
    const versions = [
      { number: 1, validFrom: today - 10, offers: withIds(offers, 1) },
      { number: 2, validFrom: today, offers: withIds(over, 2) },
      { number: 3, validFrom: today + 10, offers: withIds(offers, 3) },
    ]
    const now = priceTableOn(versions, today, 'CNY') as PriceTable
    for (const id of ['1-0', '2-0', '3-0'])
      expect(terms(now, id)).toEqual({ kind: 'refused', code: 'offer-not-on-sale', members: {} })
  })

  it('a free amount without an amount is told the limits', () => {
    expect(terms(table, freeAmount.id)).toEqual({ kind: 'refused', code: 'amount-missing', members: allowed })
  })

  it.each([0n, -1000n, 900n, 1050n, 50_100n, 10n ** 20n])(
    '%d fen is refused with what is allowed',
    (amount) => {
      const refusal = { kind: 'refused', code: 'amount-not-allowed', members: allowed }
      expect(terms(table, freeAmount.id, cny(amount))).toEqual(refusal)
    },
  )

  it('an amount with an offer that has its own is refused, even the same amount', () => {
    for (const id of [fifty?.id ?? '', table.packages[0]?.id ?? ''])
      expect(terms(table, id, cny(5000n))).toMatchObject({ code: 'amount-not-allowed' })
  })

  it('an amount in another currency is refused before its size is looked at', () => {
    expect(terms(table, freeAmount.id, { amountMinor: 5000n, currency: 'GBP' })).toEqual({
      kind: 'refused',
      code: 'currency-mismatch',
      members: { currency: 'CNY' },
    })
  })

  it('without a free amount the limits are left out', () => {
    const tiles = tableOf(offers.filter((offer) => offer.kind === 'denomination'))
    const { denominations } = allowed
    expect(terms(tiles, tiles.denominations[0]?.id ?? '', cny(1n))).toMatchObject({
      members: { denominations },
    })
    expect(terms(tiles, tiles.denominations[0]?.id ?? '', cny(1n))).not.toHaveProperty('members.min')
  })
})
