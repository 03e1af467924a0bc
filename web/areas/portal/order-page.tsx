import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { OrderItem, OrderView } from '../../../contract/top-up.ts'
import { orderQuery } from '../../api/queries.ts'
import { useLanguage } from '../../language/use-language.ts'
import { useNumberPlan } from '../../ui/brand-context.ts'
import { buttonClass } from '../../ui/button.tsx'
import { Card, Facts } from '../../ui/card.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { InstantText } from '../../ui/date-text.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { MoneyText } from '../../ui/money-text.tsx'
import { groupNumber } from '../../ui/number-plan.ts'
import { Page } from '../../ui/page.tsx'
import { OrderChip } from '../../ui/state-chip.tsx'
import { Timeline } from '../../ui/timeline.tsx'
import { orderFace, shownSteps } from './order-face.ts'

const route = getRouteApi('/orders/$id')

/** How often an order that is not final is asked for. */
const pollMilliseconds = 1500

/** The result of a payment: what happened so far, and what was bought. Polls until the order is final. */
export function OrderPage() {
  const { t } = useTranslation()
  const { id } = route.useParams()
  const order = useQuery({
    ...orderQuery(id),
    refetchInterval: ({ state }) => (state.data?.final ? false : pollMilliseconds),
  })
  return (
    <Page title={t('order.title')}>
      <Loaded query={order}>{(loaded) => <OrderResult order={loaded} />}</Loaded>
    </Page>
  )
}

function OrderResult({ order }: { readonly order: OrderView }) {
  const { t } = useTranslation(['portal', 'state'])
  const items = shownSteps(order).map(({ step, at, state }) => ({
    key: step,
    text: t(`state:step.${step}`),
    state,
    ...(at === null ? {} : { time: <InstantText at={at} show="time" /> }),
  }))
  return (
    <>
      <Card title={t('order.progress')} aside={<OrderChip state={orderFace(order)} />}>
        <Timeline label={t('order.progress')} items={items} />
      </Card>
      {order.items.map((item, at) => (
        // Items of an order are frozen when it is placed.
        // biome-ignore lint/suspicious/noArrayIndexKey: see above
        <ItemCard key={at} item={item} />
      ))}
      <Card>
        <Facts
          rows={[
            [
              t('order.number'),
              <span key="number" className="inline-flex flex-wrap items-center justify-end">
                <span className="text-sm break-all">{order.id}</span>
                <CopyButton text={order.id} what={t('order.number')} />
              </span>,
            ],
            [t('order.placedAt'), <InstantText key="placed" at={order.placedAt} />],
            [t('order.paidAmount'), <MoneyText key="paid" money={order.captured} />],
          ]}
        />
      </Card>
      <div className="grid gap-3 md:grid-cols-3">
        {order.receiptNumber !== null && (
          <Link to="/orders/$id/receipt" params={{ id: order.id }} className={buttonClass('secondary')}>
            {t('order.receipt')}
          </Link>
        )}
        <Link to="/help/contact" search={{ order: order.id }} className={buttonClass('secondary')}>
          {t('order.contact')}
        </Link>
        <Link to="/" className={buttonClass('primary')}>
          {t('order.again')}
        </Link>
      </div>
    </>
  )
}

function ItemCard({ item }: { readonly item: OrderItem }) {
  const { t } = useTranslation()
  const language = useLanguage()
  const plan = useNumberPlan()
  return (
    <Card>
      <Facts
        rows={[
          [t('order.target'), groupNumber(item.msisdn, plan)],
          [t('order.offer'), item.offer.name[language]],
          ...(item.balanceAfter
            ? [[t('order.newBalance'), <MoneyText key="balance" money={item.balanceAfter} />] as const]
            : []),
          ...(item.lastSafeDay === null ? [] : [[t('order.newDate'), item.lastSafeDay] as const]),
        ]}
      />
      <p className="mt-3 text-sm text-ink-soft">{item.validityText}</p>
    </Card>
  )
}
