import { useTranslation } from 'react-i18next'
import type { QuoteView } from '../../../../contract/quote.ts'
import { useLanguage } from '../../../language/use-language.ts'

/** Publishers whose names are read in the reader's language. */
const known = ['European Central Bank', 'Sandbox Central Bank'] as const

const isKnown = (source: string): source is (typeof known)[number] =>
  (known as readonly string[]).includes(source)

/** Parts of ten thousand as people say them: `1.5%`, `0.25%`. */
function percent(bp: number): string {
  const digits = bp.toString().padStart(3, '0')
  const fraction = digits.slice(-2).replace(/0+$/, '')
  return `${digits.slice(0, -2)}${fraction === '' ? '' : `.${fraction}`}%`
}

/** What the brand adds to the rate; null: nothing. */
export function marginText({ marginBp }: QuoteView): string | null {
  return marginBp === 0 ? null : percent(marginBp)
}

/** The rate, whose it is and of when. */
export function RateText({ quote }: { readonly quote: QuoteView }) {
  const { t } = useTranslation('purchase')
  const { price, amount, rate, rateSource, rateDate } = quote
  const name = isKnown(rateSource) ? t(`quote.sources.${rateSource}`) : rateSource
  return (
    <>
      <span className="block whitespace-nowrap">{`1 ${price.currency} = ${rate} ${amount.currency}`}</span>
      <span className="block text-sm text-ink-soft">
        {name} <span className="whitespace-nowrap">{rateDate}</span>
      </span>
    </>
  )
}

/** A currency as the reader calls it: 人民币, Chinese Yuan. */
export function useCurrencyName(): (currency: string) => string {
  const names = new Intl.DisplayNames(useLanguage(), { type: 'currency' })
  return (currency) => names.of(currency) ?? currency
}
