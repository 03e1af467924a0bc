import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { RefundView } from '../../../../contract/refund.ts'
import type { OrderView } from '../../../../contract/top-up.ts'
import { buttonClass } from '../../../ui/button.tsx'
import { Card } from '../../../ui/card.tsx'
import { InstantText } from '../../../ui/date-text.tsx'
import { MoneyText } from '../../../ui/money-text.tsx'
import { useProblemTexts } from '../../../ui/problem-notice.tsx'
import { Sentence } from '../../../ui/sentence.tsx'
import { Timeline } from '../../../ui/timeline.tsx'
import { useMethodName } from '../order/use-method-name.ts'
import { refundSteps } from './refund-steps.ts'

/** What waits for a person, or ended without money: there is somebody to ask. */
const asksForHelp: readonly RefundView['progress'][] = ['waiting', 'delayed', 'declined', 'refused']

/** How the refund of an order stands that its payer asked for: each step with its time, and what comes of it. */
export function RefundCard({ order, refund }: { readonly order: OrderView; readonly refund: RefundView }) {
  const { t } = useTranslation(['refund', 'order'])
  const methodName = useMethodName()
  const rail = methodName(order.provider ?? '')
  const items = refundSteps(refund).map(({ step, at, state }) => ({
    key: step,
    text: t(`step.${step}`, { rail }),
    state,
    ...(at !== null && { time: <InstantText at={at} /> }),
  }))
  return (
    <Card
      title={t('progress')}
      aside={
        <span className="text-right text-lg font-semibold">
          <MoneyText money={refund.amount} />
          {refund.paidBack && (
            <span className="block text-sm font-normal text-ink-soft">
              <MoneyText money={refund.paidBack} />
            </span>
          )}
        </span>
      }
    >
      <Timeline label={t('progress')} items={items} />
      <p className="mt-4 rounded-lg bg-sunken px-4 py-3 text-sm text-ink-soft">
        <Note refund={refund} rail={rail} />
      </p>
      {asksForHelp.includes(refund.progress) && (
        <Link
          to="/help/contact"
          search={{ order: order.id, topic: 'refund' }}
          className={`${buttonClass('secondary', 'normal', true)} mt-4`}
        >
          {t('contact')}
        </Link>
      )}
    </Card>
  )
}

/** What it means for the money, and whether there is anything to do. */
function Note({ refund, rail }: { readonly refund: RefundView; readonly rail: string }) {
  const { t } = useTranslation('refund')
  const texts = useProblemTexts()
  const why = refund.refusedCode === null ? '' : texts({ code: refund.refusedCode }).text
  return <Sentence>{t(`note.${refund.progress}`, { rail, why })}</Sentence>
}
