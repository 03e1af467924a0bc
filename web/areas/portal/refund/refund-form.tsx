import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { OrderView } from '../../../../contract/top-up.ts'
import { orderQuery, ordersKey } from '../../../api/queries.ts'
import { askRefund, refundsQuery } from '../../../api/refunds.ts'
import { useLanguage } from '../../../language/use-language.ts'
import { Button } from '../../../ui/button.tsx'
import { Card } from '../../../ui/card.tsx'
import { Field, inputClass } from '../../../ui/field.tsx'
import { formatMoney } from '../../../ui/format.ts'
import { RadioRows } from '../../../ui/radio-rows.tsx'
import { Sheet } from '../../../ui/sheet.tsx'
import { ConfirmStep } from './confirm-step.tsx'
import type { Offer } from './refund-offer.tsx'

const reasons = ['wrong-number', 'twice', 'not-needed', 'leaving', 'other'] as const
type Reason = (typeof reasons)[number]
/** With the reason before it, within what the server takes. */
const longestMore = 120

interface RefundFormProps {
  readonly order: OrderView
  readonly offer: Offer
}

/** Why, then one last question, then the order's page, where the refund is followed. */
export function RefundForm({ order, offer }: RefundFormProps) {
  const { t } = useTranslation('refund')
  const language = useLanguage()
  const [reason, setReason] = useState<Reason>('wrong-number')
  const [more, setMore] = useState('')
  const [asks, setAsks] = useState(false)
  const asking = useAsking(order.id)
  const isCredit = order.items[0]?.offer.kind !== 'package'
  const submit = (event: FormEvent) => {
    event.preventDefault()
    asking.reset()
    setAsks(true)
  }
  const said = [t(`reasons.${reason}`), more.trim()].filter((part) => part !== '').join(' · ')
  return (
    <Card>
      <form onSubmit={submit} noValidate className="space-y-5">
        <RadioRows
          label={t('reason')}
          rows={reasons.map((value) => ({
            value,
            text: t(`reasons.${value}`),
            ...(value === 'wrong-number' && isCredit && { hint: t('moveInstead') }),
          }))}
          value={reason}
          onValue={setReason}
        />
        <Field label={t('more')} hint={t('moreHint')} optional>
          {(control) => (
            <textarea
              {...control}
              rows={2}
              maxLength={longestMore}
              value={more}
              onChange={(event) => setMore(event.target.value)}
              className={`${inputClass} py-3`}
            />
          )}
        </Field>
        <Button type="submit" size="large" wide>
          {t('submit', { amount: formatMoney(offer.most, language) })}
        </Button>
      </form>
      <Sheet open={asks} onClose={() => setAsks(false)} title={t('confirmTitle')}>
        <ConfirmStep
          order={order}
          offer={offer}
          busy={asking.isPending}
          problem={asking.error}
          onKeep={() => setAsks(false)}
          // The sum that was shown, and not whatever there is by now.
          onConfirm={() => asking.mutate({ amount: offer.most, reason: said })}
        />
      </Sheet>
    </Card>
  )
}

function useAsking(id: string) {
  const queries = useQueryClient()
  const navigate = useNavigate()
  const { queryKey } = orderQuery(id)
  return useMutation({
    mutationFn: (body: Parameters<typeof askRefund>[1]) => askRefund(id, body),
    onSuccess: async () => {
      for (const key of [queryKey, ordersKey, ['my-lines'], ['line'], ['offers']]) {
        void queries.invalidateQueries({ queryKey: key })
      }
      await navigate({ to: '/orders/$id', params: { id } })
    },
    // Credit may have been spent since the sum was shown: the page shows what there is now.
    onError: () => queries.invalidateQueries({ queryKey: refundsQuery(id).queryKey }),
  })
}
