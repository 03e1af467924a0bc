import { useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { type ReactNode, useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import type { OrderView } from '../../../../contract/top-up.ts'
import { returnedQuery, sessionQuery } from '../../../api/queries.ts'
import { browserKind } from '../../../device/browser-kind.ts'
import { noteCredited } from '../../../device/known-numbers.ts'
import { onDemand } from '../../../language/on-demand.tsx'
import { Card } from '../../../ui/card.tsx'
import { InstantText } from '../../../ui/date-text.tsx'
import { Loaded } from '../../../ui/loaded.tsx'
import { Loading } from '../../../ui/loading.tsx'
import { Page } from '../../../ui/page.tsx'
import { OrderChip } from '../../../ui/state-chip.tsx'
import { Timeline } from '../../../ui/timeline.tsx'
import { useSecondsLeft } from '../../../ui/use-seconds-left.ts'
import { useOrder } from '../payment/use-order.ts'
import { RefundCard } from '../refund/refund-card.tsx'
import { JoinCard } from './join-card.tsx'
import { OrderActions } from './order-actions.tsx'
import { orderFace, type ShownStep, shownSteps } from './order-face.ts'
import { OrderFacts } from './order-facts.tsx'
import { OrderHead } from './order-head.tsx'
import { type Chapter, chapterOf } from './order-story.ts'
import { PaymentActions } from './payment-actions.tsx'
import { RecallActions } from './recall-actions.tsx'
import { WeChatLaunch } from './wechat-launch.tsx'

const route = getRouteApi('/orders/$id')

const transfer = onDemand({
  texts: 'transfer',
  load: async () => (await import('../transfer/transfer-card.tsx')).TransferCard,
  Waiting: Loading,
})

/** What the address may tell: that the payer is back, or what WeChat sent the browser back with. */
export interface OrderSearch {
  readonly returned?: '1'
  readonly code?: string
  readonly state?: string
}

/** The result of a payment: how it stands, what happened so far, what was bought. Kept up to date until nothing more will come. */
export function OrderPage() {
  const { t } = useTranslation('order')
  const { id } = route.useParams()
  const returned = route.useSearch().returned === '1'
  // Said once for each coming back; the answer is in the order itself.
  useQuery({ ...returnedQuery(id), enabled: returned })
  const order = useOrder(id)
  useCreditedNews(order.data)
  return (
    <Page title={t('order.title')}>
      <Loaded query={order}>{(loaded) => <OrderResult order={loaded} returned={returned} />}</Loaded>
    </Page>
  )
}

/** Once credited, the number is known on this device, and what was read of it before is out of date. */
function useCreditedNews(order: OrderView | undefined): void {
  const queries = useQueryClient()
  const credited = order?.state === 'credited' ? order.id : undefined
  useEffect(() => {
    if (credited === undefined) return
    noteCredited(credited)
    for (const name of ['line', 'my-lines', 'offers', 'orders']) {
      void queries.invalidateQueries({ queryKey: [name] })
    }
  }, [queries, credited])
}

function OrderResult({ order, returned }: { readonly order: OrderView; readonly returned: boolean }) {
  const left = useSecondsLeft(order.resolvesBy === null ? null : Date.parse(order.resolvesBy))
  const chapter = chapterOf(order, returned, left === 0)
  const checking = chapter === 'checking' || chapter === 'late'
  const session = useQuery(sessionQuery)
  const asGuest = chapter === 'credited' && session.data?.kind === 'guest'
  return (
    <>
      <OrderHead order={order} chapter={chapter}>
        {actsOf(order, chapter, checking)}
      </OrderHead>
      {order.transfer && <transfer.Component transfer={order.transfer} />}
      {order.refund && <RefundCard order={order} refund={order.refund} />}
      <Progress order={order} checking={checking} />
      <OrderFacts order={order} />
      {asGuest && <JoinCard />}
      <OrderActions order={order} />
    </>
  )
}

function ToPay({ order, checking }: { readonly order: OrderView; readonly checking: boolean }) {
  const { code, state } = route.useSearch()
  return code !== undefined && state !== undefined && browserKind() === 'inside-wechat' ? (
    <WeChatLaunch order={order} authorisation={{ code, state }} />
  ) : (
    <PaymentActions order={order} checking={checking} />
  )
}

/** What its payer can do about it at this point. */
function actsOf(order: OrderView, chapter: Chapter, checking: boolean): ReactNode {
  if (order.state === 'awaiting-payment') return <ToPay order={order} checking={checking} />
  return chapter === 'recallable' ? <RecallActions order={order} /> : undefined
}

/** What happened and what is still to come, each with its time; the date too where it is another day. */
function Progress({ order, checking }: { readonly order: OrderView; readonly checking: boolean }) {
  const { t } = useTranslation(['order', 'state'])
  const dayOf = (at: string) => Math.floor(Date.parse(at) / 86_400_000)
  // What has not come true is not told as if it had.
  const ahead = (step: ShownStep['step']) => {
    if (step === 'paid')
      return t(checking ? 'ahead.checking' : order.transfer ? 'ahead.transfer' : 'ahead.paid')
    return step === 'credited' || step === 'restored' || step === 'notified'
      ? t(`ahead.${step}`)
      : t(`state:step.${step}`)
  }
  const items = shownSteps(order).map(({ step, at, state }) => ({
    key: step,
    text: at === null ? ahead(step) : t(`state:step.${step}`),
    // A transfer takes days: nothing turns meanwhile.
    state: order.transfer && state === 'now' ? ('waiting' as const) : state,
    ...(at !== null && {
      time: <InstantText at={at} show={dayOf(at) === dayOf(order.placedAt) ? 'time' : 'date-and-time'} />,
    }),
  }))
  return (
    // Who has just paid is not told that payment is awaited.
    <Card title={t('order.progress')} aside={!checking && <OrderChip state={orderFace(order)} />}>
      <Timeline label={t('order.progress')} items={items} />
    </Card>
  )
}
