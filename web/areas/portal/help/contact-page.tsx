import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { OrderView } from '../../../../contract/top-up.ts'
import { accountQuery } from '../../../api/account.ts'
import { orderQuery, sessionQuery } from '../../../api/queries.ts'
import { useNumberPlan } from '../../../ui/brand-context.ts'
import { Card, Facts } from '../../../ui/card.tsx'
import { CopyButton } from '../../../ui/copy-button.tsx'
import { Loading } from '../../../ui/loading.tsx'
import { MoneyText } from '../../../ui/money-text.tsx'
import { maskNumber } from '../../../ui/number-plan.ts'
import { Page } from '../../../ui/page.tsx'
import { CaseForm } from './case-form.tsx'
import { HotlineCard } from './hotline-card.tsx'
import { MyCases } from './my-cases.tsx'

const route = getRouteApi('/help/contact')

/** Hotline, form and what was asked before. Who comes from an order brings it along: nobody types an order number. */
export function ContactPage() {
  const { t } = useTranslation('help')
  const { order: id, topic } = route.useSearch()
  const order = useQuery({ ...orderQuery(id ?? ''), enabled: id !== undefined, retry: false })
  const session = useQuery(sessionQuery)
  const isLogIn = session.data?.kind === 'login'
  const account = useQuery({ ...accountQuery, enabled: isLogIn, retry: false })
  const own = order.data ?? null
  const isReady = !session.isPending && !(isLogIn && account.isPending) && !(id && order.isPending)
  return (
    <Page title={t('contact.title')} lead={t('contact.lead')}>
      {id !== undefined && <OrderCard id={id} order={own} />}
      <HotlineCard order={id} />
      <Card title={t('form.title')}>
        {isReady ? (
          <CaseForm
            key={own?.id ?? ''}
            order={own}
            account={account.data ?? null}
            isLogIn={isLogIn}
            topic={topic ?? 'top-up'}
          />
        ) : (
          <Loading />
        )}
      </Card>
      {session.data !== undefined && session.data.kind !== 'none' && <MyCases />}
    </Page>
  )
}

/** The order as it will be told to us; of one that is not the visitor's own, only the number they came with. */
function OrderCard({ id, order }: { readonly id: string; readonly order: OrderView | null }) {
  const { t } = useTranslation('help')
  const plan = useNumberPlan()
  const item = order?.items[0]
  return (
    <Card title={t('contact.order')}>
      <p className="text-sm text-ink-soft">{t('contact.number')}</p>
      <p className="flex flex-wrap items-center justify-between gap-x-2">
        {order ? <OrderLink id={id} /> : <span className="break-all">{id}</span>}
        <CopyButton text={id} what={t('contact.number')} />
      </p>
      {order && item && (
        <div className="mt-2 border-t border-hairline pt-3">
          <Facts
            rows={[
              [t('contact.phone'), maskNumber(item.msisdn, plan)],
              [t('contact.amount'), <MoneyText key="money" money={order.price} />],
            ]}
          />
        </div>
      )}
    </Card>
  )
}

function OrderLink({ id }: { readonly id: string }) {
  return (
    <Link
      to="/orders/$id"
      params={{ id }}
      className="inline-flex min-h-target items-center break-all text-brand-ink underline"
    >
      {id}
    </Link>
  )
}
