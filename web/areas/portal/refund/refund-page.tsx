import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { RefundsView } from '../../../../contract/refund.ts'
import type { SessionView } from '../../../../contract/session.ts'
import type { OrderView } from '../../../../contract/top-up.ts'
import { orderQuery, sessionQuery } from '../../../api/queries.ts'
import { refundsQuery } from '../../../api/refunds.ts'
import { useLanguage } from '../../../language/use-language.ts'
import { useBrand, useNumberPlan } from '../../../ui/brand-context.ts'
import { buttonClass } from '../../../ui/button.tsx'
import { Card, Facts } from '../../../ui/card.tsx'
import { viewerZone } from '../../../ui/date-text.tsx'
import { Empty } from '../../../ui/empty.tsx'
import { formatDateTime } from '../../../ui/format.ts'
import { Loaded } from '../../../ui/loaded.tsx'
import { MoneyText } from '../../../ui/money-text.tsx'
import { groupNumber } from '../../../ui/number-plan.ts'
import { Page } from '../../../ui/page.tsx'
import { useProblemTexts } from '../../../ui/problem-notice.tsx'
import { NeedsPassword } from './needs-password.tsx'
import { RefundForm } from './refund-form.tsx'
import { RefundOffer } from './refund-offer.tsx'

const route = getRouteApi('/orders/$id/refund')

/** What of an order could go back, what that takes with it, and the request for it. */
export function RefundPage() {
  const { t } = useTranslation('refund')
  const { id } = route.useParams()
  const order = useQuery(orderQuery(id))
  const session = useQuery(sessionQuery)
  const refunds = useQuery(refundsQuery(id))
  return (
    <Page title={t('title')} lead={order.data && <WhatFor order={order.data} />}>
      <Loaded query={order}>
        {(loaded) => (
          <Loaded query={refunds}>
            {(view) => (
              <>
                <Asking order={loaded} view={view} session={session.data} />
                {view.refunds.length > 0 && <Before refunds={view.refunds} />}
              </>
            )}
          </Loaded>
        )}
      </Loaded>
    </Page>
  )
}

function WhatFor({ order }: { readonly order: OrderView }) {
  const { t } = useTranslation('refund')
  const language = useLanguage()
  const plan = useNumberPlan()
  const [item] = order.items
  return item && t('for', { number: groupNumber(item.msisdn, plan), offer: item.offer.name[language] })
}

interface AskingProps {
  readonly order: OrderView
  readonly view: RefundsView
  readonly session: SessionView | undefined
}

function Asking({ order, view, session }: AskingProps) {
  if (view.offer === null) return <NothingBack order={order} code={view.refusedCode ?? ''} />
  const mayAsk = session?.assurance === 'password' || session?.assurance === 'strong'
  return (
    <>
      <RefundOffer order={order} offer={view.offer} />
      {mayAsk && <RefundForm order={order} offer={view.offer} />}
      {session !== undefined && !mayAsk && <NeedsPassword order={order.id} session={session} />}
    </>
  )
}

/** Why nothing can go back, and where to go from here. */
function NothingBack({ order, code }: { readonly order: OrderView; readonly code: string }) {
  const { t } = useTranslation('refund')
  const texts = useProblemTexts()
  const language = useLanguage()
  const { zone: timeZone } = useBrand()
  const underWay = code === 'refund-in-progress'
  const why = () => {
    if (order.state === 'awaiting-payment' || order.state === 'expired') return t('not.unpaid')
    if (order.state !== 'held' || order.resolvesBy === null) return texts({ code }).text
    const time = formatDateTime(order.resolvesBy, { timeZone, viewerZone: viewerZone(), language })
    return t('not.held', { time })
  }
  return (
    <Card>
      <Empty
        title={t('not.title')}
        hint={why()}
        action={
          <span className="flex flex-wrap justify-center gap-3">
            <Link to="/orders/$id" params={{ id: order.id }} className={buttonClass()}>
              {t(underWay ? 'not.progress' : 'not.back')}
            </Link>
            <Link
              to="/help/contact"
              search={{ order: order.id, topic: 'refund' }}
              className={buttonClass('secondary')}
            >
              {t('contact')}
            </Link>
          </span>
        }
      />
    </Card>
  )
}

function Before({ refunds }: { readonly refunds: RefundsView['refunds'] }) {
  const { t } = useTranslation('refund')
  return (
    <Card title={t('before')}>
      <Facts
        rows={refunds.map(({ id, progress, amount }) => [
          t(`state.${progress}`),
          <MoneyText key={id} money={amount} />,
        ])}
      />
    </Card>
  )
}
