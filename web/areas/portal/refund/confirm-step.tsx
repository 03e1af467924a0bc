import { useTranslation } from 'react-i18next'
import type { OrderView } from '../../../../contract/top-up.ts'
import { useLanguage } from '../../../language/use-language.ts'
import { Button } from '../../../ui/button.tsx'
import { moneyPhrase } from '../../../ui/format.ts'
import { ProblemNotice } from '../../../ui/problem-notice.tsx'
import { Sentence } from '../../../ui/sentence.tsx'
import { useMethodName } from '../order/use-method-name.ts'
import type { Offer } from './refund-offer.tsx'

interface ConfirmStepProps {
  readonly order: OrderView
  readonly offer: Offer
  readonly busy: boolean
  /** Why the last try did not go through; null when there was none. */
  readonly problem: unknown
  readonly onKeep: () => void
  readonly onConfirm: () => void
}

/** The last question before credit leaves a number: the sum, the way it goes, and what it costs in days. */
export function ConfirmStep({ order, offer, busy, problem, onKeep, onConfirm }: ConfirmStepProps) {
  const { t } = useTranslation('refund')
  const language = useLanguage()
  const methodName = useMethodName()
  const { lastSafeDayBefore: before, lastSafeDay: after } = offer
  const amount = moneyPhrase(offer.most, language)
  const rail = methodName(order.provider ?? '')
  const taken = order.items[0]?.offer.kind === 'package' ? t('confirmPackage') : t('confirmTaken')
  return (
    <div className="space-y-5">
      <div className="space-y-2">
        <p>
          <Sentence>
            {offer.paidBack
              ? t('confirmLeadPaidBack', { amount, paidBack: moneyPhrase(offer.paidBack, language), rail })
              : t('confirmLead', { amount, rail })}
          </Sentence>
        </p>
        {before !== null && after !== null && before !== after && (
          <p className="font-medium">
            <Sentence>{t('confirmDate', { before, after })}</Sentence>
          </p>
        )}
        <p className="text-ink-soft">
          <Sentence>{offer.looked ? t('confirmLooked') : taken}</Sentence>
        </p>
      </div>
      {problem !== null && <ProblemNotice problem={problem} />}
      <div className="grid grid-cols-2 gap-3">
        <Button look="secondary" size="large" onClick={onKeep}>
          {t('keep')}
        </Button>
        <Button size="large" busy={busy} onClick={onConfirm}>
          {t('confirm')}
        </Button>
      </div>
    </div>
  )
}
