import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { OrderView } from '../../../../contract/top-up.ts'
import { orderQuery, ordersKey } from '../../../api/queries.ts'
import { cancelTopUp } from '../../../api/top-ups.ts'
import { Button } from '../../../ui/button.tsx'
import { ProblemNotice } from '../../../ui/problem-notice.tsx'
import { Sentence } from '../../../ui/sentence.tsx'

interface CancelStepProps {
  readonly order: OrderView
  /** The order stays as it is. */
  readonly onKeep: () => void
}

/** The last question before an order ends: what is lost by it, and that a payment already made is safe. */
export function CancelStep({ order, onKeep }: CancelStepProps) {
  const { t } = useTranslation('order')
  const queries = useQueryClient()
  const { queryKey } = orderQuery(order.id)
  const cancelling = useMutation({
    mutationFn: () => cancelTopUp(order.id),
    onSuccess: (ended) => {
      queries.setQueryData(queryKey, ended)
      void queries.invalidateQueries({ queryKey: ordersKey })
    },
    // A payment may have been faster: the page learns of it at once.
    onError: () => queries.invalidateQueries({ queryKey }),
  })
  return (
    <div className="space-y-5">
      <div className="space-y-2">
        <p>
          <Sentence>{t('cancel.lead')}</Sentence>
        </p>
        <p className="text-ink-soft">
          <Sentence>{t(order.transfer ? 'cancel.ifTransferred' : 'cancel.ifPaid')}</Sentence>
        </p>
      </div>
      {cancelling.isError && <ProblemNotice problem={cancelling.error} />}
      <div className="grid grid-cols-2 gap-3">
        <Button look="secondary" size="large" onClick={onKeep}>
          {t('cancel.keep')}
        </Button>
        <Button look="danger" size="large" busy={cancelling.isPending} onClick={() => cancelling.mutate()}>
          {t('cancel.confirm')}
        </Button>
      </div>
    </div>
  )
}
