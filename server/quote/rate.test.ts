import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  crossRate,
  inMinorUnits,
  quotePrice,
  type Rate,
  rateText,
  readRate,
  shareDown,
  shareUp,
} from './rate.ts'

const rateOf = (text: string): Rate => {
  const rate = readRate(text)
  if (!rate) throw new Error(`${text} is no rate`)
  return rate
}

describe('a rate', () => {
  it('is read exactly, and only a decimal above zero is one', () => {
    expect(rateOf('0.87')).toEqual({ numerator: 87n, denominator: 100n })
    expect(rateOf('7.8000')).toEqual({ numerator: 39n, denominator: 5n })
    for (const text of [
      '',
      '0',
      '0.000',
      '-1',
      '+1',
      '1e2',
      '1,5',
      ' 1',
      '.5',
      '1.',
      '123456789',
      '1.12345678901',
    ])
      expect(readRate(text), text).toBeNull()
  })

  it('between two currencies goes through the euro without a rounding', () => {
    expect(crossRate(rateOf('0.87'), rateOf('7.8'))).toEqual({ numerator: 260n, denominator: 29n })
  })

  it('is told to people in four decimals, or six where it is below one, rounded half up', () => {
    const cross = crossRate(rateOf('0.87'), rateOf('7.8'))
    expect(rateText(inMinorUnits(cross, 'GBP', 'CNY'), 'GBP', 'CNY')).toBe('8.9655')
    expect(rateText(inMinorUnits(crossRate(rateOf('7.8'), rateOf('0.87')), 'CNY', 'GBP'), 'CNY', 'GBP')).toBe(
      '0.111538',
    )
    expect(rateText(inMinorUnits(rateOf('169.85'), 'EUR', 'JPY'), 'EUR', 'JPY')).toBe('169.8500')
    expect(rateText({ numerator: 20001n, denominator: 20000n }, 'GBP', 'CNY')).toBe('1.0001')
  })
})

describe('a price in another currency', () => {
  const perPound = inMinorUnits(crossRate(rateOf('0.87'), rateOf('7.8')), 'GBP', 'CNY')

  it('is the price at the rate with the margin, rounded up to the minor unit', () => {
    expect(quotePrice(1000n, perPound, 0)).toEqual({ amountMinor: 8966n, marginMinor: 0n })
    expect(quotePrice(1000n, perPound, 150)).toEqual({ amountMinor: 9100n, marginMinor: 15n })
  })

  it('of a currency without decimals is in its whole units', () => {
    expect(quotePrice(1000n, inMinorUnits(rateOf('169.85'), 'EUR', 'JPY'), 0)).toEqual({
      ...{ amountMinor: 1699n, marginMinor: 0n },
    })
  })

  const aRate = fc.record({ numerator: fc.bigInt(1n, 10n ** 9n), denominator: fc.bigInt(1n, 10n ** 9n) })
  const aPrice = fc.bigInt(1n, 10n ** 12n)

  it('is worth the price and its margin, and more by less than one minor unit', () => {
    fc.assert(
      fc.property(aPrice, aRate, fc.integer({ min: 0, max: 2000 }), (price, rate, bp) => {
        const { amountMinor, marginMinor } = quotePrice(price, rate, bp)
        const exact = price * rate.numerator * (10_000n + BigInt(bp))
        const unit = rate.denominator * 10_000n
        expect(amountMinor * unit >= exact && (amountMinor - 1n) * unit < exact).toBe(true)
        expect(marginMinor >= 0n).toBe(true)
      }),
    )
  })

  it('goes back in parts that never come to more than was paid, and whole to exactly that', () => {
    const parts = fc.array(fc.bigInt(1n, 10n ** 6n), { minLength: 1, maxLength: 12 })
    fc.assert(
      fc.property(parts, aRate, fc.integer({ min: 0, max: 2000 }), (asked, rate, bp) => {
        const wholeMinor = asked.reduce((sum, part) => sum + part, 0n)
        const { amountMinor, marginMinor } = quotePrice(wholeMinor, rate, bp)
        let [beforeMinor, back, given] = [0n, 0n, 0n]
        for (const partMinor of asked) {
          const share = { beforeMinor, partMinor, wholeMinor }
          const [amount, margin] = [shareUp(amountMinor, share), shareDown(marginMinor, share)]
          expect(amount >= 0n && margin >= 0n).toBe(true)
          beforeMinor += partMinor
          back += amount
          given += margin
          // In the payer's favour, by less than one minor unit of what was paid.
          expect(back * wholeMinor >= amountMinor * beforeMinor).toBe(true)
          expect((back - 1n) * wholeMinor < amountMinor * beforeMinor).toBe(true)
          expect(back <= amountMinor && given <= marginMinor).toBe(true)
        }
        expect([back, given]).toEqual([amountMinor, marginMinor])
      }),
    )
  })
})
