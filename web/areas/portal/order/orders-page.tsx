import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { ChevronRight } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { OrderView } from '../../../../contract/top-up.ts'
import { ordersQuery } from '../../../api/queries.ts'
import { useLanguage } from '../../../language/use-language.ts'
import { useNumberPlan } from '../../../ui/brand-context.ts'
import { buttonClass } from '../../../ui/button.tsx'
import { Card } from '../../../ui/card.tsx'
import { InstantText } from '../../../ui/date-text.tsx'
import { Empty } from '../../../ui/empty.tsx'
import { Loaded } from '../../../ui/loaded.tsx'
import { MoneyText } from '../../../ui/money-text.tsx'
import { groupNumber } from '../../../ui/number-plan.ts'
import { Page } from '../../../ui/page.tsx'
import { OrderChip } from '../../../ui/state-chip.tsx'
import { Tabs } from '../../../ui/tabs.tsx'
import { orderFace } from './order-face.ts'

const filters = ['all', 'awaiting-payment', 'paid', 'credited', 'refunded'] as const
type Filter = (typeof filters)[number]

/** Held orders are on their way for the person who waits; refunds under way belong with those done. */
const shownUnder: Readonly<Record<OrderView['state'], Filter>> = {
  'awaiting-payment': 'awaiting-payment',
  paid: 'paid',
  held: 'paid',
  credited: 'credited',
  refunding: 'refunded',
  'refund-abnormal': 'refunded',
  refunded: 'refunded',
  expired: 'all',
  reversed: 'all',
}

export function OrdersPage() {
  const { t } = useTranslation(['order', 'state'])
  const orders = useQuery(ordersQuery)
  const [filter, setFilter] = useState<Filter>('all')
  const options = filters.map((value) => ({
    value,
    text: value === 'all' ? t('orders.all') : t(`state:order.${value}`),
  }))
  return (
    <Page title={t('orders.title')}>
      <Tabs label={t('orders.filter')} options={options} value={filter} onValue={setFilter} />
      <Loaded query={orders}>
        {({ orders: all }) => {
          const shown = all.filter((order) => filter === 'all' || shownUnder[order.state] === filter)
          if (shown.length === 0) {
            return <Card>{all.length > 0 ? <Empty title={t('orders.emptyFilter')} /> : <NoOrders />}</Card>
          }
          return (
            <ul className="space-y-3">
              {shown.map((order) => (
                <li key={order.id}>
                  <OrderRow order={order} />
                </li>
              ))}
            </ul>
          )
        }}
      </Loaded>
    </Page>
  )
}

function NoOrders() {
  const { t } = useTranslation('order')
  return (
    <Empty
      title={t('orders.empty')}
      hint={t('orders.emptyHint')}
      action={
        <Link to="/" className={buttonClass()}>
          {t('orders.emptyAction')}
        </Link>
      }
    />
  )
}

function OrderRow({ order }: { readonly order: OrderView }) {
  const language = useLanguage()
  const plan = useNumberPlan()
  return (
    <Link
      to="/orders/$id"
      params={{ id: order.id }}
      className="flex items-center gap-3 rounded-xl bg-surface p-4 shadow-card hover:bg-sunken"
    >
      <span className="min-w-0 flex-1">
        {order.items.map((item) => (
          <span key={`${item.msisdn} ${item.offer.name[language]}`} className="block">
            <span className="font-semibold">{groupNumber(item.msisdn, plan)}</span>{' '}
            <span className="text-ink-soft">{item.offer.name[language]}</span>
          </span>
        ))}
        <span className="mt-1 block text-sm text-ink-soft">
          <InstantText at={order.placedAt} />
        </span>
      </span>
      <span className="flex flex-col items-end gap-1">
        <span className="text-lg font-semibold">
          <MoneyText money={order.price} />
        </span>
        <OrderChip state={orderFace(order)} />
      </span>
      <ChevronRight aria-hidden className="size-5 text-ink-soft" />
    </Link>
  )
}
