import type { Brand } from '../brand/index.ts'
import type { Reader } from '../platform/db.ts'
import type { UsableRate } from './quote.ts'
import { crossRate, type Rate, readRate } from './rate.ts'
import { dealingRate, type KeptRate, referenceRates } from './store.ts'
import { referenceHoldsUntil } from './target-days.ts'

const EURO = 'EUR'
const ONE: Rate = { numerator: 1n, denominator: 1n }

/**
 * The rate by which a brand may quote now: an acquirer's that stands by it, else the newest reference rate while the brand's age
 * allows; null: there is none, and nothing is quoted.
 */
export async function usableRate(
  db: Reader,
  { currency, quotes }: Pick<Brand, 'currency' | 'quotes'>,
  payCurrency: string,
  nowMs: number,
): Promise<UsableRate | null> {
  if (!quotes) return null
  const dealing = await dealingRate(db, currency, payCurrency, nowMs)
  if (dealing) return { rate: rateOf(dealing), source: dealing.source, day: dealing.day }
  const told = await referenceRates(
    db,
    [currency, payCurrency].filter((each) => each !== EURO),
  )
  const [any] = told
  if (!any || nowMs >= referenceHoldsUntil(any.day, quotes.maxAgeDays)) return null
  const toEuro = (of: string) => rateIn(told, of)
  return { rate: crossRate(toEuro(currency), toEuro(payCurrency)), source: any.source, day: any.day }
}

function rateIn(told: readonly KeptRate[], currency: string): Rate {
  if (currency === EURO) return ONE
  const found = told.find((each) => each.currency === currency)
  if (!found) throw new Error(`no rate of ${currency} among those of one day`)
  return rateOf(found)
}

function rateOf({ value }: KeptRate): Rate {
  const rate = readRate(value)
  if (!rate) throw new Error(`a kept rate is above zero, not ${value}`)
  return rate
}
