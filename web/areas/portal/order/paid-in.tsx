import { useTranslation } from 'react-i18next'
import type { PaidInView } from '../../../../contract/quote.ts'
import type { Fact } from '../../../ui/card.tsx'
import { MoneyText } from '../../../ui/money-text.tsx'
import { marginText, RateText } from '../payment/quote-words.tsx'

const none = { paid: [], refunded: [] } as const

/** What was charged in another currency than the order's, by what rate, and what of it has returned. */
export function usePaidIn(paidIn: PaidInView | undefined): {
  readonly paid: readonly Fact[]
  readonly refunded: readonly Fact[]
} {
  const { t } = useTranslation('order')
  if (paidIn === undefined) return none
  const { captured, refunded, quote } = paidIn
  const percent = marginText(quote)
  const rate = (
    <>
      <RateText quote={quote} />
      {percent !== null && (
        <span className="block text-sm text-ink-soft">{t('paidIn.margin', { percent })}</span>
      )}
    </>
  )
  return {
    paid: [
      [t('paidIn.paid'), <MoneyText key="paid" money={captured} />],
      [t('paidIn.rate'), rate],
    ],
    refunded:
      BigInt(refunded.amountMinor) === 0n
        ? []
        : [[t('paidIn.refunded'), <MoneyText key="back" money={refunded} />]],
  }
}
