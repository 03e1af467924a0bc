import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { OrderView } from '../../../../contract/top-up.ts'
import { orderQuery, ordersKey } from '../../../api/queries.ts'
import { recallTopUp } from '../../../api/top-ups.ts'
import { useLanguage } from '../../../language/use-language.ts'
import { useNumberPlan } from '../../../ui/brand-context.ts'
import { Button } from '../../../ui/button.tsx'
import { formatCountdown, moneyPhrase } from '../../../ui/format.ts'
import { groupNumber } from '../../../ui/number-plan.ts'
import { ProblemNotice } from '../../../ui/problem-notice.tsx'
import { Sentence } from '../../../ui/sentence.tsx'
import { Sheet } from '../../../ui/sheet.tsx'
import { useSecondsLeft } from '../../../ui/use-seconds-left.ts'

/** The number once more, as large as it goes, while a payment for it can still be taken back. */
export function RecallActions({ order }: { readonly order: OrderView }) {
  const { t } = useTranslation('order')
  const plan = useNumberPlan()
  const left = useSecondsLeft(order.resolvesBy === null ? null : Date.parse(order.resolvesBy)) ?? 0
  const [asking, setAsking] = useState(false)
  return (
    <>
      <div className="rounded-lg bg-sunken px-4 py-4">
        <dl>
          <dt className="text-sm text-ink-soft">{t('order.target')}</dt>
          {order.items.map((item) => (
            <dd key={item.msisdn} className="text-3xl font-semibold whitespace-nowrap tabular-nums">
              {groupNumber(item.msisdn, plan)}
            </dd>
          ))}
        </dl>
        <p role="timer" aria-live="off" className="mt-2 text-ink-soft tabular-nums">
          <Sentence>
            {left === 0 ? t('recall.now') : t('recall.left', { time: formatCountdown(left) })}
          </Sentence>
        </p>
      </div>
      {left > 0 && (
        <Button look="secondary" size="large" wide className="mt-4" onClick={() => setAsking(true)}>
          {t('recall.open')}
        </Button>
      )}
      <Sheet open={asking && left > 0} onClose={() => setAsking(false)} title={t('recall.title')}>
        {asking && <RecallStep order={order} onKeep={() => setAsking(false)} />}
      </Sheet>
    </>
  )
}

/** The last question: what goes back, and that nothing is credited. */
function RecallStep({ order, onKeep }: { readonly order: OrderView; readonly onKeep: () => void }) {
  const { t } = useTranslation('order')
  const language = useLanguage()
  const plan = useNumberPlan()
  const queries = useQueryClient()
  const { queryKey } = orderQuery(order.id)
  const recalling = useMutation({
    mutationFn: () => recallTopUp(order.id),
    onSuccess: (recalled) => {
      queries.setQueryData(queryKey, recalled)
      void queries.invalidateQueries({ queryKey: ordersKey })
    },
    // It may have been credited meanwhile: the page learns of it at once.
    onError: () => queries.invalidateQueries({ queryKey }),
  })
  const [item] = order.items
  return (
    <div className="space-y-5">
      <p>
        <Sentence>
          {t('recall.lead', {
            amount: moneyPhrase(order.captured, language),
            number: item === undefined ? '' : groupNumber(item.msisdn, plan),
          })}
        </Sentence>
      </p>
      {recalling.isError && <ProblemNotice problem={recalling.error} />}
      <div className="grid grid-cols-2 gap-3">
        <Button look="secondary" size="large" onClick={onKeep}>
          {t('recall.keep')}
        </Button>
        <Button look="danger" size="large" busy={recalling.isPending} onClick={() => recalling.mutate()}>
          {t('recall.confirm')}
        </Button>
      </div>
    </div>
  )
}
