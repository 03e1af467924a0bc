import { useTranslation } from 'react-i18next'
import type { MoneyWire } from '../../../../contract/money.ts'
import type { RefundsView } from '../../../../contract/refund.ts'
import type { OrderView } from '../../../../contract/top-up.ts'
import { useLanguage } from '../../../language/use-language.ts'
import { BeforeAfter } from '../../../ui/before-after.tsx'
import { Card, type Fact, Facts } from '../../../ui/card.tsx'
import { DateText } from '../../../ui/date-text.tsx'
import { moneyPhrase } from '../../../ui/format.ts'
import { MoneyText } from '../../../ui/money-text.tsx'
import { Sentence } from '../../../ui/sentence.tsx'
import { useMethodName } from '../order/use-method-name.ts'

export type Offer = NonNullable<RefundsView['offer']>

interface RefundOfferProps {
  readonly order: OrderView
  readonly offer: Offer
}

/** The sum, why it is that sum, and all that leaves the number for it. */
export function RefundOffer({ order, offer }: RefundOfferProps) {
  const { t } = useTranslation('refund')
  const language = useLanguage()
  const ofPackage = order.items[0]?.offer.kind === 'package'
  const why = ofPackage ? t('why.package') : t('why.credit', { credit: moneyPhrase(offer.credit, language) })
  return (
    <Card>
      <div className="text-center">
        <p className="text-ink-soft">{t('amount')}</p>
        <div>
          <MoneyText money={offer.most} size="large" />
        </div>
        <p className="phrased mx-auto mt-1 max-w-96 text-sm text-ink-soft">
          <Sentence>{why}</Sentence>
        </p>
      </div>
      <h2 className="mt-6 mb-3 font-semibold">{t('takes')}</h2>
      <Facts rows={useRows(order, offer, ofPackage)} />
      {offer.looked && (
        <p className="mt-4 rounded-lg border border-info-line bg-info-soft px-4 py-3 text-sm text-info-ink">
          <Sentence>{t('looked')}</Sentence>
        </p>
      )}
    </Card>
  )
}

/** An order paid in another currency goes back in that. */
function PaidBack({ money }: { readonly money: MoneyWire }) {
  const { t } = useTranslation('refund')
  return (
    <>
      <MoneyText money={money} />
      <span className="block text-sm text-ink-soft">{t('paidBackAt')}</span>
    </>
  )
}

function useRows(order: OrderView, offer: Offer, ofPackage: boolean): readonly Fact[] {
  const { t } = useTranslation('refund')
  const methodName = useMethodName()
  const sumIfAny = (name: string, money: MoneyWire): readonly Fact[] =>
    BigInt(money.amountMinor) === 0n ? [] : [[name, <MoneyText key={name} money={money} />]]
  const { lastSafeDayBefore: before, lastSafeDay: after } = offer
  const date: readonly Fact[] =
    before === null || after === null
      ? []
      : [
          [
            t('date'),
            before === after ? (
              t('sameDate', { date: after })
            ) : (
              <BeforeAfter key="date" before={<DateText date={before} />} after={<DateText date={after} />} />
            ),
          ],
        ]
  return [
    [t('to'), t('backTo', { rail: methodName(order.provider ?? '') })],
    ...(offer.paidBack
      ? [[t('paidBack'), <PaidBack key="paid-back" money={offer.paidBack} />] as const]
      : []),
    ...(ofPackage ? [[t('package'), t('packageWhole')] as const] : []),
    ...sumIfAny(t('credit'), offer.credit),
    ...sumIfAny(t('bonus'), offer.bonus),
    ...date,
  ]
}
