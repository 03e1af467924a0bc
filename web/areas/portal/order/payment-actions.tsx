import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { OrderView } from '../../../../contract/top-up.ts'
import { orderQuery } from '../../../api/queries.ts'
import { tellReturned } from '../../../api/top-ups.ts'
import { onDemand } from '../../../language/on-demand.tsx'
import { Button, buttonClass } from '../../../ui/button.tsx'
import { Loading } from '../../../ui/loading.tsx'
import { ProblemNotice } from '../../../ui/problem-notice.tsx'
import { Sheet } from '../../../ui/sheet.tsx'
import { CancelStep } from './cancel-step.tsx'

const cashier = onDemand({
  texts: 'purchase',
  load: async () => (await import('../payment/cashier.tsx')).Cashier,
  Waiting: Loading,
})

/** What is asked in the sheet. */
type Step = 'none' | 'trouble' | 'cashier' | 'cancel'

interface PaymentActionsProps {
  readonly order: OrderView
  /** A wallet was opened, and nobody knows yet how that ended. */
  readonly checking: boolean
}

/** What a person can do about an order that awaits payment. */
export function PaymentActions({ order, checking }: PaymentActionsProps) {
  const { t } = useTranslation('order')
  const navigate = useNavigate()
  const [sheet, setSheet] = useState<Step>('none')
  const titles = { none: '', trouble: t('back.title'), cashier: t('order.pay'), cancel: t('cancel.title') }
  return (
    <>
      {checking ? (
        <BackFromWallet order={order} onTrouble={() => setSheet('trouble')} />
      ) : (
        <Button
          size="large"
          wide
          {...(order.transfer && { look: 'secondary' as const })}
          onClick={() => setSheet('cashier')}
        >
          {t(order.transfer ? 'order.otherWay' : 'order.pay')}
        </Button>
      )}
      <Button look="quiet" className="mt-3" onClick={() => setSheet('cancel')}>
        {t('cancel.open')}
      </Button>
      <Sheet open={sheet !== 'none'} onClose={() => setSheet('none')} title={titles[sheet]}>
        {sheet === 'cashier' && (
          <cashier.Component order={order} onAgain={() => void navigate({ to: '/' })} />
        )}
        {sheet === 'trouble' && <Trouble order={order} onResume={() => setSheet('cashier')} />}
        {sheet === 'cancel' && <CancelStep order={order} onKeep={() => setSheet('none')} />}
      </Sheet>
    </>
  )
}

/** Both answers are taken, neither is believed: the provider is asked. */
function BackFromWallet({ order, onTrouble }: { readonly order: OrderView; readonly onTrouble: () => void }) {
  const { t } = useTranslation('order')
  const queries = useQueryClient()
  const asking = useMutation({
    mutationFn: () => tellReturned(order.id),
    onSettled: () => queries.invalidateQueries({ queryKey: orderQuery(order.id).queryKey }),
  })
  return (
    <div className="space-y-3">
      <div className="grid grid-cols-2 gap-3">
        <Button look="secondary" onClick={onTrouble}>
          {t('back.trouble')}
        </Button>
        <Button busy={asking.isPending} onClick={() => asking.mutate()}>
          {t('back.done')}
        </Button>
      </div>
      {asking.isError && <ProblemNotice problem={asking.error} />}
    </div>
  )
}

/** The two cases a person may be in, and what each means for the money. */
function Trouble({ order, onResume }: { readonly order: OrderView; readonly onResume: () => void }) {
  const { t } = useTranslation('order')
  return (
    <div className="space-y-5">
      {(['taken', 'notYet'] as const).map((it) => (
        <div key={it}>
          <p className="font-medium">{t(`back.${it}`)}</p>
          <p className="text-ink-soft">{t(`back.${it}Text`)}</p>
        </div>
      ))}
      <div className="grid grid-cols-2 gap-3">
        <Link to="/help/contact" search={{ order: order.id }} className={buttonClass('secondary', 'large')}>
          {t('order.contact')}
        </Link>
        <Button size="large" onClick={onResume}>
          {t('back.resume')}
        </Button>
      </div>
    </div>
  )
}
